"""A day on a virtual clock: the real brain, with callers, agents and a PBX that are only told of."""
