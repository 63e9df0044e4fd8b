"""Virtual callers and phones do what they were told, at the time they were told."""

from math import inf
from random import Random

import pytest

from cti.simulator.callers import CallerState, Script, Step
from cti.simulator.media import speech
from cti.simulator.phones import Habit, Reaction
from cti.simulator.population import Errand, Habits, Person, Population, Traffic
from tests.cti.simulator.bench_pbx import APP, NUMBER, START, Bench


def keys(bench: Bench) -> list[tuple[str, float]]:
    """Which keys came, and after how many seconds."""
    pressed = []
    while (due := bench.pbx.next_deadline()) is not None and due < START + 60:
        bench.wait(due - bench.now)
        pressed += [
            (str(event["digit"]), bench.now - START)
            for event in bench.events()
            if event["type"] == "ChannelDtmfReceived"
        ]
    return pressed


def test_keys_follow_the_right_prompt() -> None:
    bench = Bench()
    steps = (Step("1", prompt="for Billing", after=0.5), Step("42", prompt="number", after=1.0))
    caller = bench.answered(Script(steps))
    path = f"/channels/{caller.channel_id}/play"
    bench.do("POST", path, {"media": [speech("Welcome. You hear", "en"), speech("for billing press one", "en")]})
    bench.do("POST", path, {"media": [speech("your customer number, please", "en")]})
    pressed = keys(bench)
    welcome, menu = 17 / 14, 21 / 14
    assert [key for key, _ in pressed] == ["1", "4", "2"]
    times = [at for _, at in pressed]
    assert times == pytest.approx([welcome + 0.6, welcome + menu + 1.1, welcome + menu + 1.3], abs=0.001)


def test_what_a_key_brings_about_counts_however_fast_it_is_said() -> None:
    bench = Bench()
    caller = bench.answered(Script((Step("1", after=1.0), Step("2", prompt="number", after=1.0))))
    bench.wait(1.1)
    assert [event["digit"] for event in bench.events() if event["type"] == "ChannelDtmfReceived"] == ["1"]
    bench.do("POST", f"/channels/{caller.channel_id}/play", {"media": [speech("your customer number", "en")]})
    assert [key for key, _ in keys(bench)] == ["2"]


def test_steps_without_a_prompt_follow_each_other() -> None:
    bench = Bench()
    caller = bench.answered(Script((Step("1", after=1), Step("2", after=2), Step("#", after=1, hang_up=True))))
    assert [key for key, _ in keys(bench)] == ["1", "2", "#"]
    assert caller.state is CallerState.OVER
    assert caller.hung_up_himself


def test_patience_ends_while_waiting_but_not_while_talking() -> None:
    bench = Bench()
    waiting = bench.answered(Script(patience=30))
    talking = bench.talk(Script(patience=30, talk=100))
    bench.wait(31)
    assert waiting.moments[CallerState.OVER] - waiting.moments[CallerState.CALLING] == pytest.approx(30)
    assert waiting.hung_up_himself
    assert talking.spoke_with == ["tone:alice"]
    bench.wait(80)
    assert talking.moments[CallerState.OVER] - talking.moments[CallerState.TALKING] == pytest.approx(100)


def test_an_unknown_number_is_refused() -> None:
    bench = Bench()
    caller = bench.call(number="999")
    assert caller.state is CallerState.REFUSED
    assert caller.cause == 1
    assert bench.kinds() == []
    caller.hang_up()
    caller.press("1")


@pytest.mark.parametrize(
    ("habit", "after", "state"),
    [
        (Habit(Reaction.ANSWER, 3.0), 2.9, "Ringing"),
        (Habit(Reaction.ANSWER, 3.0), 3.1, "Up"),
        (Habit(Reaction.LET_RING), 29.0, "Ringing"),
        (Habit(Reaction.LET_RING), 31.0, "gone"),
        (Habit(Reaction.DECLINE, 3.0), 2.9, "Ringing"),
        (Habit(Reaction.DECLINE, 3.0), 3.1, "gone"),
        (Habit(Reaction.BUSY), 0.1, "gone"),
    ],
)
def test_habits(habit: Habit, after: float, state: str) -> None:
    bench = Bench()
    bench.pbx.add_phone("alice", habit)
    bench.do("POST", "/channels/leg-1", {"endpoint": "PJSIP/alice", "app": APP})
    bench.wait(after)
    body = bench.ask("GET", "/channels/leg-1").body
    assert isinstance(body, dict)
    assert body.get("state", "gone") == state


