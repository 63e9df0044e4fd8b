"""Files that people write: every value with its place, and told what is wrong."""
