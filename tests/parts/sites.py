"""The Asterisk that tests share: its agents' telephones, its service numbers, and numbers for trying it out."""

from __future__ import annotations

from collections.abc import Sequence

from config.asterisk_files import Account, AsteriskSite, Phone, PhoneKind, Trunk, new_password
from tests.parts.asterisk import free_ports

SERVICE_NUMBERS = ("5551000", "5552000")
DESK_PHONES = ("alice", "bob", "carol")
BROWSER_PHONES = ("web-alice", "web-bob", "web-carol")

# Asterisk itself, without Callwright: an echo, a prompt, digits answered by the prompt named after them, and a
# way to ring alice; and where callers are put through to: alice, and somebody whose line is busy.
TRIAL_DIALPLAN = """
[callwright-in](+)
exten => 600,1,Answer()
 same => n,Echo()
exten => 601,1,Answer()
 same => n,Playback(${PROMPTS}/trial)
exten => 602,1,Answer()
 same => n,Read(DIGITS,,4,,1,5)
 same => n,Playback(${PROMPTS}/digits-${DIGITS})
exten => 603,1,Dial(PJSIP/alice,30)
[callwright-outside]
exten => 200,1,Dial(PJSIP/alice)
exten => 299,1,Hangup(17)
"""


def trial_site(
    *,
    desk: Sequence[str] = DESK_PHONES,
    browser: Sequence[str] = BROWSER_PHONES,
    numbers: Sequence[str] = SERVICE_NUMBERS,
) -> AsteriskSite:
    """A site with these telephones and numbers and new passwords; the line is anybody on the loopback."""
    phones = (
        *(Phone(name, new_password()) for name in desk),
        *(Phone(name, new_password(), PhoneKind.BROWSER) for name in browser),
    )
    (line_port,) = free_ports(1)
    return AsteriskSite(
        ari=Account("callwright", new_password()),
        ami=Account("callwright", new_password()),
        numbers=tuple(numbers),
        phones=phones,
        trunk=Trunk("127.0.0.1", line_port),
    )
