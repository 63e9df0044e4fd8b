"""Agents at work, and what they and their supervisors may ask for."""
