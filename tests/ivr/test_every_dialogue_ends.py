"""Whatever the flow, the caller, the PBX and the CRM do: a dialogue ends, once, and leaves nothing playing."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from ivr.dialogue.interpreter import (
    NODES_AT_MOST,
    PROMPT_AT_MOST,
    Ask,
    Dialogue,
    Leave,
    MessageOver,
    PutThrough,
    Say,
    Step,
    StopSaying,
    TakeMessage,
)
from ivr.flow.flow import Flow
from ivr.flow.node import KEYS, Node
from ivr.flow.settings import SILENCE, FlowName, NodeId
from ivr.nodes.authenticate import AuthenticateNode
from ivr.nodes.back import ReturnNode
from ivr.nodes.branch import BranchNode, Case
from ivr.nodes.collect import CollectNode
from ivr.nodes.create import CreateNode
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.http import HttpNode
from ivr.nodes.language import LanguageNode
from ivr.nodes.look_up import LookUpNode
from ivr.nodes.menu import Choice, MenuNode
from ivr.nodes.record import RecordNode
from ivr.nodes.say import SayNode
from ivr.nodes.set_variables import SetNode
from ivr.nodes.sub_flow import SubFlowNode
from ivr.nodes.survey import SurveyNode
from ivr.nodes.to_queue import ToQueueNode
from ivr.nodes.transfer import TransferNode

NAMES = [NodeId(name) for name in "abcdef"]
EXIT = NodeId("exit")

targets = st.sampled_from([*NAMES, EXIT])
prompts = st.sampled_from([SILENCE, {"en": "words"}, {"en": "{name}"}])
labels = st.just({"en": "label"})
menus = st.builds(
    MenuNode,
    prompt=prompts,
    choices=st.dictionaries(st.sampled_from(KEYS), st.builds(Choice, targets, labels), min_size=1),
    give_up=targets,
    tries=st.integers(1, 3),
    no_input=prompts,
    no_match=prompts,
)
surveys = st.builds(
    SurveyNode,
    prompt=prompts,
    variable=st.sampled_from(["number", "name"]),
    label=labels,
    then=targets,
    highest=st.integers(2, 9),
    give_up=targets,
    tries=st.integers(1, 3),
)
questions = st.builds(
    CollectNode,
    prompt=prompts,
    variable=st.sampled_from(["number", "name"]),
    then=targets,
    give_up=targets,
    label=labels,
    shortest=st.integers(1, 3),
    longest=st.integers(3, 5),
    terminator=st.sampled_from(["", "#", "*"]),
    tries=st.integers(1, 3),
    no_input=prompts,
    no_match=prompts,
)
look_ups = st.builds(LookUpNode, st.just("customer"), st.just("number"), targets, targets, targets, waiting=prompts)
others_asked = st.one_of(
    st.builds(AuthenticateNode, st.just("number"), st.just("name"), targets, targets, targets, targets),
    st.builds(CreateNode, st.just("ticket"), targets, st.just({"subject": "{name}"}), targets, waiting=prompts),
    st.builds(HttpNode, st.just("shop"), st.just("/{number}"), targets, not_found=targets, failed=targets),
)
conditions = st.sampled_from(['number == "1"', "size(name) > 2", "1 / 0 == 1", "true", "gone"])
deciding = st.one_of(
    st.builds(BranchNode, st.lists(st.builds(Case, conditions, targets), min_size=1).map(tuple), targets),
    st.builds(SetNode, st.dictionaries(st.sampled_from(["number", "name"]), conditions, min_size=1), targets),
    st.builds(LanguageNode, st.sampled_from(["en", "zh"]), targets),
    st.builds(SubFlowNode, st.sampled_from([FlowName("any"), FlowName("sub")]), targets),
)
messages = st.builds(RecordNode, prompt=prompts, then=targets, none=targets)
exits = st.one_of(
    st.builds(ToQueueNode, st.just("billing"), prompts),
    st.builds(HangUpNode, prompts),
    st.builds(ReturnNode, prompts),
)
transfers = st.builds(TransferNode, st.sampled_from(["office", "{number}"]), prompts, targets)
nodes: st.SearchStrategy[Node] = st.one_of(
    st.builds(SayNode, prompts, targets),
    menus,
    surveys,
    questions,
    look_ups,
    others_asked,
    deciding,
    messages,
    transfers,
    exits,
)


@st.composite
def flows(draw: st.DrawFn) -> Mapping[FlowName, Flow]:
    """Any two flows at all, rings without a question and flows that lead through themselves among them, which no file
    may hold."""
    made = {}
    for name in (FlowName("any"), FlowName("sub")):
        everything = {node: draw(nodes) for node in NAMES} | {EXIT: draw(exits)}
        made[name] = Flow(name, NAMES[0], everything, EXIT, numbers={"office": "100"})
    return made


def dialogue_in(flows: Mapping[FlowName, Flow]) -> Dialogue:
    """One in the first of them."""
    return Dialogue(flows[FlowName("any")], "en", {"number": "1"}, flows)


class Watcher:
    """Looks at every step, and knows what plays and whether an answer is awaited."""

    def __init__(self) -> None:
        self.playing = False
        self.asked = False
        self.recording = False
        self.left = 0

    def see(self, steps: tuple[Step, ...]) -> None:
        """Steps in their order."""
        for step in steps:
            assert not self.left, "nothing comes after Leave"
            match step:
                case Say(sounds):
                    assert sounds
                    assert not self.recording
                    self.playing = True
                case StopSaying():
                    assert self.playing
                    self.playing = False
                case Ask():
                    self.asked = True
                case TakeMessage():
                    assert not self.playing
                    assert not self.recording
                    self.recording = True
                case MessageOver():
                    assert self.recording
                    self.recording = False
                case PutThrough(number):
                    assert not self.playing
                    assert number == "100"
                case Leave():
                    assert not self.playing
                    assert not self.recording
                    self.left += 1
                case _:
                    pass


ANSWERS = ["prompt ends", "time passes", "found", "not found", "failed", "reborn", "message", "silence"]
ANSWERS += ["verified", "then", "put through", "not put through"]
inputs = st.one_of(st.sampled_from(KEYS), st.sampled_from(ANSWERS))


@given(flows(), st.lists(inputs, max_size=60), st.booleans())
def test_every_dialogue_ends(flows: Mapping[FlowName, Flow], happens: list[str], pbx_tells: bool) -> None:
    """After anything at all has happened, the caller falls silent."""
    dialogue, watcher, now = dialogue_in(flows), Watcher(), 0.0
    watcher.see(dialogue.start(now))
    for what in happens:
        now += 0.5
        if what == "reborn" and not dialogue.over:
            dialogue, watcher = Dialogue.restored(dialogue.flow, dialogue.save(), flows), Watcher()
            watcher.see(dialogue.start(now))
        happen(dialogue, watcher, what, now)
    for _ in range(NODES_AT_MOST * 8):
        if dialogue.over:
            break
        deadline = dialogue.next_deadline()
        assert deadline is not None, "a dialogue that is not over waits for something"
        assert deadline <= now + PROMPT_AT_MOST
        if watcher.playing and pbx_tells:
            now += 1.0
            happen(dialogue, watcher, "prompt ends", now)
        else:
            now = max(now, deadline)
            watcher.see(dialogue.tick(now))
    assert watcher.left == 1
    assert dialogue.next_deadline() is None


@given(flows(), st.sampled_from(KEYS))
def test_a_stuck_key_ends_too(flows: Mapping[FlowName, Flow], key: str) -> None:
    dialogue, watcher = dialogue_in(flows), Watcher()
    watcher.see(dialogue.start(0.0))
    for second in range(1, NODES_AT_MOST * 30):
        watcher.see(dialogue.key_pressed(key, float(second)))
        if watcher.recording:
            watcher.see(dialogue.recorded(0.0, float(second)))
        watcher.see(dialogue.tick(float(second)))
        if dialogue.over:
            break
    assert watcher.left == 1


def happen(dialogue: Dialogue, watcher: Watcher, what: str, now: float) -> None:
    """Something of `ANSWERS`, or a key."""
    match what:
        case "prompt ends":
            watcher.playing = False
            watcher.see(dialogue.prompt_ended(now))
        case "time passes":
            watcher.see(dialogue.tick(now))
        case "found":
            watcher.see(dialogue.answered("found", {"name": "Ann"}, now))
        case "verified" | "then":
            watcher.see(dialogue.answered(what, {"name": "Bo"}, now))
        case "not found":
            watcher.see(dialogue.answered("not_found", {}, now))
        case "failed":
            watcher.see(dialogue.answered("failed", {}, now))
        case "message":
            watcher.see(dialogue.recorded(4.0, now))
        case "silence":
            watcher.see(dialogue.recorded(1.0, now))
        case "put through":
            watcher.see(dialogue.put_through(now))
        case "not put through":
            watcher.see(dialogue.not_put_through(now))
        case "reborn":
            pass
        case key:
            watcher.see(dialogue.key_pressed(key, now))
