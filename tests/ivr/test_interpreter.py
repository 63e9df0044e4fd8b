"""The dialogue, cell by cell of its table."""

import msgspec
import pytest

from cti.model import Speech
from ivr.dialogue.interpreter import (
    PROMPT_AT_MOST,
    Ask,
    Dialogue,
    HangUp,
    Leave,
    Say,
    StopSaying,
    ToQueue,
    Visit,
    Visited,
)
from ivr.flow.questions import LookUp
from ivr.flow.secret import Secret
from ivr.flow.settings import SILENCE, NodeId, Prompt, Recorded
from ivr.nodes.say import SayNode
from tests.ivr.dialogues import FOUND, in_balance, in_look_up, in_question, press, words
from tests.ivr.flows import FIND, MENU, NUMBER, SERVICE, flow, said


def test_the_whole_way() -> None:
    dialogue = Dialogue(SERVICE, "en", {"caller": "+491234"})
    assert dialogue.next_deadline() is None
    assert words(dialogue.start(0.0)) == ["one or two"]
    visit = Visit(NodeId("menu"), "Billing", "1")
    assert dialogue.key_pressed("1", 1.0) == (StopSaying(), Visited(visit), Say((Speech("your number", "en"),)))
    assert dialogue.prompt_ended(2.0) == ()
    assert press(dialogue, "100", 3.0) == ()
    steps = dialogue.key_pressed("1", 4.0)
    assert steps[-1] == Ask(LookUp("customer", "1001", "en"))
    assert dialogue.next_deadline() == 9.0
    assert words(dialogue.answered("found", FOUND, 5.0)) == ["you owe 120 euros and 50 cents"]
    assert words(dialogue.prompt_ended(8.0)) == ["zero for a person"]
    assert dialogue.key_pressed("0", 9.0)[-1] == Leave(ToQueue("billing"))
    assert dialogue.over
    assert dialogue.path == (
        Visit(NodeId("menu"), "Billing", "1"),
        Visit(NodeId("number"), "Customer number", "1001"),
        Visit(NodeId("more"), "A person", "0"),
    )


def test_it_speaks_the_callers_language() -> None:
    assert Dialogue(SERVICE, "zh").start(0.0) == (Say((Speech("中 one or two", "zh"),)),)
    assert Dialogue(SERVICE, "zh-TW").start(0.0) == (Say((Speech("中 one or two", "zh"),)),)
    assert Dialogue(SERVICE, "sw").start(0.0) == (Say((Speech("one or two", "en"),)),)


# -- menus -------------------------------------------------------------------------------------------------------------


def test_a_menu_asks_again_when_nothing_is_pressed_and_then_gives_up() -> None:
    dialogue = Dialogue(SERVICE, "en")
    dialogue.start(0.0)
    dialogue.prompt_ended(3.0)
    assert dialogue.next_deadline() == 9.0
    assert dialogue.tick(8.9) == ()
    assert words(dialogue.tick(9.0)) == ["nothing heard", "one or two"]
    dialogue.prompt_ended(12.0)
    assert words(dialogue.tick(18.0)) == ["nothing heard", "one or two"]
    dialogue.prompt_ended(20.0)
    assert dialogue.tick(26.0)[-1] == Leave(ToQueue("billing"))
    assert [visit.label for visit in dialogue.path] == ["No valid answer"]


def test_a_key_that_the_menu_does_not_have_counts_as_a_try() -> None:
    dialogue = Dialogue(SERVICE, "en")
    dialogue.start(0.0)
    assert dialogue.key_pressed("0", 1.0) == (
        StopSaying(),
        Say((Speech("not that key", "en"), Speech("one or two", "en"))),
    )
    assert words(dialogue.key_pressed("*", 2.0)) == ["not that key", "one or two"]
    assert dialogue.key_pressed("#", 3.0) == (
        StopSaying(),
        Visited(Visit(NodeId("menu"), "No valid answer", "")),
        Leave(ToQueue("billing")),
    )


