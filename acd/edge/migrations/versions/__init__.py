"""One file per change of the schema. A released one is never edited: the next change gets a file of its own."""
