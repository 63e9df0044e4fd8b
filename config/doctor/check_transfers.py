"""Judges what becomes of callers whom flows put through to other numbers: does the dialplan take them, and where to?"""

from collections.abc import Mapping

from config.doctor.findings import Findings, listed
from cti.asterisk.ari_requests import TRANSFER_CONTEXT, TRANSFER_LABEL
from cti.asterisk.dialplan import Dialplan
from ivr.flow.numbers import an_example

OUTSIDE = "callwright-outside"
"""The context in which the dialplan that we ship says how these numbers are dialled."""


def check_transfers(allowed: Mapping[str, str], dialplan: Dialplan, found: Findings) -> None:
    """`allowed`: the centre's `transfer_numbers`."""
    numbers = {entry: an_example(entry) for entry in allowed.values()}
    lost = [
        entry
        for entry, number in numbers.items()
        if dialplan.find_label(TRANSFER_CONTEXT, number, TRANSFER_LABEL) is None
    ]
    dead = [entry for entry, number in numbers.items() if dialplan.find(OUTSIDE, number) is None]
    if lost:
        found.error(
            f"the dialplan cannot put callers through to {listed(lost)}: in the context {TRANSFER_CONTEXT} there is no "
            f"extension for that with the label {TRANSFER_LABEL!r}",
            f"copy [{TRANSFER_CONTEXT}] and [{OUTSIDE}] from the extensions.conf that `callwright asterisk config` "
            "writes, then `asterisk -rx 'dialplan reload'`",
        )
    elif dead and any(_leads_outside(step.context, step.data) for step in dialplan.applications("Dial")):
        found.warning(
            f"nothing says how {listed(dead)} is to be dialled, so callers who are put through there come back",
            f"add `exten => {numbers[dead[0]]},1,Dial(...)` to [{OUTSIDE}] in extensions_callwright_local.conf, then "
            "`asterisk -rx 'dialplan reload'`",
        )
    else:
        found.fine(f"callers can be put through to {listed(numbers)}")


def _leads_outside(context: str, data: str) -> bool:
    return context == TRANSFER_CONTEXT and f"@{OUTSIDE}" in data