def test_tries_are_counted_anew_when_he_comes_back() -> None:
    dialogue = in_look_up()
    assert words(dialogue.answered("not_found", {}, 5.0)) == ["one or two"]
    for now in (6.0, 8.0):
        assert words(press(dialogue, "8", now)) == ["not that key", "one or two"]
    assert not dialogue.over


def test_a_silent_menu_waits_at_once() -> None:
    silent = msgspec.structs.replace(MENU, prompt=SILENCE, no_input=SILENCE)
    dialogue = Dialogue(flow(menu=silent, number=NUMBER, find=FIND, balance=SayNode(said("x"), NodeId("bye"))), "en")
    assert dialogue.start(0.0) == ()
    assert dialogue.next_deadline() == 6.0
    assert dialogue.tick(6.0) == ()
    assert dialogue.next_deadline() == 12.0


# -- questions ---------------------------------------------------------------------------------------------------------


def test_the_terminator_ends_a_number_that_could_be_longer() -> None:
    dialogue = in_question()
    steps = press(dialogue, "100#", 3.0)
    assert steps == (Visited(Visit(NodeId("number"), "Customer number", "100")), Ask(LookUp("customer", "100", "en")))


def test_the_terminator_after_the_longest_number_is_not_meant_for_the_next_menu() -> None:
    dialogue = in_question()
    press(dialogue, "1001", 3.0)
    dialogue.answered("found", FOUND, 3.1)
    assert dialogue.key_pressed("#", 4.0) == ()
    assert words(dialogue.prompt_ended(7.0)) == ["zero for a person"]


def test_the_terminator_much_later_is_meant_for_what_is_said_now() -> None:
    dialogue = in_question()
    press(dialogue, "1001", 3.0)
    dialogue.answered("found", FOUND, 3.1)
    dialogue.prompt_ended(6.0)
    assert words(dialogue.key_pressed("#", 8.0)) == ["zero for a person"]


def test_a_pause_ends_a_number_that_is_long_enough() -> None:
    dialogue = in_question()
    press(dialogue, "100", 3.0)
    assert dialogue.next_deadline() == 7.0
    assert dialogue.tick(7.0)[-1] == Ask(LookUp("customer", "100", "en"))


def test_too_few_digits_are_no_number() -> None:
    dialogue = in_question()
    assert press(dialogue, "10", 3.0) == ()
    assert words(dialogue.tick(7.0)) == ["wrong digits", "your number"]
    assert dialogue.key_pressed("#", 8.0)[-1] == Say((Speech("goodbye", "en"),))


def test_a_star_is_no_digit() -> None:
    dialogue = in_question()
    assert words(press(dialogue, "10*", 3.0)) == ["wrong digits", "your number"]
    press(dialogue, "1001", 4.0)
    assert dialogue.path[-1].said == "1001"


def test_a_question_that_is_not_answered_gives_up() -> None:
    dialogue = in_question()
    assert words(dialogue.tick(10.0)) == ["no digits", "your number"]
    dialogue.prompt_ended(12.0)
    assert words(dialogue.tick(20.0)) == ["goodbye"]
    assert dialogue.prompt_ended(22.0) == (Leave(HangUp()),)


def test_a_secret_is_asked_for_but_neither_shown_nor_saved() -> None:
    secret = msgspec.structs.replace(NUMBER, secret=True)
    dialogue = in_look_up(flow(menu=MENU, number=secret, find=FIND, balance=SayNode(said("x"), NodeId("bye"))))
    assert dialogue.path[-1] == Visit(NodeId("number"), "Customer number", "")
    assert dialogue.save().variables == {"verified_as": ""}
    restored = Dialogue.restored(dialogue.flow, dialogue.save())
    # The look-up has no key any more: nobody is found by nothing, and he is asked again.
    assert words(restored.start(20.0)) == ["one or two"]


def test_a_secret_key_is_marked_for_whoever_looks_it_up() -> None:
    secret = msgspec.structs.replace(NUMBER, secret=True)
    dialogue = Dialogue(flow("number", number=secret, find=FIND, menu=MENU, balance=MENU), "en")
    dialogue.start(0.0)
    assert press(dialogue, "1001", 1.0)[-1] == Ask(LookUp("customer", Secret("1001"), "en"))


