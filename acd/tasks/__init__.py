"""Work that nobody is on the line for: messages that callers have left."""
