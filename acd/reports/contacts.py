"""What customers went through in several contacts: whether they had to return."""

import msgspec

RESOLVED_WITHIN = 7
"""Days without another contact after which a matter counts as settled, if nothing is said."""
MOST_DAYS_AFTER = 90


class Resolution(msgspec.Struct, frozen=True):
    """First contact resolution of one group of queues."""

    group: str
    closed: int
    """Contacts that were in one of its queues and are over, of customers who can be recognised."""
    followed: int
    """Those of them after which the same customer came to the same group again within the days."""
    young: int
    """Those of them that ended less than those days ago: somebody may yet come again."""
    unknown: int
    """Contacts of callers without a number and a customer; in none of the others."""

    declared: int = 0
    """Contacts that were in one of its queues and are over, of which an agent has said whether all is settled."""
    solved: int = 0
    """Those of them of which the last one who said so has said yes."""

    @property
    def share(self) -> float | None:
        """1 - followed / closed."""
        return 1 - self.followed / self.closed if self.closed else None

    @property
    def declared_share(self) -> float | None:
        """Solved / declared: what agents say, beside what customers do."""
        return self.solved / self.declared if self.declared else None
