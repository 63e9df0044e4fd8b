"""A telephone line without a telephone: a dialogue, a clock that jumps to the next thing that happens, and all that is
said on it.
"""

from collections.abc import Callable
from enum import StrEnum
from math import inf
from typing import NamedTuple

from cti.model import Recording, Sound, Speech
from ivr.dialogue.interpreter import Dialogue
from ivr.dialogue.steps import (
    Ask,
    Exit,
    Leave,
    MessageOver,
    PutThrough,
    Say,
    Shown,
    Speak,
    Step,
    StopSaying,
    StopTaking,
    TakeMessage,
    Unverified,
    Visited,
)
from ivr.flow.node import FAILED, Asking
from ivr.flow.questions import Question
from ivr.nodes.record import RecordNode
from ivr.nodes.to_queue import Need
from ivr.rehearsal.answering import Reply, told

PER_SIGN = 0.07
"""Seconds that a voice takes for a letter, about."""
SHORTEST_PROMPT = 1.0
REACTION = 0.7
"""Seconds from the end of a prompt to the first key; shorter than any time that a flow gives a caller."""
BETWEEN_KEYS = 0.3
INTO_PROMPT = 0.5
"""Seconds that a caller listens who interrupts."""


class What(StrEnum):
    """Happens on the line. The texts are those that people read."""

    HEARS = "hears"
    PRESSES = "presses"
    WAITS = "waits"
    SAYS = "says"
    HANGS_UP = "hangs up"
    IS_ASKED = "is asked"
    """Somebody who is not the caller, with the answer."""
    CAN_SPEAK = "can speak"
    """He is recorded from here on."""
    ENDS = "ends"


class Happening(NamedTuple):
    """One thing that happened, and when (seconds since the epoch, UTC)."""

    what: What
    text: str
    at: float
    sounds: tuple[Sound, ...] = ()


Answering = Callable[[Question, str, Asking], tuple[Reply | None, float]]
"""Says how a question is answered, and after how many seconds; it is also given the asking node, with its name."""


Refusing = Callable[[PutThrough, str], bool]
"""Says whether the PBX refuses to put the caller through; it is also given the name of the node."""


def never_refuses(_: PutThrough, __: str) -> bool:
    """As a PBX that works."""
    return False


