"""What one dialogue knows at a moment, and what it wants done: `Walk` and `Dialogue` decide, this keeps and says it."""

from collections.abc import Mapping

from ivr.dialogue.states import Fresh, State
from ivr.dialogue.steps import Arrival, Say, Step, StopSaying, Unverified, Visit, Visited
from ivr.dialogue.typed_before import EARLIER, TypedBefore
from ivr.dialogue.typed_keys import TypedKeys
from ivr.dialogue.visits import ENTRY, Visits
from ivr.flow.flow import Flow
from ivr.flow.node import LabelTexts
from ivr.flow.settings import FlowName, Prompt
from ivr.flow.variables import CALL_VARIABLES, VERIFIED_AS
from ivr.speech.sounds import sounds_of

PROMPT_AT_MOST = 180.0
"""Seconds after which we no longer believe that a prompt still plays."""


class Session:
    """Of one caller; what is to be done is gathered in `_steps`."""

    def __init__(
        self,
        flow: Flow,
        language: str,
        variables: Mapping[str, str] | None = None,
        flows: Mapping[FlowName, Flow] | None = None,
        *,
        visits: int = 0,
        came: str = ENTRY,
    ) -> None:
        """Nothing happens before `start`. `variables`: what is known of the call, see `CALL_VARIABLES`; `flows`: those
        that sub-flows may be of; `visits`: of how many nodes the caller has made before, and `came`: how he has come
        (`ivr.dialogue.visits`)."""
        self.flow = flow
        self.language = language
        self.path: tuple[Visit, ...] = ()
        """What the caller has done since this dialogue started."""
        self.trail: list[Arrival] = []
        """Every node that he has come to since then, and how; at most `ivr.dialogue.walk.NODES_AT_MOST`."""
        self._flows = flows or {}
        self._within: list[tuple[Flow, Arrival]] = []
        """The flows from which this one was entered, each with how it goes on."""
        self._variables = {VERIFIED_AS: "", **(variables or {})}
        self._before = TypedBefore(dict.fromkeys(self._variables.keys() - CALL_VARIABLES.keys(), EARLIER))
        self._secrets = flow.secrets
        self._state: State = Fresh()
        self._at = flow.start
        self._playing = False
        self._deadline: float | None = None
        self._typed = TypedKeys()
        self._visits = Visits(visits, came)
        self._arriving = False
        self._ahead: Arrival | None = None
        """Where the node to which he is just coming sends him at once."""
        self._steps: list[Step] = []

    def _say(self, now: float, *prompts: Prompt) -> bool:
        """Whether there is anything to hear."""
        sounds = tuple(s for prompt in prompts for s in sounds_of(prompt, self.language, self._variables))
        if sounds:
            self._playing = True
            self._deadline = now + PROMPT_AT_MOST
            self._steps.append(Say(sounds))
        return bool(sounds)

    def _stop(self) -> None:
        if self._playing:
            self._playing = False
            self._steps.append(StopSaying())

    def _visited(self, label: LabelTexts, said: str) -> None:
        visit = Visit(self._at, next(iter(label.values())), said)
        self.path += (visit,)
        self._steps.append(Visited(visit))

    def _done(self) -> tuple[Step, ...]:
        steps, self._steps = tuple(self._steps), []
        return steps

    def _claims(self, customer: str) -> None:
        """He says who he is; what he has proved counts as long as it is the same."""
        if self._variables.get(VERIFIED_AS, "") not in {"", customer}:
            self._variables[VERIFIED_AS] = ""
            self._steps.append(Unverified())
