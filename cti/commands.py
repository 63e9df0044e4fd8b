"""What we tell the PBX to do. A command is never awaited: it has an id, and if it fails, `CommandFailed` says so."""

import msgspec

from cti.model import CallerId, CallId, CommandId, Endpoint, HangupCause, LegId, PlaybackId, RecordingName, Sound


class Command(msgspec.Struct, frozen=True, tag=True):
    """Base of all commands. `leg` decides the lane: commands for one leg are carried out in order, one at a time."""

    id: CommandId
    leg: LegId


class Answer(Command, frozen=True):
    """Pick up the caller."""


class Play(Command, frozen=True):
    """Play sounds one after another to one leg; ends in `PlaybackEnded`."""

    playback: PlaybackId
    sounds: tuple[Sound, ...]


class StopPlayback(Command, frozen=True):
    """Cut a prompt short; harmless if it is over already."""

    playback: PlaybackId


class Record(Command, frozen=True):
    """Keep what a leg says, in a file on the PBX (WAV, 8 kHz, 16 bit); ends in `RecordingEnded`.

    It ends with the leg, too, and the file stays. What else the leg is told to do meanwhile waits until it is over.
    """

    recording: RecordingName
    longest: float
    """Seconds."""
    silence: float = 0.0
    """Seconds of silence that end it, and are cut off; 0: none do."""
    ends_with: str = ""
    """The key that ends it, `#` or `*`; empty: none does. It is told (`KeyPressed`) all the same."""
    beep: bool = True
    """Begin with a beep, so that the speaker knows."""


class StopRecording(Command, frozen=True):
    """End a recording and keep what there is. Fails (`CommandFailed`) if it is over already."""

    recording: RecordingName


class StartMusic(Command, frozen=True):
    """Music on hold, from the PBX itself: it goes on if we crash."""

    music: str = "default"


class StopMusic(Command, frozen=True):
    """End of the music on hold."""


class Remember(Command, frozen=True):
    """Write our state on the leg, where a later process of ours finds it (see `LegSeen.memory`)."""

    memory: str


class Ring(Command, frozen=True):
    """Call a phone. `leg` is new and named by us; ends in `LegAnswered` or `LegEnded`."""

    call: CallId
    endpoint: Endpoint
    caller: CallerId
    timeout: float
    """Seconds after which the PBX itself gives up, should we not be there any more to do so."""
    memory: str = ""


class PickUp(Command, frozen=True):
    """Make a ringing desk phone answer by itself (SIP NOTIFY, `Event: talk`)."""

    endpoint: Endpoint


class Bridge(Command, frozen=True):
    """Let the caller's leg (`leg`) and the others hear each other; ends its music, makes the bridge if needed."""

    call: CallId
    others: tuple[LegId, ...]


class LeaveBridge(Command, frozen=True):
    """Take a leg out of its call's bridge: whoever was in it is gone, and it goes on by itself. Harmless if it is in
    none."""

    call: CallId


class HangUp(Command, frozen=True):
    """End a leg, ringing or talking; harmless if it is gone already."""

    cause: HangupCause = HangupCause.NORMAL


class ReturnToDialplan(Command, frozen=True):
    """Give the caller to the dialplan, which has him alone from then on; ends in `LegReturned`."""

    number: str = ""
    """To which the dialplan puts him through; empty: behind `Stasis()`, where it does what it does when we are down."""


AnyCommand = (
    Answer
    | Play
    | StopPlayback
    | Record
    | StopRecording
    | StartMusic
    | StopMusic
    | Remember
    | Ring
    | PickUp
    | Bridge
    | LeaveBridge
    | HangUp
    | ReturnToDialplan
)
