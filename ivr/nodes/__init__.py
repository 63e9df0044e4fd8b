"""The kinds of node that a flow can be made of, one to a module: its settings, where it leads, what it says."""
