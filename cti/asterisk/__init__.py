"""Asterisk's own words (ARI's JSON, AMI's headers) to and from ours. Pure: bytes and values in, values and bytes
out."""
