"""Which columns of a message's row an event or a fact of it writes."""

from typing import Any, assert_never

from acd.edge.voicemail_facts import (
    AnyVoicemailFact,
    VoicemailDone,
    VoicemailHeard,
    VoicemailKept,
    VoicemailLost,
    VoicemailRemoved,
)
from acd.events import VoicemailBegun, VoicemailDropped, VoicemailLeft

_FORGOTTEN = {"file": "", "caller_number": "", "caller_name": "", "customer": "", "customer_name": ""}
"""Of somebody whose message is deleted."""


def whole(event: VoicemailBegun | VoicemailLeft | VoicemailDropped) -> dict[str, Any]:
    """The row, as far as the brain knows it."""
    of = event.voicemail
    values: dict[str, Any] = {
        "id": of.id,
        "interaction": of.interaction,
        "node": of.node,
        "queue": of.queue,
        "caller_number": of.caller.number,
        "caller_name": of.caller.name,
        "customer": of.customer,
        "customer_name": of.customer_name,
        "language": of.language,
        "began": of.began,
    }
    match event:
        case VoicemailBegun():
            return values
        case VoicemailLeft(at=at):
            return {**values, "ended": at, "seconds": of.seconds}
        case VoicemailDropped(at=at):
            return {**values, **_FORGOTTEN, "ended": at, "removed_at": at}


def change(fact: AnyVoicemailFact) -> dict[str, Any]:
    """What changes in the row."""
    changed: dict[str, Any] = {}
    match fact:
        case VoicemailKept(file=file, seconds=seconds, ended=ended):
            changed = {"file": file, "seconds": seconds, "ended": ended}
        case VoicemailLost(at=at):
            changed = {"lost_at": at}
        case VoicemailHeard(at=at, by=by):
            changed = {"heard_at": at, "heard_by": by}
        case VoicemailDone(at=at, by=by, undone=undone):
            changed = {"done_at": None if undone else at, "done_by": "" if undone else by}
        case VoicemailRemoved(at=at, by=by):
            changed = {**_FORGOTTEN, "removed_at": at, "removed_by": by}
        case _ as never:
            assert_never(never)
    return {"id": fact.voicemail, **changed}
