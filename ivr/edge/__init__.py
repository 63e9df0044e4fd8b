"""The I/O of `ivr`: everything here may touch sockets, files and the clock."""
