"""Leads one caller through a flow: what he hears, what his keys mean, and where he goes.

    state        a key is pressed               the prompt ends    the deadline passes       an answer comes
    ----------   ----------------------------   ----------------   -----------------------   ----------------
    Fresh        -                              -                  -                         -
    Saying       kept for later; goes on        goes on            goes on                   -
    Choosing     its choice, or no match        waits for a key    no input                  -
    Collecting   a digit more, done, no match   waits for a key    done, no input/no match   -
    LookingUp    kept for later                 -                  failed                    found/not/failed
    Gone         -                              -                  -                         -

A key stops the prompt that plays, and counts. Keys that come before they are asked for are kept (a few), and
are taken by the next menu or question, which is then not spoken; a kept key that the menu does not have is
forgotten, not held against the caller, who may have pressed something twice. What he types on after a wrong key
without a pause is one mistake with it (`ivr.typed_keys`), and he hears what was asked before he can make the next;
only a key that the menu has still counts. Nothing that comes late or in an unexpected state does any harm ("-").

Every dialogue ends: without input because no ring of nodes lacks a question (`ivr.flow_checks`) and every
question gives up; with input without end because of `NODES_AT_MOST`; with a PBX that forgets to tell because
of `PROMPT_AT_MOST`.
"""

from collections.abc import Mapping
from typing import assert_never

from msgspec.structs import replace

from ivr.flow import (
    KEYS,
    LOOK_UPS,
    NOT_ANSWERED,
    CollectNode,
    Flow,
    HangUpNode,
    Label,
    LookUpNode,
    MenuNode,
    Node,
    NodeId,
    Prompt,
    SayNode,
    ToQueueNode,
)
from ivr.sounds import sounds_of
from ivr.states import Choosing, Collecting, Fresh, Gone, LookingUp, Saying, State
from ivr.steps import Exit, HangUp, Leave, LookUp, Saved, Say, Step, StopSaying, ToQueue, Visit, Visited
from ivr.typed_keys import TypedKeys
from ivr.words import name_slots

__all__ = ["Dialogue", "HangUp", "Leave", "LookUp", "Saved", "Say", "Step", "StopSaying", "ToQueue", "Visit", "Visited"]

NODES_AT_MOST = 100
"""Nodes that one dialogue enters; then its caller goes where the flow sends those that it cannot help."""

PROMPT_AT_MOST = 180.0
"""Seconds after which we no longer believe that a prompt still plays."""

_KEYS = frozenset(KEYS + "ABCD")


