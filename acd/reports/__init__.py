"""Figures of the past: everything of docs/figures.md, derived from the stored intervals and from nothing else."""
