"""What callers and agents hear, and when."""

import pytest

from cti.simulator.hearing import Heard
from cti.simulator.media import length, speech, spoken_text
from tests.cti.simulator.bench_pbx import START, Bench


@pytest.mark.parametrize(
    ("media", "seconds"),
    [
        (speech("x" * 28, "en"), 2.0),
        (speech("您好世界", "zh"), 1.0),
        (speech("您好世界", "zh-CN"), 1.0),
        ("sound:known", 7.5),
        ("sound:unknown", 2.0),
        ("digits:1234", 2.4),
        ("tone:ring", 2.0),
    ],
)
def test_lengths(media: str, seconds: float) -> None:
    assert length(media, {"known": 7.5}) == pytest.approx(seconds)


def test_spoken_text_survives_any_character() -> None:
    assert spoken_text(speech("100% of 5/6, 您好?", "en")) == "100% of 5/6, 您好?"
    assert spoken_text("sound:callwright/menu") == "callwright/menu"
    assert spoken_text("nonsense") == "nonsense"


def test_a_prompt_is_complete_or_not() -> None:
    bench = Bench()
    caller = bench.answered()
    channel = caller.channel_id
    bench.do("POST", f"/channels/{channel}/play/p1", media="sound:short,sound:long")
    bench.wait(3)
    bench.do("DELETE", "/playbacks/p1")
    assert bench.pbx.heard(channel, bench.now) == [
        Heard(START, START + 1, "sound:short", True),
        Heard(START + 1, START + 3, "sound:long", False),
    ]


def test_a_prompt_stands_over_music_and_music_over_a_bridge() -> None:
    bench = Bench()
    caller = bench.talk()
    channel = caller.channel_id
    assert bench.hears(caller) == "tone:alice"
    bench.do("POST", f"/channels/{channel}/moh", mohClass="waltz")
    assert bench.hears(caller) == "music:waltz"
    bench.do("POST", f"/channels/{channel}/play/p1", media="sound:short")
    assert bench.hears(caller) == "sound:short"
    assert bench.pbx.hears("leg-1", bench.now) == "tone:+15550100"
    bench.wait(1)
    assert bench.hears(caller) == "music:waltz"
    bench.do("DELETE", f"/channels/{channel}/moh")
    assert bench.hears(caller) == "tone:alice"
    bench.do("POST", f"/channels/{channel}/hold")
    assert bench.hears(caller) == "music:default"


def test_ringback_and_silence() -> None:
    bench = Bench()
    caller = bench.call()
    bench.do("POST", f"/channels/{caller.channel_id}/ring")
    assert bench.hears(caller) == "ringback"
    bench.do("POST", f"/channels/{caller.channel_id}/answer")
    assert bench.hears(caller) == ""
    assert bench.pbx.hears("no such channel", bench.now) == ""


def test_bridge_music_and_prompts() -> None:
    bench = Bench()
    caller = bench.answered()
    bench.do("POST", "/bridges/b", {"type": "mixing"})
    bench.do("POST", "/bridges/b/addChannel", channel=caller.channel_id)
    bench.do("POST", "/bridges/b/moh", mohClass="waltz")
    assert bench.hears(caller) == "music:waltz"
    bench.do("POST", "/bridges/b/play/p1", media="sound:short")
    assert bench.hears(caller) == "sound:short"
    bench.wait(1)
    bench.do("DELETE", "/bridges/b/moh")
    assert bench.hears(caller) == ""
    bench.do("POST", "/bridges/b/play", media="sound:long")
    bench.do("DELETE", "/bridges/b")
    assert bench.hears(caller) == ""


def test_nobody_hears_another_in_a_holding_bridge() -> None:
    bench = Bench()
    first, second = bench.answered(), bench.answered()
    bench.do("POST", "/bridges/b", {"type": "holding"})
    bench.do("POST", "/bridges/b/addChannel", channel=f"{first.channel_id},{second.channel_id}")
    assert bench.hears(first) == bench.hears(second) == "music:default"


def test_three_hear_each_other() -> None:
    bench = Bench()
    caller = bench.talk()
    bench.ring("bob", leg="leg-2")
    bench.pbx.phone("bob").answer()
    bench.do("POST", "/bridges/br-1/addChannel", channel="leg-2")
    assert bench.hears(caller) == "tone:alice+tone:bob"
    assert bench.pbx.hears("leg-2", bench.now) == "tone:+15550100+tone:alice"
    caller.hang_up()
    assert bench.pbx.hears("leg-2", bench.now) == "tone:alice"


def test_pause_and_resume_keep_the_length() -> None:
    bench = Bench()
    caller = bench.answered()
    bench.do("POST", f"/channels/{caller.channel_id}/play/p1", media="sound:long")
    bench.wait(4)
    bench.do("POST", "/playbacks/p1/control", operation="pause")
    bench.wait(60)
    assert bench.hears(caller) == ""
    bench.do("POST", "/playbacks/p1/control", operation="unpause")
    bench.wait(5.9)
    assert bench.hears(caller) == "sound:long"
    bench.wait(0.2)
    assert bench.hears(caller) == ""
    assert bench.pbx.heard(caller.channel_id, bench.now)[-1].completed


def test_restart_plays_from_the_beginning() -> None:
    bench = Bench()
    caller = bench.answered()
    bench.do("POST", f"/channels/{caller.channel_id}/play/p1", media="sound:long")
    bench.wait(9)
    bench.do("POST", "/playbacks/p1/control", operation="restart")
    bench.wait(9)
    assert bench.hears(caller) == "sound:long"


def test_ears_are_remembered_for_a_while() -> None:
    bench = Bench()
    first = bench.answered()
    bench.do("POST", f"/channels/{first.channel_id}/play/p1", media="sound:short")
    bench.wait(0.5)
    first.hang_up()
    assert [heard.media for heard in bench.pbx.heard(first.channel_id, bench.now)] == ["sound:short"]
    for _ in range(bench.pbx.settings.remembered_ears):
        bench.call().hang_up()
    with pytest.raises(KeyError):
        bench.pbx.heard(first.channel_id, bench.now)
