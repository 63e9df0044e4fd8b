"""What the link to the PBX needs of whoever gives the centre its voice."""

from typing import Protocol

from cti.model import Sound


class Voice(Protocol):
    """Finds or makes the file of a prompt."""

    async def media(self, sound: Sound) -> str:
        """The ARI media URI of a sound (`sound:/var/lib/callwright/3f2a`), made first if it must be.

        Raises `VoiceFailed`. May take its time: only the leg that is to hear it waits.
        """
        ...


class WatchedVoice(Voice, Protocol):
    """One that tells how it is."""

    @property
    def trouble(self) -> str:
        """Why callers do not hear what they should, for an administrator; empty if they do."""
        ...
