"""What callers hear and may do while they wait, from the words of `center.yaml`."""

from acd.waiting.plan import Announcements, WaitingPlan
from config.center_shapes import CenterFile, QueueEntry
from ivr.shapes import Path, Reader


def check_waiting(entry: QueueEntry, path: Path, read: CenterFile, reader: Reader) -> None:
    """Notes what the types do not know."""
    for number, texts in enumerate(entry.messages):
        if missing := [language for language in read.languages if language not in texts]:
            place = (*path, "messages", number)
            reader.note(place, f"this is not said in {' and '.join(missing)}; the centre speaks it")


def waiting_of(entry: QueueEntry) -> WaitingPlan:
    """What the queue has decided."""
    return WaitingPlan(Announcements(entry.every, entry.messages, entry.position))
