"""From a telephone through the PBX and the brain to the agent's screen, and back."""
