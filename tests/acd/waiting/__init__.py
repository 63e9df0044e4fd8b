"""What callers hear and may do while they wait."""
