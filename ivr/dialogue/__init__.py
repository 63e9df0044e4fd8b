"""One caller in one flow: the machine, where it can be, and what it wants done."""
