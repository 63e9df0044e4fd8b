"""A flow as a picture that somebody can read who has never seen its file."""
