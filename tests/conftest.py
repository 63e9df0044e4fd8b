"""Fixtures that all tests may use, and what holds for all of them."""

from hypothesis import settings

pytest_plugins = ["tests.parts.fixtures", "tests.parts.no_skips", "tests.parts.postgres"]

# No example has a deadline: the machine is not ours alone, and a pause of its own says nothing of our code.
settings.register_profile("unhurried", settings.default, deadline=None)
settings.load_profile("unhurried")
