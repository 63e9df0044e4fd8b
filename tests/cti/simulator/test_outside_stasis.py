"""What becomes of callers while we are away: the dialplan's fallback, events that nobody keeps, a crash of the PBX."""

from msgspec.structs import replace

from cti.simulator.callers import CallerState, Script
from cti.simulator.settings import Transfers
from cti.simulator.timers import Timers
from tests.cti.simulator.bench_pbx import APP, SETTINGS, Bench


def test_an_application_that_comes_within_two_seconds_gets_the_caller() -> None:
    bench = Bench(connected=False)
    caller = bench.call()
    assert bench.hears(caller) == "ringback"
    bench.wait(1.2)
    bench.pbx.connect_app(APP, bench.now)
    bench.wait(0.5)
    assert bench.kinds() == ["StasisStart"]
    assert caller.state is CallerState.CALLING


def test_the_fallback_tries_once_a_minute() -> None:
    bench = Bench(connected=False)
    caller = bench.call()
    bench.wait(2.1)
    assert caller.state is CallerState.CONNECTED
    assert bench.hears(caller) == "sound:pls-hold-while-try"
    bench.wait(2.1)
    assert bench.hears(caller) == "music:callwright"
    bench.pbx.connect_app(APP, bench.now)
    bench.wait(30)
    assert bench.kinds() == []
    bench.wait(32)
    start = bench.events()[0]
    assert start["type"] == "StasisStart"
    assert isinstance(start["channel"], dict)
    assert start["channel"]["state"] == "Up"
    assert bench.hears(caller) == ""


def test_the_fallback_gives_up_in_the_end() -> None:
    bench = Bench(connected=False)
    patient = bench.call(Script(patience=10_000))
    bench.wait(700)
    assert patient.state is CallerState.OVER
    assert patient.cause == 17
    assert not patient.hung_up_himself


def test_handed_back_and_hung_up() -> None:
    bench = Bench()
    caller = bench.answered()
    bench.do("POST", f"/channels/{caller.channel_id}/continue")
    assert bench.hears(caller) == "sound:pls-hold-while-try"
    caller.hang_up()
    assert bench.kinds() == ["StasisStart", "ChannelStateChange", "StasisEnd"]


OUT = {"context": "callwright-transfer", "label": "out"}


def test_put_through_and_answered() -> None:
    bench = Bench(replace(SETTINGS, transfers=Transfers({"200": 3.0})))
    caller = bench.answered()
    bench.do("POST", f"/channels/{caller.channel_id}/variable", variable="CALLWRIGHT", value="a note")
    bench.do("POST", f"/channels/{caller.channel_id}/continue", extension="200", **OUT)
    assert bench.kinds()[-2:] == ["ChannelVarset", "StasisEnd"]
    assert bench.hears(caller) == "ringback"
    assert bench.pbx.world.channels[caller.channel_id].variables.keys() == {"CALLWRIGHT_ENTERED"}
    bench.wait(3.1)
    assert bench.hears(caller) == "tone:200"
    assert caller.state is CallerState.TALKING
    caller.hang_up()
    assert not bench.pbx.world.channels


def test_put_through_to_nobody_three_times() -> None:
    bench = Bench()
    caller = bench.answered()
    for _ in range(3):
        bench.events()
        bench.do("POST", f"/channels/{caller.channel_id}/continue", extension="201", **OUT)
        assert bench.hears(caller) == "sound:vm-nobodyavail"
        bench.wait(2.1)
    assert bench.kinds() == ["StasisEnd"]
    assert (caller.state, caller.cause, caller.hung_up_himself) == (CallerState.OVER, 17, False)


def test_who_is_put_through_to_nobody_comes_again_as_if_he_had_just_dialled() -> None:
    bench = Bench()
    caller = bench.answered()
    began = bench.now
    bench.do("POST", f"/channels/{caller.channel_id}/continue", extension="201", **OUT)
    bench.wait(2.1)
    start = bench.events()[-1]
    assert (start["type"], start["args"]) == ("StasisStart", ["in", "5551000"])
    channel = bench.pbx.world.channels[caller.channel_id]
    assert float(channel.variables["CALLWRIGHT_ENTERED"]) > began


def test_a_dialplan_without_that_part_refuses() -> None:
    for settings, place in (
        (SETTINGS, {**OUT, "label": "in"}),
        (replace(SETTINGS, transfers=Transfers(there=False)), OUT),
    ):
        bench = Bench(settings)
        caller = bench.answered()
        refused = bench.ask("POST", f"/channels/{caller.channel_id}/continue", extension="200", **place)
        assert (refused.status, refused.body) == (404, {"message": "Requested label can not be found"})
        assert bench.pbx.world.channels[caller.channel_id].app == APP


def test_a_leg_that_is_handed_back_ends() -> None:
    bench = Bench()
    bench.talk()
    bench.do("POST", "/channels/leg-1/continue")
    assert bench.ask("GET", "/channels/leg-1").status == 404


def test_events_are_lost_while_we_are_away_and_calls_are_not() -> None:
    bench = Bench()
    waiting, talking = bench.answered(), bench.talk()
    bench.events()
    bench.pbx.disconnect_app(APP, bench.now)
    waiting.press("1")
    bench.wait(1)
    bench.pbx.connect_app(APP, bench.now)
    bench.wait(1)
    assert bench.events() == []
    assert bench.hears(talking) == "tone:alice"
    waiting.press("2")
    bench.wait(1)
    assert [event["digit"] for event in bench.events()] == ["2"]


def test_a_second_connection_replaces_the_first() -> None:
    bench = Bench()
    bench.pbx.connect_app(APP, bench.now)
    replaced = bench.events()
    assert [event["type"] for event in replaced] == ["ApplicationReplaced"]
    assert replaced[0]["application"] == APP


def test_a_restart_takes_all_calls() -> None:
    bench = Bench()
    caller = bench.talk()
    bench.do("POST", f"/channels/{caller.channel_id}/play/p1", media="sound:long")
    bench.events()
    bench.pbx.restart(bench.now)
    assert caller.state is CallerState.OVER
    assert not caller.hung_up_himself
    assert bench.do("GET", "/channels").body == bench.do("GET", "/bridges").body == []
    assert bench.events() == []
    bench.wait(60)
    bench.pbx.disconnect_app(APP, bench.now)
    bench.pbx.connect_app(APP, bench.now)
    bench.call()
    assert bench.kinds() == ["StasisStart"]


def test_time_never_runs_backwards() -> None:
    bench = Bench()
    bench.wait(10)
    bench.pbx.tick(bench.now - 5)
    assert bench.pbx.world.now == bench.now


def test_timers_of_one_moment_keep_their_order() -> None:
    timers = Timers()
    done: list[int] = []
    for number in (1, 2, 3):
        timers.at(5.0, lambda number=number: done.append(number))  # type: ignore[misc]
    timers.at(1.0, lambda: done.append(0)).cancel()
    assert timers.next_deadline() == 5.0
    assert timers.pop_due(4.9) is None
    while (timer := timers.pop_due(5.0)) is not None:
        assert timer.action is not None
        timer.action()
    assert done == [1, 2, 3]
    assert timers.next_deadline() is None
