"""The I/O of `agent_desktop`: everything here may touch sockets, files and the clock."""
