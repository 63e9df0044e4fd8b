"""The demo company: a centre on the embedded PBX with agents who work by themselves and callers who keep coming."""
