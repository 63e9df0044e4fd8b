"""The I/O of `cti`: everything here may touch sockets, files and the clock."""
