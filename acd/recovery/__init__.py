"""Taking up what lives on the PBX, after our own restart or another process'."""
