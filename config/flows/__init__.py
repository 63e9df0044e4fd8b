"""`callwright flow ...`: what helps those who write flows."""
