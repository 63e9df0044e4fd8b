"""Whatever a caller does on whatever flow, each thing that he does comes to its end."""

from math import isfinite

from hypothesis import given
from hypothesis import strategies as st

from ivr.dialogue.interpreter import NODES_AT_MOST, Dialogue
from ivr.flow.flow import Flow
from ivr.flow.node import KEYS, Asking
from ivr.flow.questions import Question
from ivr.flow.settings import FlowName
from ivr.rehearsal.answering import Reply
from ivr.rehearsal.line import Line, What
from tests.ivr.test_every_dialogue_ends import flows as any_flows

acts = st.one_of(
    st.text(alphabet=KEYS, min_size=1, max_size=6),
    st.floats(0, 100),
    st.sampled_from(["listen a little", "listen", "let time pass", "speak"]),
)
replies = st.one_of(st.none(), st.sampled_from(["found", "not_found", "failed"]).map(lambda way: Reply(way, {})))


@given(any_flows(), st.lists(acts, max_size=30), replies, st.floats(0, 20))
def test_every_act_ends(
    flows: dict[FlowName, Flow], doing: list[str | float], reply: Reply | None, after: float
) -> None:
    def answering(question: Question, name: str, node: Asking) -> tuple[Reply | None, float]:
        del question, name, node
        return reply, after

    line = Line(Dialogue(flows[FlowName("any")], "en", {"number": "1"}, flows), 1000.0, answering)
    line.begin()
    for act in doing:
        if line.over:
            break
        match act:
            case float():
                line.waits(act)
            case "listen a little":
                line.listen(to_the_end=False)
            case "listen":
                line.listen()
            case "let time pass":
                line.lets_time_pass()
            case "speak":
                if line.recorded:
                    line.says(3.0)
            case str():
                line.presses(act)
    for _ in range(5 * NODES_AT_MOST):  # each node may ask a few times
        line.listen()
        if line.over:
            break
        line.lets_time_pass()
    assert line.over
    assert isfinite(line.now)
    assert [one.at for one in line.story] == sorted(one.at for one in line.story)
    assert [one.what for one in line.story].count(What.ENDS) == 1
