"""What can be typed after `callwright`, a module for each kind of work."""
