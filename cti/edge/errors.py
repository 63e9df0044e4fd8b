"""What can be wrong between us and a PBX, each in words that an administrator can act on.

`PbxDown` and its kinds pass: the links try again. `PbxMisconfigured` and its kinds do not pass by themselves: the
links stop and raise them, because trying a wrong password for ever helps nobody (and gets us banned by fail2ban).
"""


class PbxError(Exception):
    """Base of all."""


class PbxDown(PbxError):
    """The PBX cannot be reached now."""


class NothingListens(PbxDown):
    """Nobody accepts connections at that address."""


class NoAnswer(PbxDown):
    """The connection was made or is being made, but no answer comes in time."""


class ConnectionBroken(PbxDown):
    """The connection was lost in the middle."""


class AriMissing(PbxDown):
    """An Asterisk answers, but not its ARI: the module is not loaded (yet), or `enabled` is not `yes` in ari.conf."""


class OddAnswer(PbxDown):
    """An answer came that makes no sense."""


class TooLarge(PbxError):
    """What the PBX has is larger than we take."""


class PbxMisconfigured(PbxError):
    """Somebody has to change a setting."""


class WrongPassword(PbxMisconfigured):
    """The PBX does not know this user, or not with this password."""


class NotAsterisk(PbxMisconfigured):
    """Something answers, and it is not an Asterisk."""


class TooOld(PbxMisconfigured):
    """An Asterisk older than we can work with."""


class Refused(PbxError):
    """The PBX understood a request and will not do it. `status` is of HTTP, or 0 for AMI."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status} {message}" if status else message)
        self.status = status


class VoiceFailed(Exception):
    """Words could not be turned into sound. Raised by a `Voice`."""
