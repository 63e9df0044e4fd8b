"""Tests of the embedded PBX."""
