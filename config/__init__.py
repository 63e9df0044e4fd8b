"""The wiring and the settings: builds the parts, joins them and holds the command line."""

__version__ = "0.1.0"
