"""Keys that come early, and keys that come behind a wrong one."""

import msgspec

from cti.model import Speech
from ivr.dialogue.interpreter import Ask, Dialogue, Leave, Say, Step, StopSaying, ToQueue, Visit, Visited
from ivr.dialogue.typed_keys import KEPT_AT_MOST, PAUSE
from ivr.flow.questions import LookUp
from ivr.flow.settings import NodeId
from ivr.nodes.say import SayNode
from tests.ivr.dialogues import FOUND, in_balance, in_look_up, in_question, press, words
from tests.ivr.flows import FIND, MENU, NUMBER, SERVICE, flow, said


def test_a_key_cuts_what_is_said_and_counts_for_the_next_menu() -> None:
    dialogue = in_balance()
    assert dialogue.key_pressed("0", 6.0) == (
        StopSaying(),
        Visited(Visit(NodeId("more"), "A person", "0")),
        Leave(ToQueue("billing")),
    )


def test_a_key_that_the_next_menu_does_not_have_is_forgotten() -> None:
    dialogue = in_balance()
    assert words(dialogue.key_pressed("5", 6.0)) == ["zero for a person"]
    assert not dialogue.over


def test_keys_during_a_look_up_are_kept() -> None:
    dialogue = in_look_up()
    assert press(dialogue, "50", 4.5) == ()
    assert words(dialogue.answered("found", FOUND, 5.0)) == ["you owe 120 euros and 50 cents"]
    assert dialogue.prompt_ended(8.0)[-1] == Leave(ToQueue("billing"))


def test_a_number_typed_ahead_needs_no_question() -> None:
    dialogue = Dialogue(flow("hello", hello=SayNode(said("hello"), NodeId("number")), number=NUMBER, find=FIND,
                             menu=MENU, balance=MENU), "en")  # fmt: skip
    dialogue.start(0.0)
    assert dialogue.key_pressed("1", 1.0) == (StopSaying(),)
    assert dialogue.next_deadline() == 5.0
    assert press(dialogue, "001", 2.0)[-1] == Ask(LookUp("customer", "1001", "en"))


def test_only_so_many_keys_are_kept() -> None:
    dialogue = in_look_up()
    press(dialogue, "5" * KEPT_AT_MOST + "0", 4.5)
    dialogue.answered("found", FOUND, 5.0)
    assert words(dialogue.prompt_ended(8.0)) == ["zero for a person"]


def typed(dialogue: Dialogue, keys: str, now: float) -> tuple[Step, ...]:
    """Presses keys one after another, as fast as fingers can."""
    return tuple(step for place, key in enumerate(keys) for step in dialogue.key_pressed(key, now + place * 0.4))


def test_wrong_keys_in_one_go_are_one_mistake() -> None:
    dialogue = Dialogue(SERVICE, "en")
    dialogue.start(0.0)
    assert typed(dialogue, "*#99A9999", 0.1) == (
        StopSaying(),
        Say((Speech("not that key", "en"), Speech("one or two", "en"))),
    )
    dialogue.prompt_ended(6.0)
    assert words(typed(dialogue, "*#", 7.0)) == ["not that key", "one or two"]
    assert typed(dialogue, "*#", 12.0)[-1] == Leave(ToQueue("billing"))


def test_a_right_key_counts_even_behind_a_wrong_one() -> None:
    dialogue = Dialogue(SERVICE, "en")
    dialogue.start(0.0)
    assert typed(dialogue, "*11001", 0.1)[-1] == Ask(LookUp("customer", "1001", "en"))


def test_the_rest_of_a_number_with_a_wrong_key_in_it_is_no_number() -> None:
    dialogue = in_question()
    assert words(typed(dialogue, "10*1001*", 3.0)) == ["wrong digits", "your number"]
    dialogue.prompt_ended(9.0)
    assert typed(dialogue, "1001", 10.0)[-1] == Ask(LookUp("customer", "1001", "en"))


def test_after_a_pause_a_wrong_key_is_another_mistake() -> None:
    dialogue = Dialogue(SERVICE, "en")
    dialogue.start(0.0)
    assert len(words(dialogue.key_pressed("*", 1.0))) == 2
    assert words(dialogue.key_pressed("*", 1.0 + PAUSE / 2)) == []
    assert len(words(dialogue.key_pressed("*", 1.0 + PAUSE * 1.5))) == 2


def test_keys_behind_the_last_mistake_do_not_answer_what_comes_next() -> None:
    once = msgspec.structs.replace(MENU, tries=1, give_up=NodeId("balance"))
    say = SayNode(said("wait"), NodeId("number"))
    dialogue = Dialogue(flow(menu=once, balance=say, number=NUMBER, find=FIND), "en")
    dialogue.start(0.0)
    assert words(typed(dialogue, "*999", 0.1)) == ["wait"]
    assert words(dialogue.prompt_ended(3.0)) == ["your number"]
