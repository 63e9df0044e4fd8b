"""Measures Callwright: `make bench` prints every figure that docs/benchmarks.md lists."""
