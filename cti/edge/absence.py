"""What is written in the log while a link is down: that it is, and then that it is up again."""

import time

import structlog

from cti.model import NodeName

_log = structlog.get_logger()


class Absence:
    """The absences of one link; `link` names it (`ARI`)."""

    def __init__(self, link: str, node: NodeName) -> None:
        self._link = link
        self._log = _log.bind(node=node)
        self._since: float | None = None

    def goes_on(self, reason: str) -> bool:
        """The link was lost, or could not be made; whether that is news."""
        if self._since is not None:
            self._log.debug(f"{self._link} still not connected", reason=reason)
            return False
        self._since = time.monotonic()
        self._log.warning(f"{self._link} not connected", reason=reason)
        return True

    def ends(self, **details: str | int) -> None:
        """The link is up."""
        if self._since is not None:
            details["away"] = f"{time.monotonic() - self._since:.1f} s"
        self._since = None
        self._log.info(f"{self._link} connected", **details)
