"""What happens to a message once it has been left; kept by `History` like what the brain says, in the same order."""

import msgspec

from acd.model import VoicemailId


class VoicemailFact(msgspec.Struct, frozen=True, tag=True):
    """Base of all of them. `at` is seconds since the epoch."""

    voicemail: VoicemailId
    at: float


class VoicemailKept(VoicemailFact, frozen=True):
    """Its file is ours."""

    file: str
    """Within the folder of messages."""
    seconds: float
    ended: float
    """When the caller had finished, as far as that is known."""


class VoicemailLost(VoicemailFact, frozen=True):
    """The PBX has no file of it; who called is known all the same."""


class VoicemailHeard(VoicemailFact, frozen=True):
    """Somebody has listened to it."""

    by: str


class VoicemailDone(VoicemailFact, frozen=True):
    """Somebody has dealt with it, or (`undone`) it is to be dealt with after all."""

    by: str
    undone: bool = False


class VoicemailRemoved(VoicemailFact, frozen=True):
    """The file is deleted, and who called is forgotten. By nobody: it was too old, or there was no message."""

    by: str = ""


AnyVoicemailFact = VoicemailKept | VoicemailLost | VoicemailHeard | VoicemailDone | VoicemailRemoved
