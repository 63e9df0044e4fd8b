"""The centre itself: queues, agents, reservations, wrap-up, figures."""
