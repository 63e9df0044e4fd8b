"""Fixtures that all tests may use, and what holds for all of them."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

pytest_plugins = ["tests.parts.fixtures", "tests.parts.no_skips", "tests.parts.postgres"]

# No example has a deadline: the machine is not ours alone, and a pause of its own says nothing of our code.
settings.register_profile("unhurried", settings.default, deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command under test sets up its logs, and writes to what is closed when the test is over."""
    root = logging.getLogger()
    handlers, level, configured = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**configured)
