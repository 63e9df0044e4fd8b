"""The voice of a centre on the embedded PBX: nothing is recorded or synthesised, the words are the sound's name."""

from cti.model import Recording, Sound, Speech
from cti.simulator.media import speech


class SimulatedVoice:
    """Never fails, and takes no time. Callers whose steps wait for a prompt match against the words."""

    trouble = ""

    async def media(self, sound: Sound) -> str:
        """`sound:speech/<language>/<text>` for words, `sound:<name>` for a recording."""
        match sound:
            case Speech(text, language):
                return speech(text, language)
            case Recording(name):
                return f"sound:{name}"
