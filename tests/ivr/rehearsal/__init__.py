"""Dialogues that are written down."""
