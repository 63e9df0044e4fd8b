"""Values and prompts as words and sounds, by language."""
