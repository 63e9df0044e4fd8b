"""The kinds of node that a flow can be made of, one to a file: what a file may say of it, where it leads, what it says."""