class Line:
    """One call. Its methods are what a caller can do; each goes on until the flow waits for him."""

    def __init__(
        self, dialogue: Dialogue, now: float, answering: Answering, refusing: Refusing = never_refuses
    ) -> None:
        """`now`: when the call comes in, seconds since the epoch, UTC. `answering` and `refusing` may raise; that ends
        the method."""
        self.dialogue = dialogue
        self.now = now
        self.story: list[Happening] = []
        self.way: list[str] = []
        """What the agent's screen tells of him."""
        self.exit: Exit | None = None
        self.gone = False
        """Whether the caller has hung up."""
        self._answering = answering
        self._refusing = refusing
        self._quiet_at = inf
        """When the prompt that plays is over."""
        self._recorded: RecordNode | None = None
        self._answer: Reply | None = None
        self._answer_at = inf
        self._asked_at = -1
        """How far the dialogue was when it asked; it still waits while it has come no further."""

    @property
    def over(self) -> bool:
        """Whether nothing can happen any more."""
        return self.exit is not None or self.gone

    @property
    def spoken_to(self) -> bool:
        """Whether a prompt plays."""
        return self._quiet_at < inf

    @property
    def recorded(self) -> bool:
        """Whether what he says is kept."""
        return self._recorded is not None

    @property
    def patience(self) -> float:
        """Seconds that the flow waits for him."""
        return max(0.0, self._deadline() - self.now)

    # -- what the caller does ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """He is there. Who wants to hear calls `listen`."""
        self._take(self.dialogue.start(self.now))

    def listen(self, *, to_the_end: bool = True) -> None:
        """Until nothing is said and nothing awaited; or just until something is said."""
        while not self.over and (self.spoken_to or self._awaits_answer()):
            if self.spoken_to and not to_the_end:
                return
            self._next()

    def presses(self, keys: str) -> None:
        """One key after another, whatever is said meanwhile."""
        self.story.append(Happening(What.PRESSES, keys, self.now))
        self._pass(INTO_PROMPT if self.spoken_to else REACTION)
        for key in keys:
            if not self.over:
                node = self._recorded
                if node is not None and key == node.terminator:
                    self._take(self.dialogue.recorded(0.0, self.now))
                else:
                    self._take(self.dialogue.key_pressed(key, self.now))
                self._pass(BETWEEN_KEYS)

    def waits(self, seconds: float) -> None:
        """Does nothing for so long; the time in which he is spoken to does not count."""
        self.story.append(Happening(What.WAITS, f"{seconds:g} s", self.now))
        left = seconds
        while True:
            self.listen()
            upto = self._deadline() - self.now
            if self.over or upto > left:
                break
            left -= upto
            self._next()
        self.now += left

    def lets_time_pass(self) -> None:
        """Does nothing until the flow waits no longer."""
        self.waits(self.patience)

    def says(self, seconds: float) -> None:
        """Speaks into a recording, and has finished."""
        self.story.append(Happening(What.SAYS, f"{seconds:g} s", self.now))
        self.now += seconds
        self._take(self.dialogue.recorded(seconds, self.now))

    def hangs_up(self) -> None:
        """Goes."""
        self.gone = True
        self.story.append(Happening(What.HANGS_UP, "", self.now))

    # -- time --------------------------------------------------------------------------------------------------------

    def _awaits_answer(self) -> bool:
        return len(self.dialogue.trail) == self._asked_at

    def _deadline(self) -> float:
        deadline = self.dialogue.next_deadline()
        if self._recorded is not None and (deadline is None or self.now + self._recorded.silence < deadline):
            return self.now + self._recorded.silence
        return inf if deadline is None else deadline

    def _pass(self, seconds: float) -> None:
        """Time, with all that happens meanwhile."""
        until = self.now + seconds
        while not self.over and min(self._quiet_at, self._answer_at, self._deadline()) <= until:
            self._next()
        self.now = max(self.now, until)

    def _next(self) -> None:
        """What happens next if the caller does nothing."""
        deadline = self._deadline()
        self.now = max(self.now, min(self._quiet_at, self._answer_at, deadline))
        if self._quiet_at <= self.now:
            self._quiet_at = inf
            self._take(self.dialogue.prompt_ended(self.now))
        elif self._answer_at <= self.now:
            answer, self._answer, self._answer_at = self._answer, None, inf
            if answer is not None and self._awaits_answer():
                self._asked_at = -1
                self._take(self.dialogue.answered(answer.way, answer.learnt, self.now))
        elif self._recorded is not None:
            self._take(self.dialogue.recorded(0.0, self.now))  # the PBX hears nobody
        else:
            self._take(self.dialogue.tick(self.now))

    # -- what the dialogue wants -------------------------------------------------------------------------------------

    def _take(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            match step:
                case Say(sounds):
                    text = " ".join(map(words, sounds))
                    self.story.append(Happening(What.HEARS, text, self.now, sounds))
                    self._quiet_at = self.now + duration(text)
                case StopSaying():
                    self._quiet_at = inf
                case Ask(question):
                    self._asked(question)
                case TakeMessage(node):
                    self._recorded = node
                    self.story.append(Happening(What.CAN_SPEAK, "", self.now))
                case MessageOver() | StopTaking():
                    self._recorded = None
                case PutThrough():
                    self._put_through(step)
                case Visited(visit):
                    self.way.append(f"{visit.label}: {visit.said}" if len(visit.said) > 1 else visit.label)
                case Leave(to):
                    self.exit = to
                    self.story.append(Happening(What.ENDS, ending(to), self.now))
                case Speak() | Unverified():
                    pass

    def _put_through(self, wanted: PutThrough) -> None:
        name = self.dialogue.trail[-1].node
        if self._refusing(wanted, name):
            self.story.append(Happening(What.IS_ASKED, f"{told(wanted, name)}: {FAILED}", self.now))
            self._take(self.dialogue.not_put_through(self.now))
        else:
            self._take(self.dialogue.put_through(self.now))

    def _asked(self, question: Question) -> None:
        name = self.dialogue.trail[-1].node
        node = self.dialogue.flow.nodes[name]
        assert isinstance(node, Asking)  # noqa: S101 - no other kind asks
        self._asked_at = len(self.dialogue.trail)
        self._answer, after = self._answering(question, name, node)
        self._answer_at = self.now + after
        shown = "no answer" if self._answer is None else self._answer.way
        self.story.append(Happening(What.IS_ASKED, f"{told(question, name)}: {shown}", self.now))


def duration(text: str) -> float:
    """Seconds that a voice takes for it, about."""
    return max(SHORTEST_PROMPT, PER_SIGN * len(text))


def words(sound: Sound) -> str:
    """What is said; of a recording its name."""
    match sound:
        case Speech(text):
            return text
        case Recording(name):
            return f"[{name}]"


def ending(to: Exit) -> str:
    """How a dialogue was left, in words."""
    said = [f"{name} {value}" for name, value in facts(to).items() if value]
    return ": ".join([kind(to), ", ".join(said)]) if said else kind(to)


def kind(to: Exit) -> str:
    """The word for it, as in a flow's file."""
    return str(to.__struct_config__.tag)


def facts(to: Exit) -> dict[str, str]:
    """What is said of an exit, each by its name."""
    return {name: _text(getattr(to, name)) for name in to.__struct_fields__}


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    match value:
        case Need(skills):
            return skills
        case Shown(label, text):
            return f"{next(iter(label.values()), '')}: {text}"
        case float():
            return f"{value:g}" if value else ""
        case _:
            return str(value)
