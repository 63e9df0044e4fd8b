"""Dialogues that somebody has written down, run through their flows on a virtual clock: no PBX, no CRM, no voice."""
