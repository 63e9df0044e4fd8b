"""Causes of ITU-T Q.850, the numbers in which the telephone network says why a call ended, to and from ours.

Asterisk translates SIP's answers into them (486 -> 17, 603 -> 21, 480 -> 19, 404 -> 1, no answer at all -> 18 or 20).
"""

from cti.model import HangupCause

_MEANING = {
    0: HangupCause.NORMAL,
    1: HangupCause.UNKNOWN_NUMBER,
    2: HangupCause.UNREACHABLE,
    3: HangupCause.UNREACHABLE,
    16: HangupCause.NORMAL,
    17: HangupCause.BUSY,
    18: HangupCause.UNREACHABLE,
    19: HangupCause.NO_ANSWER,
    20: HangupCause.UNREACHABLE,
    21: HangupCause.REJECTED,
    22: HangupCause.UNKNOWN_NUMBER,
    26: HangupCause.ANSWERED_ELSEWHERE,
    27: HangupCause.UNREACHABLE,
    28: HangupCause.UNKNOWN_NUMBER,
    31: HangupCause.NORMAL,
    34: HangupCause.CONGESTION,
    38: HangupCause.CONGESTION,
    41: HangupCause.CONGESTION,
    42: HangupCause.CONGESTION,
    44: HangupCause.CONGESTION,
    47: HangupCause.CONGESTION,
}

REASONS = {
    HangupCause.NORMAL: "normal",
    HangupCause.BUSY: "busy",
    HangupCause.NO_ANSWER: "no_answer",
    HangupCause.REJECTED: "rejected",
    HangupCause.UNREACHABLE: "failure",
    HangupCause.UNKNOWN_NUMBER: "unallocated",
    HangupCause.ANSWERED_ELSEWHERE: "answered_elsewhere",
    HangupCause.CONGESTION: "congestion",
    HangupCause.FAILURE: "failure",
    HangupCause.LOST: "normal",
}
"""The word that ARI's hang-up request takes for each cause."""


_CANCELLED = 487


def meaning_of(cause: int, sip_status: int = 0) -> HangupCause:
    """Our word for a Q.850 cause; those that tell a contact centre nothing are `FAILURE`.

    A caller who gives up before we answer sends CANCEL: Asterisk calls that 127, "interworking", beside SIP's 487.
    """
    if sip_status == _CANCELLED:
        return HangupCause.NORMAL
    return _MEANING.get(cause, HangupCause.FAILURE)
