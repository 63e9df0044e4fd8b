"""The telephone side: what the PBX says and is told, in Callwright's own few words."""
