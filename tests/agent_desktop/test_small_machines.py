"""Lock-out, presence, backlog: small machines that take the time as an argument."""

from hypothesis import given
from hypothesis import strategies as st

from acd.model import AgentId
from agent_desktop.backlog import LONGEST, MOST_BYTES, Backlog
from agent_desktop.lockout import Limits, LockOut
from agent_desktop.presence import GRACE, Presence
from agent_desktop.text import clean, clean_url

ANNA = AgentId("anna")


def test_failures_cost_more_and_more() -> None:
    """Five are free, then 1, 2, 4 seconds, never more than the longest."""
    locks = LockOut(Limits())
    waits = []
    for _ in range(18):
        locks.failed("anna", "anna", 100.0)
        waits.append(locks.seconds_left("anna", 100.0))
    assert waits[:8] == [0, 0, 0, 0, 0, 1, 2, 4]
    assert waits[-1] == 900.0
    assert locks.seconds_left("anna", 1000.0) == 0.0
    assert locks.seconds_left("ben", 100.0) == 0.0


def test_the_right_password_and_time_forgive() -> None:
    """Otherwise a year of typing errors would lock everybody out."""
    locks = LockOut(Limits(free=1, memory=60.0))
    locks.failed("anna", "anna", 0.0)
    locks.failed("anna", "anna", 0.0)
    locks.forgive("anna", "anna")
    locks.failed("anna", "anna", 0.0)
    assert locks.seconds_left("anna", 0.0) == 0.0
    locks.failed("anna", "anna", 61.0)
    assert locks.seconds_left("anna", 61.0) == 0.0
    locks.forgive("nobody", "anna")


def test_only_ones_own_failures_are_forgiven() -> None:
    """Of an address that is shared by many; those with a made-up name never."""
    locks = LockOut(Limits(free=2))
    for whose in ("anna", "ben", "ben", ""):
        locks.failed("here", whose, 0.0)
    locks.forgive("here", "ben")
    locks.forgive("here", "chloe")
    locks.failed("here", "anna", 100.0)
    assert locks.seconds_left("here", 100.0) == 1.0


def test_a_flood_of_names_takes_bounded_memory() -> None:
    """The longest untouched is forgotten first."""
    locks = LockOut(Limits(free=0, most_keys=2))
    for name in ("a", "b", "c"):
        locks.failed(name, name, 0.0)
    assert [locks.seconds_left(name, 0.0) > 0 for name in "abc"] == [False, True, True]


def test_a_reload_is_no_absence() -> None:
    """Back within the grace: nobody is told."""
    presence = Presence()
    assert presence.came(ANNA)
    presence.left(ANNA, 100.0)
    assert presence.overdue(100.0 + GRACE - 0.1) == []
    assert presence.came(ANNA)
    assert presence.overdue(200.0) == []


def test_the_last_screen_counts() -> None:
    """One of two browsers may go; told once when both are gone."""
    presence = Presence()
    assert presence.came(ANNA)
    assert not presence.came(ANNA)
    presence.left(ANNA, 100.0)
    assert presence.overdue(200.0) == []
    presence.left(ANNA, 200.0)
    assert presence.overdue(200.0 + GRACE) == [ANNA]
    assert presence.overdue(300.0) == []


def test_who_reads_slowly_but_reads_may_stay() -> None:
    """Bytes leave within ten seconds, though the buffer is never empty."""
    backlog = Backlog()
    for second in range(100):
        backlog.wrote(1000)
        assert not backlog.too_slow(buffered=5000, now=float(second))


def test_who_reads_nothing_is_given_up_after_ten_seconds() -> None:
    """However little it is."""
    backlog = Backlog()
    backlog.wrote(10)
    verdicts = [backlog.too_slow(buffered=10, now=float(second)) for second in range(12)]
    assert verdicts == [second > LONGEST for second in range(12)]


def test_too_much_is_given_up_at_once() -> None:
    """Memory is bounded."""
    backlog = Backlog()
    backlog.wrote(MOST_BYTES + 1)
    assert backlog.too_slow(MOST_BYTES + 1, 0.0)


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_shown(text: str) -> None:
    """Encodes, without control characters, not longer than allowed."""
    shown = clean(text, 20)
    assert len(shown.encode()) <= 80
    assert not set(shown) & {"\0", "\x1b", "\u202e", "\ud800"}


def test_text_stays_as_it_is() -> None:
    """HTML is text; the page shows it as such."""
    assert clean("<b>Müller</b> 王\n2nd line") == "<b>Müller</b> 王\n2nd line"


def test_only_web_addresses_are_links() -> None:
    """Whatever the CRM says."""
    assert clean_url("https://crm.example.com/c/7?a=b") == "https://crm.example.com/c/7?a=b"
    for url in (
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "/relative",
        "http://[",
        "https://a\nb",
    ):
        assert clean_url(url) == ""
