"""Leads one caller through a flow: what he hears, what his keys mean, and where he goes.

    state        a key is pressed               the prompt ends    the deadline passes       an answer comes
    ----------   ----------------------------   ----------------   -----------------------   ----------------
    Fresh        -                              -                  -                         -
    Saying       kept for later; goes on        goes on            goes on                   -
    Choosing     its choice, or no match        waits for a key    no input                  -
    Collecting   a digit more, done, no match   waits for a key    done, no input/no match   -
    Awaiting     kept for later                 -                  tells him; failed         goes on with it
    Inviting     records                        records            records                   -
    TakingMsg.   -                              -                  stops; a message          a message, or none
    PuttingThr.  kept for later                 -                  failed                    leaves, or failed
    Gone         -                              -                  -                         -

A key stops the prompt that plays, and counts. Keys that come before they are asked for are kept (a few), and
are taken by the next menu or question, which is then not spoken; a kept key that the menu does not have is
forgotten, not held against the caller, who may have pressed something twice. What he types on after a wrong key
without a pause is one mistake with it (`ivr.dialogue.typed_keys`), and he hears what was asked before he can make the
next; only a key that the menu has still counts. Nothing that comes late or in an unexpected state does any harm ("-").

Every dialogue ends: without input because no ring of nodes lacks a question (`ivr.reading.flow_checks`) and every
question gives up; with input without end because of `NODES_AT_MOST`; with a PBX that forgets to tell because
of `PROMPT_AT_MOST`.
"""

from collections.abc import Mapping
from itertools import accumulate
from typing import assert_never

from ivr.dialogue.session import PROMPT_AT_MOST
from ivr.dialogue.states import (
    Awaiting,
    Choosing,
    Collecting,
    Fresh,
    Gone,
    Inviting,
    PuttingThrough,
    Saying,
    TakingMessage,
)
from ivr.dialogue.steps import (
    Arrival,
    Ask,
    HangUp,
    Leave,
    MessageOver,
    PutThrough,
    Saved,
    Say,
    Speak,
    Step,
    StopSaying,
    StopTaking,
    TakeMessage,
    ToQueue,
    Transfer,
    Unverified,
    Visit,
    Visited,
)
from ivr.dialogue.typed_before import TypedBefore
from ivr.dialogue.visits import NodeVisit
from ivr.dialogue.walk import NODES_AT_MOST, RECORDING_OVERDUE, Walk
from ivr.flow.flow import Flow
from ivr.flow.node import FAILED, KEYS
from ivr.flow.settings import FlowName
from ivr.flow.variables import OF_A_CUSTOMER, VERIFIED_AS, WHO
from ivr.nodes.authenticate import VERIFIED, AuthenticateNode
from ivr.nodes.record import RecordNode
from ivr.nodes.transfer import PUT_THROUGH

__all__ = [
    "NODES_AT_MOST",
    "PROMPT_AT_MOST",
    "Arrival",
    "Ask",
    "Dialogue",
    "HangUp",
    "Leave",
    "MessageOver",
    "PutThrough",
    "Saved",
    "Say",
    "Speak",
    "Step",
    "StopSaying",
    "StopTaking",
    "TakeMessage",
    "ToQueue",
    "Transfer",
    "Unverified",
    "Visit",
    "Visited",
]

SAVED_AT_MOST = 2_000
"""Characters of variables that are saved: all of it travels in one variable of the PBX's channel."""

_KEYS = frozenset(KEYS + "ABCD")


def _short(variables: Mapping[str, str]) -> Mapping[str, str]:
    """Those that there is room for, the first ones first."""
    sizes = accumulate(len(name) + len(value) for name, value in variables.items())
    return {name: value for (name, value), size in zip(variables.items(), sizes, strict=True) if size <= SAVED_AT_MOST}


