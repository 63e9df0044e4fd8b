"""The I/O of `acd`: everything here may touch sockets, files and the clock."""
