"""Leads a caller from one node of a flow to the next, and says what each has to say.

What the caller, the PBX and the CRM do is `ivr.dialogue.interpreter`'s, where the table of states is; it knows when to
go on.
"""

from collections.abc import Iterator

from msgspec import structs

from ivr.dialogue.exits import exit_of
from ivr.dialogue.session import Session
from ivr.dialogue.states import (
    Awaiting,
    Back,
    Choosing,
    Collecting,
    Gone,
    Inviting,
    PuttingThrough,
    Saying,
    TakingMessage,
)
from ivr.dialogue.steps import (
    Arrival,
    Ask,
    Exit,
    HangUp,
    Leave,
    MessageOver,
    PutThrough,
    Speak,
    TakeMessage,
    Transfer,
)
from ivr.flow.node import FAILED, NOT_ANSWERED, Around, Asking, Deciding, Node
from ivr.flow.questions import Create, Request, Verify
from ivr.flow.settings import Ladder, Prompt, rung
from ivr.flow.variables import VERIFIED_AS
from ivr.nodes.back import ReturnNode
from ivr.nodes.collect import CollectNode
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.menu import MenuNode
from ivr.nodes.one_key import OneKeyNode
from ivr.nodes.record import MESSAGE_LEFT, RecordNode
from ivr.nodes.say import SayNode
from ivr.nodes.sub_flow import SubFlowNode, flows_through
from ivr.nodes.to_queue import ToQueueNode
from ivr.nodes.transfer import TransferNode

NODES_AT_MOST = 300
"""Nodes that one dialogue enters; then its caller goes where the flow sends those that it cannot help."""

WAITS_IN_SILENCE = 1.0
"""Seconds that a caller waits for an answer before he is told that it takes some time."""

PUT_THROUGH_AT_MOST = 10.0
"""Seconds after which we no longer believe that the PBX will give him to another number."""

RECORDING_OVERDUE = 10.0
"""Seconds beyond its length (and whatever the channel still has to do before) after which a recording must be over."""


