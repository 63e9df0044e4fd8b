"""What agents and supervisors see, over one WebSocket per browser."""
