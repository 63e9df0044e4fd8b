"""Who gets the call, and why."""