class Walk(Session):
    """One caller's way through one flow and its sub-flows."""

    def nodes(self) -> Iterator[Node]:
        """All that the caller may still come to."""
        begin = (self.flow, *(outer for outer, _ in self._within))
        for flow in flows_through(begin, self._flows):
            yield from flow.nodes.values()

    # -- from node to node -----------------------------------------------------------------------------------

    def _take(self, way: str, now: float) -> None:
        """Along one of the ways of the node where he is."""
        self._arrive(self._along(way, now))

    def _along(self, way: str, now: float) -> Arrival:
        return Arrival(self.flow.name, self.flow.nodes[self._at].way(way), now, self._at, way)

    def _arrive(self, arrival: Arrival) -> None:
        self._ahead = arrival
        if self._arriving:  # the loop goes on with it: hundreds of nodes one within another are too deep for Python
            return
        self._arriving = True
        try:
            while (there := self._ahead) is not None:
                self._ahead = None
                self._come_to(there)
        finally:
            self._arriving = False

    def _come_to(self, arrival: Arrival) -> None:
        there: Arrival | None = arrival
        while there is not None:
            self._at = there.node
            self._visits.arrive(self.flow, there)
            if len(self.trail) >= NODES_AT_MOST:
                self._leave(exit_of(self.flow.nodes[self.flow.otherwise], self._variables), there.since)
                return
            self.trail.append(there)
            there = self._pass(self.flow.nodes[self._at], there.since)

    def _pass(self, node: Node, now: float) -> Arrival | None:
        """What the node wants first; or the next one, if it waits for nothing."""
        match node:
            case Deciding():
                return self._decided(node, now)
            case SubFlowNode():
                return self._into(node, now)
            case SayNode():
                self._say_then(node.prompt, "then", now)
            case ToQueueNode() | HangUpNode():
                self._say_then(node.prompt, exit_of(node, self._variables), now)
            case ReturnNode():
                self._say_then(node.prompt, Back(), now)
            case OneKeyNode():
                self._enter_choice(node, now)
            case TransferNode():
                return self._bound_for(node, now)
            case CollectNode():
                self._enter_question(node, now)
            case Asking():
                return self._asked(node, now)
            case RecordNode():
                self._typed.forget()
                self._state = Inviting(node)
                if not self._say(now, node.prompt):
                    self._take_message(node, now)
            case _:
                raise TypeError(f"no dialogue knows what a {type(node).__name__} is")
        return None

    def _decided(self, node: Deciding, now: float) -> Arrival:
        way, learnt, language = node.decide(
            Around(self._variables, self.flow.types, self.flow.hours, self.language, now)
        )
        self._variables.update(learnt)
        if language and language != self.language:
            self.language = language
            self._steps.append(Speak(language))
        return self._along(way, now)

    def _into(self, node: SubFlowNode, now: float) -> Arrival:
        self._within.append((self.flow, self._along("then", now)))
        self.flow = self._flows[node.flow]
        self._secrets |= self.flow.secrets
        return Arrival(self.flow.name, self.flow.start, now)

    def _asked(self, node: Asking, now: float) -> Arrival | None:
        question = node.question(self._variables, self.language, self._secrets)
        if isinstance(question, str):
            return self._along(question, now)
        if isinstance(question, Create | Request):  # asked again after a restart it makes no second one
            question = structs.replace(question, once=self._visits.name())
        if isinstance(question, Verify):
            self._claims(question.customer)
        self._state = Awaiting(node, now + node.timeout)
        self._deadline = min(now + WAITS_IN_SILENCE, now + node.timeout) if node.waiting else now + node.timeout
        self._steps.append(Ask(question))
        return None

    def _bound_for(self, node: TransferNode, now: float) -> Arrival | None:
        """Nobody hears that he will be put through who may not be."""
        number = node.number(self._variables, self.flow.numbers)
        if not number:
            return self._along(FAILED, now)
        self._say_then(node.prompt, Transfer(node.to, number), now)
        return None

    def _say_then(self, prompt: Prompt, then: str | Exit | Back, now: float) -> None:
        self._state = Saying(then)
        if not self._say(now, prompt):
            self._go_on(then, now)

    def _go_on(self, then: str | Exit | Back, now: float) -> None:
        match then:
            case str():
                self._take(then, now)
            case Back() if self._within:
                self.flow, back = self._within.pop()
                self._arrive(structs.replace(back, since=now))
            case Back():
                self._leave(HangUp(), now)
            case Transfer():
                self._state = PuttingThrough(then)
                self._deadline = now + PUT_THROUGH_AT_MOST
                self._steps.append(PutThrough(then.number))
            case _:
                self._leave(then, now)

    def _leave(self, to: Exit, now: float) -> None:
        self._visits.exit(to, now)
        self._state = Gone()
        self._deadline = None
        self._typed.forget()
        self._steps.append(Leave(to))

    def _enter_choice(self, node: OneKeyNode, now: float) -> None:
        self._state = Choosing(node)
        if key := self._typed.take_choice(node.keys):
            self._choose(node, 0, key, now)
        else:
            self._ask(node, now, node.prompt)

    def _choose(self, node: OneKeyNode, failures: int, key: str, now: float) -> None:
        if key not in node.keys:
            self._no_match(node, failures, now)
            return
        self._typed.right()
        self._variables.update(node.learnt(key))
        self._visited(node.label_of(key), key)
        self._take(key, now)

    def _enter_question(self, node: CollectNode, now: float) -> None:
        if not node.ask_again and self._before.spares(node.variable, self.flow.name):
            self._take("then", now)
            return
        self._state = Collecting(node)
        self._typed.drop_to_digit()
        if not self._typed:
            self._ask(node, now, node.prompt)
        while self._typed and self._ahead is None and isinstance(self._state, Collecting):
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
        if self._variables.get(node.variable) == self._variables.get(VERIFIED_AS):  # the number that he has proved
            self._claims(digits)
        self._variables[node.variable] = digits
        if not node.secret:  # a secret is for the flow that has asked for it
            self._before.typed(node.variable, self.flow.name)
        self._typed.number_complete(node.terminator, now + node.between)
        self._visited(node.label_of(""), "" if node.secret else digits)
        self._take("then", now)

    def _take_message(self, node: RecordNode, now: float) -> None:
        self._state = TakingMessage(node)
        self._deadline = now + node.longest + RECORDING_OVERDUE
        self._steps.append(TakeMessage(node))

    def _message_over(self, now: float, *, kept: bool) -> None:
        self._steps.append(MessageOver(kept))
        if kept:
            self._visited(MESSAGE_LEFT, "")
        self._take("then" if kept else "none", now)

    # -- what both kinds of question do ----------------------------------------------------------------------

    def _ask(self, node: OneKeyNode | CollectNode, now: float, *prompts: Prompt) -> None:
        if not self._say(now, *_spoken(node, prompts)):
            self._deadline = now + node.wait

    def _no_match(self, node: OneKeyNode | CollectNode, failures: int, now: float) -> None:
        self._typed.mistaken(now)
        self._visits.no_match()
        self._ask_again(node, failures, node.no_match, now)

    def _ask_again(self, node: OneKeyNode | CollectNode, failures: int, why: Ladder, now: float) -> None:
        words = rung(why, failures)
        failures += 1
        if failures >= node.tries:
            self._visited(NOT_ANSWERED, "")
            self._take("give_up", now)
            return
        self._state = Choosing(node, failures) if isinstance(node, OneKeyNode) else Collecting(node, failures)
        self._ask(node, now, words, node.prompt)

    def _goes_on_with_mistake(self, key: str, now: float) -> bool:
        chosen = isinstance(self._state, Choosing) and key in self._state.node.keys
        return not chosen and self._typed.goes_on_with_mistake(now)


def _spoken(node: OneKeyNode | CollectNode, prompts: tuple[Prompt, ...]) -> tuple[Prompt, ...]:
    """What is said to ask; a prompt in each language is one prompt for each of them."""
    if not (isinstance(node, MenuNode) and node.in_each_language):
        return prompts
    *why, question = prompts
    return (*why, *({language: said} for language, said in question.items()))
