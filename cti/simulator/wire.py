"""What goes over the wire of an Asterisk: JSON values, HTTP answers, time stamps, the words for why a call ended."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

JsonValue = None | bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"]
Json = Mapping[str, JsonValue]


class Response(msgspec.Struct, frozen=True):
    """Answer to one REST request. `body` is `None` for 204, where HTTP forbids one."""

    status: int
    body: JsonValue = None
    file: bytes = b""
    """Instead of JSON: a sound file."""


NO_CONTENT = Response(204)


class Later:
    """An answer that is not there yet: what was asked waits until its channel has time for it."""

    def __init__(self) -> None:
        self.answer: Response | None = None
        self._when_given: Callable[[Response], None] = lambda answer: None

    def give(self, answer: Response) -> None:
        """Here it is."""
        self.answer = answer
        self._when_given(answer)

    def when_given(self, take: Callable[[Response], None]) -> None:
        """Call `take` once the answer is there."""
        self._when_given = take
        if self.answer is not None:
            take(self.answer)


def refusal(status: int, message: str) -> Response:
    """An error as Asterisk words it: `{"message": ...}`."""
    return Response(status, {"message": message})


def timestamp(now: float) -> str:
    """ISO 8601 with milliseconds and a numeric offset, `2026-11-21T20:45:33.123+0000`."""
    milliseconds = int(now * 1000)
    return f"{_second(milliseconds // 1000)}.{milliseconds % 1000:03d}+0000"


@lru_cache(maxsize=1024)
def _second(since_epoch: int) -> str:
    """Cached, because half of the time of the whole PBX would go into it."""
    return f"{datetime.fromtimestamp(since_epoch, UTC):%Y-%m-%dT%H:%M:%S}"


CAUSE_TEXTS: Mapping[int, str] = {
    0: "Unknown",
    1: "Unallocated (unassigned) number",
    3: "No route to destination",
    16: "Normal Clearing",
    17: "User busy",
    18: "No user responding",
    19: "User alerting, no answer",
    20: "Subscriber absent",
    21: "Call Rejected",
    26: "Answered elsewhere",
    27: "Destination out of order",
    28: "Invalid number format",
    31: "Normal, unspecified",
    34: "Circuit/channel congestion",
    38: "Network out of order",
    58: "Bearer capability not available",
    102: "Recover on timer expiry",
    127: "Interworking, unspecified",
}
"""ITU-T Q.850 causes in the words of Asterisk's `ast_cause2str`."""

SIP_STATUS: Mapping[int, int] = {1: 404, 17: 486, 18: 408, 19: 480, 20: 480, 21: 603, 34: 503, 38: 500}
"""The SIP status of a phone's refusal, by the cause that Asterisk makes of it."""

REASONS: Mapping[str, int] = {
    "normal": 16,
    "busy": 17,
    "congestion": 34,
    "no_answer": 19,
    "timeout": 102,
    "rejected": 21,
    "unallocated": 1,
    "normal_unspecified": 31,
    "number_incomplete": 28,
    "codec_mismatch": 58,
    "interworking": 127,
    "failure": 38,
    "answered_elsewhere": 26,
}
"""What `DELETE /channels/{id}?reason=` accepts, and the cause the far end then sees."""


def cause_text(cause: int) -> str:
    """Asterisk's words for a Q.850 cause."""
    return CAUSE_TEXTS.get(cause, "Unknown")