class Dialogue(Walk):
    """One caller in one flow. Every method returns what is to be done now, in this order; times are UTC."""

    @classmethod
    def restored(cls, flow: Flow, saved: Saved, flows: Mapping[FlowName, Flow] | None = None) -> "Dialogue":
        """A dialogue that goes on where another one was, in that flow; `start` says the prompt of that node again."""
        dialogue = cls(flow, saved.language, saved.variables, flows)
        dialogue._before = TypedBefore(saved.typed_in, saved.spared)
        if saved.visit is not None:
            dialogue._visits.resume(saved.visit)
        # The flow may have been changed since; then there is no place to go on at.
        dialogue._at = saved.node if saved.node in flow.nodes else flow.otherwise
        for name, node in saved.within:
            if (outer := dialogue._flows.get(name)) is not None:
                back = Arrival(name, node if node in outer.nodes else outer.otherwise, 0.0)
                dialogue._within.append((outer, back))
                dialogue._secrets |= outer.secrets
        return dialogue

    def save(self) -> Saved:
        """Enough for `restored`, without secrets."""
        open_ones = {name: value for name, value in self._variables.items() if name not in self._secrets}
        known = _short(open_ones)
        within = tuple((flow.name, back.node) for flow, back in self._within)
        typed_in, spared = self._before.kept(known)
        return Saved(self._at, self.language, known, typed_in, spared, within, self._visits.here)

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
            self._arrive(Arrival(self.flow.name, self._at, now))
        return self._done()

    def key_pressed(self, key: str, now: float) -> tuple[Step, ...]:
        """The caller pressed a key: one of `0`-`9`, `*`, `#`, `A`-`D`; anything else is ignored."""
        if key not in _KEYS or self._typed.ends_last_number(key, now) or self._goes_on_with_mistake(key, now):
            return ()
        match self._state:
            case Fresh() | Gone():
                pass
            case Awaiting() | PuttingThrough():
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
            case Inviting(node):
                self._stop()
                self._take_message(node, now)
            case TakingMessage():
                pass  # the PBX itself ends the recording
            case _ as never:
                assert_never(never)
        return self._done()

    def prompt_ended(self, now: float) -> tuple[Step, ...]:
        """The latest `Say` has come to its end (or could not be played)."""
        if self._playing:
            self._playing = False
            self._prompt_over(now)
        return self._done()

    def answered(self, way: str, learnt: Mapping[str, str], now: float) -> tuple[Step, ...]:
        """To the latest `Ask`: which of the node's ways is taken. What the way is not said to learn is left out; a way
        that the node does not have is no answer."""
        if isinstance(self._state, Awaiting):
            ways = {one.name: one for one in self._state.node.ways()}
            taken = ways.get(way, ways[FAILED])
            self._learn({name: value for name, value in learnt.items() if name in taken.learns})
            if isinstance(self._state.node, AuthenticateNode) and taken.name == VERIFIED:
                self._variables[VERIFIED_AS] = self._variables[self._state.node.by]
            if self._playing:  # he hears to its end that it takes some time
                self._state = Saying(taken.name)
                self._deadline = now + PROMPT_AT_MOST
            else:
                self._take(taken.name, now)
        return self._done()

    def _learn(self, learnt: Mapping[str, str]) -> None:
        before, now = self._variables.get(WHO, ""), learnt.get(WHO, "")
        if before and now and before != now:  # nobody hears of another customer's bills
            for name in OF_A_CUSTOMER & self._variables.keys():
                del self._variables[name]
        if now:
            self._claims(now)
        self._variables.update(learnt)

    def resume(self, now: float) -> tuple[Step, ...]:
        """In place of `start`: the process before us had the caller recorded when it ended, and he may be still.

        Only for one that has been saved at a `record` node.
        """
        node = self.flow.nodes[self._at]
        assert isinstance(node, RecordNode)  # noqa: S101 - as is said above
        self._visits.arrive(self.flow, Arrival(self.flow.name, self._at, now))
        self._state = TakingMessage(node)
        self._deadline = now + node.longest + RECORDING_OVERDUE
        return self._done()

    def keeps(self, spoken: float, *, failed: bool) -> bool:
        """Whether a recording with so many seconds of speech would count, if the caller has hung up meanwhile."""
        return isinstance(self._state, TakingMessage) and not failed and spoken >= self._state.node.shortest

    def recorded(self, spoken: float, now: float, *, failed: bool = False) -> tuple[Step, ...]:
        """The recording is over, or (`failed`) there is none."""
        if isinstance(self._state, TakingMessage):
            self._message_over(now, kept=self.keeps(spoken, failed=failed))
        return self._done()

    @property
    def bound_for(self) -> str:
        """The number to which the PBX is to put him through just now; empty if it is not."""
        return self._state.to.number if isinstance(self._state, PuttingThrough) else ""

    def put_through_again(self, now: float) -> tuple[Step, ...]:
        """The latest `PutThrough` may not have come to its aim, and he is there still: it has all its time again."""
        if isinstance(self._state, PuttingThrough):
            self._go_on(self._state.to, now)
        return self._done()

    def put_through(self, now: float) -> tuple[Step, ...]:
        """The latest `PutThrough` was carried out: he is no longer ours."""
        if isinstance(self._state, PuttingThrough):
            to = self._state.to
            self._visited(PUT_THROUGH, to.number)
            self._leave(to, now)
        return self._done()

    def not_put_through(self, now: float) -> tuple[Step, ...]:
        """The latest `PutThrough` was refused: he is there still."""
        if isinstance(self._state, PuttingThrough):
            self._take(FAILED, now)
        return self._done()

    def tick(self, now: float) -> tuple[Step, ...]:
        """Time has passed."""
        if self._deadline is None or now < self._deadline:
            return ()
        if isinstance(self._state, Awaiting):
            self._waited(self._state, now)
            return self._done()
        if self._playing:
            # Whatever became of it, the caller must not wait for it any longer.
            self._stop()
            self._prompt_over(now)
            return self._done()
        match self._state:
            case Choosing(node, failures) | Collecting(node, failures, ""):
                self._visits.no_input()
                self._ask_again(node, failures, node.no_input, now)
            case Collecting(node, failures, digits):
                if len(digits) >= node.shortest:
                    self._collected(node, digits, now)
                else:
                    self._visits.no_match()
                    self._ask_again(node, failures, node.no_match, now)
            case TakingMessage():
                # What became of it is seen when its file is fetched; he must not wait any longer.
                self._steps.append(StopTaking())
                self._message_over(now, kept=True)
            case PuttingThrough():
                self._take(FAILED, now)
            case Fresh() | Saying() | Awaiting() | Inviting() | Gone():
                self._deadline = None
            case _ as never:
                assert_never(never)
        return self._done()

    def gone(self, now: float, *, lost: bool = False) -> None:
        """The caller has hung up; or (`lost`) nobody knows what has become of him. For `walked`; again is harmless."""
        self._visits.gone(now, lost=lost)

    def walked(self) -> tuple[NodeVisit, ...]:
        """The visits that have ended since this was asked last, and then the one that goes on, if it is new."""
        return self._visits.take()

    def _waited(self, state: Awaiting, now: float) -> None:
        if now >= state.until:
            self._stop()
            self._take(FAILED, now)
            return
        self._state = state._replace(told=True)
        if not state.told:
            self._say(now, state.node.waiting)
        self._deadline = state.until

    def _prompt_over(self, now: float) -> None:
        match self._state:
            case Saying(then):
                self._go_on(then, now)
            case Choosing(node) | Collecting(node):
                self._deadline = now + node.wait
            case Inviting(node):
                self._take_message(node, now)
            case Fresh() | Awaiting() | TakingMessage() | PuttingThrough() | Gone():
                pass
            case _ as never:
                assert_never(never)
