"""People at real browsers: a newcomer's first minute, and agents whose browser is their telephone."""
