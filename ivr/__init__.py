"""The dialogue with the caller: menus, questions, prompts, self-service."""