@pytest.mark.parametrize(
    ("deed", "cause"), [("busy", 17), ("decline", 21), ("hang_up", 21), ("time_out", 19), ("away", 0)]
)
def test_why_a_ringing_leg_ended(deed: str, cause: int) -> None:
    bench = Bench()
    bench.ring(habit=Habit(Reaction.BUSY if deed == "busy" else Reaction.LET_RING))
    alice = bench.pbx.phone("alice")
    if deed == "decline":
        assert alice.decline()
    elif deed == "hang_up":
        assert alice.hang_up()
    elif deed == "time_out":
        bench.wait(31)
    elif deed == "away":
        alice.register(registered=False)
        assert alice.answer(), "who rings may still be answered"
    ended = [event for event in bench.events() if event["type"] == "ChannelDestroyed"]
    assert [event["cause"] for event in ended] == ([cause] if cause else [])


def test_nothing_to_answer() -> None:
    bench = Bench()
    alice = bench.pbx.add_phone("alice")
    assert not alice.answer()
    assert not alice.decline()
    assert not alice.hang_up()


def test_a_phone_hangs_up_after_its_talk_time() -> None:
    bench = Bench()
    caller = bench.talk(habit=Habit(talk=20.0))
    bench.wait(21)
    assert bench.do("GET", "/channels").body != []
    assert bench.hears(caller) == ""
    assert caller.state is CallerState.TALKING
    assert bench.ask("GET", "/channels/leg-1").status == 404


def test_phone_and_caller_hang_up_in_the_same_moment() -> None:
    bench = Bench()
    caller = bench.talk()
    caller.hang_up()
    bench.pbx.phone("alice").hang_up()
    caller.hang_up()
    kinds = bench.kinds()
    assert kinds.count("StasisEnd") == 2
    assert bench.do("GET", "/channels").body == []


def test_who_can_answer_cannot_be_withdrawn_and_the_reverse() -> None:
    bench = Bench()
    bench.ring(habit=Habit(Reaction.ANSWER, 5.0))
    bench.do("DELETE", "/channels/leg-1", reason="answered_elsewhere")
    bench.wait(10)
    assert "StasisStart" not in bench.kinds()


def crowd(seed: int, *, calls_per_hour: float = 360.0, people: int = 20) -> Population:
    return Population(
        [Person(f"+1555{n:04d}", f"P{n}", f"C{n}") for n in range(people)],
        [
            Errand(NUMBER, (Step("1{customer}", after=1.0),), weight=3.0),
            Errand("999", weight=1.0),
        ],
        Habits(calls_per_hour=calls_per_hour, patience=20, least_patience=5, talk=inf),
        Random(seed),
    )


def test_traffic_is_the_same_for_the_same_seed() -> None:
    runs = []
    for _ in range(2):
        bench = Bench()
        traffic = Traffic(bench.pbx, crowd(7))
        traffic.start(bench.now)
        bench.wait(3600)
        runs.append([(event["type"], event["timestamp"]) for event in bench.events()])
        traffic.stop()
        bench.wait(600)
        assert not traffic.callers
    assert runs[0] == runs[1]
    arrivals = sum(kind == "StasisStart" for kind, _ in runs[0])
    assert 200 < arrivals < 340, "three quarters of about 360 an hour"


def test_nobody_calls_twice_at_once() -> None:
    bench = Bench()
    traffic = Traffic(bench.pbx, crowd(3, calls_per_hour=36_000, people=5))
    traffic.start(bench.now)
    for _ in range(200):
        bench.wait(0.5)
        assert len(traffic.callers) <= 5
    assert traffic.made > 20
    bench.pbx.restart(bench.now)
    bench.pbx.connect_app(APP, bench.now)
    made = traffic.made
    bench.wait(60)
    assert traffic.made > made, "a restart of the PBX does not stop people from calling"


def test_a_population_needs_people() -> None:
    with pytest.raises(ValueError, match="needs people"):
        Population([], [Errand(NUMBER)], Habits(), Random(1))
    assert crowd(1, calls_per_hour=0).next_arrival(START) is None
