"""Fixtures that all tests may use."""

pytest_plugins = ["tests.parts.fixtures", "tests.parts.postgres"]
