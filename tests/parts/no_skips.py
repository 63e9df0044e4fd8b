"""A test that is skipped proves nothing, so it fails: a missing part must never look like a passed test."""

from collections.abc import Generator
from typing import TypeVar

import pytest

R = TypeVar("R", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """For a test, or what a fixture of it does."""
    return _failed((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """For a whole module."""
    return _failed((yield))


def _failed(report: R) -> R:
    if report.skipped:
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)  # else the session's exit status would still be 0
        report.longrepr = f"{report.nodeid} was skipped, which counts as a failure here: {why}"
    return report
