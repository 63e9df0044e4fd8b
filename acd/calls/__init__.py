"""One caller's way through the centre, from his arrival to the last line in the books."""
