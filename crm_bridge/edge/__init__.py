"""The I/O of `crm_bridge`: everything here may touch sockets, files and the clock."""
