"""Dialogues for the tests of this folder."""

from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName
from ivr.rehearsal.reading import Centre, scripts_of
from ivr.rehearsal.rehearse import Outcome, rehearse
from tests.ivr.flows import SERVICE

CUSTOMERS = """\
flow: test
answers:
  customer 1001: {name: Ann, balance: "120.50", currency: EUR}
  customer: not_found
dialogues:
"""


def centre(**flows: Flow) -> Centre:
    """One that speaks two languages, in Berlin, with the smallest flow that has everything, and others."""
    named = {FlowName(name): one for name, one in flows.items()}
    return Centre({FlowName("test"): SERVICE, **named}, ["en", "zh"], "Europe/Berlin")


def rehearsed(steps: str, head: str = CUSTOMERS, **flows: Flow) -> Outcome:
    """What becomes of one dialogue; each of its steps is a line."""
    entry = "  one:\n" + "".join(f"    {line}\n" for line in steps.strip().splitlines())
    known = centre(**flows)
    (script,) = scripts_of(head + entry, "d.yaml", known)
    return rehearse(script, known.flows)


def wrong(steps: str, head: str = CUSTOMERS, **flows: Flow) -> str:
    """What is told of one that goes otherwise; empty if it does not."""
    mistake = rehearsed(steps, head, **flows).mistake
    return str(mistake or "")
