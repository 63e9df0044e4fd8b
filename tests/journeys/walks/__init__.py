"""Dialogues of the files, walked through by callers with real telephones."""
