"""What the caller hears and may do before he is in a queue: a flow, made of nodes, each leading to the next.

A flow is data, written by an administrator (see `docs/flows.md`), and is complete and consistent when it is
made here by `ivr.edge.flow_files`: every name in it leads somewhere and every way through it ends. The words
are VoiceXML's.

    node       says         waits for               and then
    --------   ----------   ---------------------   --------------------------------------------------------
    say        its prompt   the prompt's end        `then`
    menu       its prompt   one key                 the key's choice
                            no key for `wait`       `no_input`, asks again; after `tries`: `give_up`
                            a key it does not have  `no_match`, asks again; after `tries`: `give_up`
    collect    its prompt   digits                  keeps them in `variable`, `then`
                            no digit for `wait`     `no_input`, asks again; after `tries`: `give_up`
                            too few, or no digit    `no_match`, asks again; after `tries`: `give_up`
    look_up    nothing      the CRM                 `found`, `not_found`, or `failed` (also its time-out)
    record     its prompt   what the caller says    `then`; `none` if that is next to nothing
    to_queue   its prompt   the prompt's end        leaves for the queue
    hang_up    its prompt   the prompt's end        leaves

Prompts hold slots: `{name}` is read as it is, `{number:digits}` digit by digit, `{balance:money}` as an
amount in the currency that the variable `currency` names. All durations are seconds.
"""

from collections.abc import Mapping
from typing import NewType

import msgspec

FlowName = NewType("FlowName", str)

NodeId = NewType("NodeId", str)
"""Names a node within its flow."""

Label = Mapping[str, str]
"""A few words for the agent's screen: language to text, the centre's first language first, at least one."""

NOT_ANSWERED: Label = {"en": "No valid answer", "zh": "未有效作答"}
"""Of a caller who has used up all his tries at a menu or question."""

MESSAGE_LEFT: Label = {"en": "Left a message", "zh": "已留言"}
"""Of a caller whose message is kept."""

KEYS = "0123456789*#"
"""What a telephone can send, as far as callers find it on their keypad."""

CALL_VARIABLES = frozenset({"caller", "dialled"})
"""Known in every flow from the start: who calls and what he dialled, as the network gave them."""

LOOK_UPS: Mapping[str, frozenset[str]] = {
    "customer": frozenset({"id", "name", "company", "language", "balance", "currency", "owner"}),
}
"""What can be looked up, and the variables that it fills in when it is found."""


class Template(msgspec.Struct, frozen=True, tag="template"):
    """Words with slots, to be filled in and spoken."""

    text: str


class Recorded(msgspec.Struct, frozen=True, tag="recorded"):
    """A sound file that the PBX has, named as Asterisk names it."""

    name: str


class Prompt(msgspec.Struct, frozen=True):
    """What is said, by language (`en`, `zh`). No language at all: silence, which ends at once."""

    by_language: Mapping[str, Template | Recorded] = {}


SILENCE = Prompt()


class Choice(msgspec.Struct, frozen=True):
    """Where a key leads."""

    to: NodeId
    label: Label
    """What the caller chose."""


class SayNode(msgspec.Struct, frozen=True, tag="say"):
    """Says something and goes on."""

    prompt: Prompt
    then: NodeId


class MenuNode(msgspec.Struct, frozen=True, tag="menu"):
    """Lets the caller choose with one key."""

    prompt: Prompt
    choices: Mapping[str, Choice]
    """Key to choice."""
    give_up: NodeId
    tries: int = 3
    wait: float = 6.0
    """How long he may think after the prompt."""
    no_input: Prompt = SILENCE
    no_match: Prompt = SILENCE


class CollectNode(msgspec.Struct, frozen=True, tag="collect"):
    """Asks the caller for digits."""

    prompt: Prompt
    variable: str
    then: NodeId
    give_up: NodeId
    label: Label
    """What he was asked."""
    shortest: int = 1
    longest: int = 20
    terminator: str = "#"
    """The key that ends the digits before there are `longest`; empty: none does."""
    secret: bool = False
    """The digits are not shown, logged, or saved (a PIN)."""
    tries: int = 3
    wait: float = 8.0
    """How long he may look for his number after the prompt."""
    between: float = 4.0
    """How long he may pause between two digits; then what he typed counts."""
    no_input: Prompt = SILENCE
    no_match: Prompt = SILENCE


class LookUpNode(msgspec.Struct, frozen=True, tag="look_up"):
    """Asks the CRM; the variables of `LOOK_UPS[kind]` are filled in when it finds something."""

    kind: str
    by: str
    """The variable that holds the key."""
    found: NodeId
    not_found: NodeId
    failed: NodeId
    timeout: float = 5.0


class RecordNode(msgspec.Struct, frozen=True, tag="record"):
    """Keeps what the caller says: a voicemail. It ends with his key, his silence, its length, or his hanging up."""

    prompt: Prompt
    then: NodeId
    none: NodeId
    """Where a caller goes who said nothing, or less than `shortest`, or whom the PBX could not record."""
    queue: str = ""
    """Whose message it is; empty: the supervisors'."""
    shortest: float = 2.0
    """Seconds of speech; less counts as no message."""
    longest: float = 120.0
    silence: float = 5.0
    """Seconds after which we believe that he has finished."""
    terminator: str = "#"
    """The key with which he ends it; empty: none does."""
    beep: bool = True


class Need(msgspec.Struct, frozen=True):
    """What the agent must be able to do, from some time on. The flow does not know what the words mean; whoever has the
    agents does."""

    text: str
    """Such as `{language}>=5 & billing`: its slots are filled in when the caller leaves."""
    after: float = 0.0
    """Seconds since he entered the queue."""


class ToQueueNode(msgspec.Struct, frozen=True, tag="to_queue"):
    """Leaves for a queue: he wants a person."""

    queue: str
    prompt: Prompt = SILENCE
    requires: tuple[Need, ...] = ()
    """Beside what the queue asks for."""
    agent: str = ""
    """Who is asked first, by name or by a slot (`{owner}`); empty: nobody in particular."""


class HangUpNode(msgspec.Struct, frozen=True, tag="hang_up"):
    """Ends the call: he has got what he wanted, or there is nothing for him."""

    prompt: Prompt = SILENCE


Node = SayNode | MenuNode | CollectNode | LookUpNode | RecordNode | ToQueueNode | HangUpNode


class Flow(msgspec.Struct, frozen=True):
    """One dialogue with the caller, from its first node to an exit."""

    name: FlowName
    start: NodeId
    nodes: Mapping[NodeId, Node]
    otherwise: NodeId
    """A `to_queue` or `hang_up` node: where a caller goes whose dialogue cannot go on."""

    def label_at(self, node: str, said: str) -> Label:
        """What the caller did at a node, where he pressed `said`; empty if the flow has no such node or key."""
        match self.nodes.get(NodeId(node)):
            case MenuNode(choices=choices) if said in choices:
                return choices[said].label
            case CollectNode(label=label):
                return label
            case RecordNode():
                return MESSAGE_LEFT
            case _:
                return {}