class Dialogue:
    """One caller in one flow. Every method returns what is to be done now, in this order; times are UTC."""

    def __init__(self, flow: Flow, language: str, variables: Mapping[str, str] | None = None) -> None:
        """Nothing happens before `start`. `variables`: what is known of the call, see `CALL_VARIABLES`."""
        self.flow = flow
        self.language = language
        self.path: tuple[Visit, ...] = ()
        """What the caller has done since this dialogue started."""
        self._variables = dict(variables or {})
        self._secrets = frozenset(
            node.variable for node in flow.nodes.values() if isinstance(node, CollectNode) and node.secret
        )
        self._state: State = Fresh()
        self._at = flow.start
        self._entered = 0
        self._playing = False
        self._deadline: float | None = None
        self._typed = TypedKeys()
        self._steps: list[Step] = []

    @classmethod
    def restored(cls, flow: Flow, saved: Saved) -> "Dialogue":
        """A dialogue that goes on where another one was; `start` says the prompt of that node again."""
        dialogue = cls(flow, saved.language, saved.variables)
        # The flow may have been changed since; then there is no place to go on at.
        dialogue._at = saved.node if saved.node in flow.nodes else flow.otherwise
        return dialogue

    def save(self) -> Saved:
        """Enough for `restored`, without secrets."""
        known = {name: value for name, value in self._variables.items() if name not in self._secrets}
        return Saved(self._at, self.language, known)

    @property
    def over(self) -> bool:
        """Whether the caller has left the flow."""
        return isinstance(self._state, Gone)

    def next_deadline(self) -> float | None:
        """When `tick` has something to do, if nothing happens before."""
        return self._deadline

    # -- what happens ----------------------------------------------------------------------------------------

    def start(self, now: float) -> tuple[Step, ...]:
        """The caller is there and can hear. Once; again is harmless."""
        if isinstance(self._state, Fresh):
            self._enter(self._at, now)
        return self._done()

    def key_pressed(self, key: str, now: float) -> tuple[Step, ...]:
        """The caller pressed a key: one of `0`-`9`, `*`, `#`, `A`-`D`; anything else is ignored."""
        if key not in _KEYS or self._typed.ends_last_number(key, now) or self._goes_on_with_mistake(key, now):
            return ()
        match self._state:
            case Fresh() | Gone():
                pass
            case LookingUp():
                self._typed.keep(key)
            case Saying(then):
                self._typed.keep(key)
                self._stop()
                self._go_on(then, now)
            case Choosing(node, failures):
                self._stop()
                self._choose(node, failures, key, now)
            case Collecting() as state:
                self._stop()
                self._collect(state, key, now)
            case _ as never:
                assert_never(never)
        return self._done()

    def prompt_ended(self, now: float) -> tuple[Step, ...]:
        """The latest `Say` has come to its end (or could not be played)."""
        if self._playing:
            self._playing = False
            self._prompt_over(now)
        return self._done()

    def looked_up(self, fields: Mapping[str, str], now: float) -> tuple[Step, ...]:
        """The CRM found it. Fields that a flow does not know (`ivr.flow.LOOK_UPS`) are left out."""
        if isinstance(self._state, LookingUp):
            known = LOOK_UPS.get(self._state.node.kind, frozenset())
            self._variables.update({name: value for name, value in fields.items() if name in known})
            self._enter(self._state.node.found, now)
        return self._done()

    def look_up_empty(self, now: float) -> tuple[Step, ...]:
        """The CRM answered: there is no such thing."""
        if isinstance(self._state, LookingUp):
            self._enter(self._state.node.not_found, now)
        return self._done()

    def look_up_failed(self, now: float) -> tuple[Step, ...]:
        """The CRM could not answer."""
        if isinstance(self._state, LookingUp):
            self._enter(self._state.node.failed, now)
        return self._done()

    def tick(self, now: float) -> tuple[Step, ...]:
        """Time has passed."""
        if self._deadline is None or now < self._deadline:
            return ()
        if self._playing:
            # Whatever became of it, the caller must not wait for it any longer.
            self._stop()
            self._prompt_over(now)
            return self._done()
        match self._state:
            case Choosing(node, failures):
                self._ask_again(node, failures, node.no_input, now)
            case Collecting(node, failures, ""):
                self._ask_again(node, failures, node.no_input, now)
            case Collecting(node, failures, digits):
                if len(digits) >= node.shortest:
                    self._collected(node, digits, now)
                else:
                    self._ask_again(node, failures, node.no_match, now)
            case LookingUp(node):
                self._enter(node.failed, now)
            case Fresh() | Saying() | Gone():
                self._deadline = None
            case _ as never:
                assert_never(never)
        return self._done()

    def _prompt_over(self, now: float) -> None:
        match self._state:
            case Saying(then):
                self._go_on(then, now)
            case Choosing(node) | Collecting(node):
                self._deadline = now + node.wait
            case Fresh() | LookingUp() | Gone():
                pass
            case _ as never:
                assert_never(never)

    # -- from node to node -----------------------------------------------------------------------------------

    def _enter(self, node_id: NodeId, now: float) -> None:
        self._at = node_id
        self._entered += 1
        node = self.flow.nodes[node_id]
        if self._entered > NODES_AT_MOST:
            self._leave(self._exit_of(self.flow.nodes[self.flow.otherwise]))
            return
        match node:
            case SayNode():
                self._say_then(node.prompt, node.then, now)
            case ToQueueNode() | HangUpNode():
                self._say_then(node.prompt, self._exit_of(node), now)
            case MenuNode():
                self._enter_menu(node, now)
            case CollectNode():
                self._enter_question(node, now)
            case LookUpNode():
                self._enter_look_up(node, now)
            case _ as never:
                assert_never(never)

    def _say_then(self, prompt: Prompt, then: NodeId | Exit, now: float) -> None:
        self._state = Saying(then)
        if not self._say(now, prompt):
            self._go_on(then, now)

    def _go_on(self, then: NodeId | Exit, now: float) -> None:
        if isinstance(then, str):
            self._enter(then, now)
        else:
            self._leave(then)

    def _leave(self, to: Exit) -> None:
        self._state = Gone()
        self._deadline = None
        self._typed.forget()
        self._steps.append(Leave(to))

    def _enter_menu(self, node: MenuNode, now: float) -> None:
        self._state = Choosing(node)
        if key := self._typed.take_choice(node.choices):
            self._choose(node, 0, key, now)
        else:
            self._ask(node, now, node.prompt)

    def _choose(self, node: MenuNode, failures: int, key: str, now: float) -> None:
        choice = node.choices.get(key)
        if choice is None:
            self._no_match(node, failures, now)
            return
        self._typed.right()
        self._visited(choice.label, key)
        self._enter(choice.to, now)

    def _enter_question(self, node: CollectNode, now: float) -> None:
        self._state = Collecting(node)
        self._typed.drop_to_digit()
        if not self._typed:
            self._ask(node, now, node.prompt)
        while self._typed and isinstance(self._state, Collecting):
            self._collect(self._state, self._typed.take(), now)

    def _collect(self, state: Collecting, key: str, now: float) -> None:
        node, failures, digits = state
        if key.isdigit():
            digits += key
            if len(digits) >= node.longest:
                self._collected(node, digits, now)
            else:
                self._state = Collecting(node, failures, digits)
                self._deadline = now + node.between
        elif key == node.terminator and len(digits) >= node.shortest:
            self._collected(node, digits, now)
        else:
            self._no_match(node, failures, now)

    def _collected(self, node: CollectNode, digits: str, now: float) -> None:
        self._variables[node.variable] = digits
        self._typed.number_complete(node.terminator, now + node.between)
        self._visited(node.label, "" if node.secret else digits)
        self._enter(node.then, now)

    def _enter_look_up(self, node: LookUpNode, now: float) -> None:
        key = self._variables.get(node.by, "")
        if not key:
            # A call without a number, or a secret that was not saved: nobody is found by nothing.
            self._enter(node.not_found, now)
            return
        self._state = LookingUp(node)
        self._deadline = now + node.timeout
        self._steps.append(LookUp(node.kind, key, node.by in self._secrets))

    # -- what both kinds of question do ----------------------------------------------------------------------

    def _ask(self, node: MenuNode | CollectNode, now: float, *prompts: Prompt) -> None:
        if not self._say(now, *prompts):
            self._deadline = now + node.wait

    def _no_match(self, node: MenuNode | CollectNode, failures: int, now: float) -> None:
        self._typed.mistaken(now)
        self._ask_again(node, failures, node.no_match, now)

    def _ask_again(self, node: MenuNode | CollectNode, failures: int, why: Prompt, now: float) -> None:
        failures += 1
        if failures >= node.tries:
            self._visited(NOT_ANSWERED, "")
            self._enter(node.give_up, now)
            return
        self._state = Choosing(node, failures) if isinstance(node, MenuNode) else Collecting(node, failures)
        self._ask(node, now, why, node.prompt)

    # -- small things ----------------------------------------------------------------------------------------

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

    def _goes_on_with_mistake(self, key: str, now: float) -> bool:
        chosen = isinstance(self._state, Choosing) and key in self._state.node.choices
        return not chosen and self._typed.goes_on_with_mistake(now)

    def _visited(self, label: Label, said: str) -> None:
        visit = Visit(self._at, next(iter(label.values())), said)
        self.path += (visit,)
        self._steps.append(Visited(visit))

    def _exit_of(self, node: Node) -> Exit:
        if not isinstance(node, ToQueueNode):
            return HangUp()
        return ToQueue(
            node.queue,
            tuple(replace(need, text=name_slots(need.text, self._variables)) for need in node.requires),
            name_slots(node.agent, self._variables),
        )

    def _done(self) -> tuple[Step, ...]:
        steps, self._steps = tuple(self._steps), []
        return steps
