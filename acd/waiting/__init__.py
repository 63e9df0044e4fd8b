"""What a caller hears and may do while he waits, and when he waits no more: announcements, keys, rules, estimates."""
