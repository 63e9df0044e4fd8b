"""Values and prompts as words, by language."""
