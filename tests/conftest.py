"""Fixtures that all tests may use, and what holds for all of them."""

pytest_plugins = ["tests.parts.fixtures", "tests.parts.no_skips", "tests.parts.postgres"]