# -- look-ups ----------------------------------------------------------------------------------------------------------


def test_a_crm_that_does_not_answer_has_failed() -> None:
    dialogue = in_look_up()
    assert dialogue.tick(8.9) == ()
    assert dialogue.tick(9.0) == (Leave(ToQueue("billing")),)
    assert dialogue.answered("found", FOUND, 9.1) == ()


def test_a_crm_that_cannot_answer() -> None:
    assert in_look_up().answered("failed", {}, 5.0) == (Leave(ToQueue("billing")),)


def test_two_answers_are_one() -> None:
    dialogue = in_look_up()
    dialogue.answered("found", FOUND, 5.0)
    assert dialogue.answered("found", {"balance": "1.00"}, 5.1) == ()
    assert dialogue.answered("not_found", {}, 5.2) == ()
    assert dialogue.answered("failed", {}, 5.3) == ()


def test_fields_that_a_flow_does_not_know_are_left_out() -> None:
    dialogue = in_look_up()
    dialogue.answered("found", {**FOUND, "number": "666", "note": "angry"}, 5.0)
    assert dialogue.save().variables == {**FOUND, "number": "1001", "verified_as": ""}


# -- what comes late, or never -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "12", "x", "１", "\x00"])
def test_what_is_no_key_is_ignored(key: str) -> None:
    dialogue = Dialogue(SERVICE, "en")
    dialogue.start(0.0)
    assert dialogue.key_pressed(key, 1.0) == ()


def test_nothing_happens_before_the_start_and_it_starts_once() -> None:
    dialogue = Dialogue(SERVICE, "en")
    assert dialogue.key_pressed("1", 0.0) == dialogue.prompt_ended(0.0) == dialogue.tick(1e10) == ()
    assert dialogue.start(1.0) != ()
    assert dialogue.start(2.0) == ()


def test_the_end_of_a_prompt_that_was_cut_is_harmless() -> None:
    dialogue = in_question()
    press(dialogue, "1", 3.0)
    assert dialogue.prompt_ended(3.1) == ()
    assert dialogue.next_deadline() == 7.0


def test_a_pbx_that_does_not_tell_the_end_of_a_prompt_holds_nobody() -> None:
    dialogue = in_balance()
    assert dialogue.next_deadline() == 5.0 + PROMPT_AT_MOST
    steps = dialogue.tick(5.0 + PROMPT_AT_MOST)
    assert steps[0] == StopSaying()
    assert words(steps) == ["zero for a person"]


def test_a_dialogue_that_is_over_says_nothing_more() -> None:
    dialogue = in_balance()
    dialogue.key_pressed("0", 6.0)
    assert dialogue.next_deadline() is None
    for steps in (
        dialogue.start(7.0),
        dialogue.key_pressed("1", 7.0),
        dialogue.prompt_ended(7.0),
        dialogue.tick(1e10),
        dialogue.answered("found", {}, 7.0),
        dialogue.answered("not_found", {}, 7.0),
        dialogue.answered("failed", {}, 7.0),
    ):
        assert steps == ()


# -- another process ---------------------------------------------------------------------------------------------------


def test_it_goes_on_where_it_was() -> None:
    saved = in_balance().save()
    dialogue = Dialogue.restored(SERVICE, msgspec.json.decode(msgspec.json.encode(saved), type=type(saved)))
    assert words(dialogue.start(30.0)) == ["you owe 120 euros and 50 cents"]
    assert words(dialogue.prompt_ended(33.0)) == ["zero for a person"]


def test_a_node_that_is_no_more_leads_to_where_nobody_is_lost() -> None:
    saved = msgspec.structs.replace(in_balance().save(), node=NodeId("gone"))
    assert Dialogue.restored(SERVICE, saved).start(30.0) == (Leave(ToQueue("billing")),)


def test_a_recording_is_played_in_place_of_words() -> None:
    recorded = SayNode(Prompt({"en": Recorded("custom/hello")}), NodeId("bye"))
    (step,) = Dialogue(flow("hello", hello=recorded), "en").start(0.0)
    assert isinstance(step, Say)
    assert str(step.sounds[0]) == "Recording(name='custom/hello')"
