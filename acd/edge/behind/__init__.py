"""What stands behind a report's figures, row by row: stays in queues, contacts, and what went into agents' time."""
