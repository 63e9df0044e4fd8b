"""Dialogues that have come to a certain place, and what is said in them."""

from cti.model import Speech
from ivr.dialogue.interpreter import Dialogue, Say, Step
from ivr.flow.flow import Flow
from tests.ivr.flows import SERVICE

FOUND = {"balance": "120.50", "currency": "EUR", "name": "Ann"}


def words(steps: tuple[Step, ...]) -> list[str]:
    """What is said."""
    return [sound.text for step in steps if isinstance(step, Say) for sound in step.sounds if isinstance(sound, Speech)]


def press(dialogue: Dialogue, keys: str, now: float) -> tuple[Step, ...]:
    """Presses keys one after another."""
    return tuple(step for key in keys for step in dialogue.key_pressed(key, now))


def in_look_up(flow: Flow = SERVICE) -> Dialogue:
    """A dialogue that waits for the CRM since 4.0."""
    dialogue = Dialogue(flow, "en")
    dialogue.start(0.0)
    press(dialogue, "1", 1.0)
    press(dialogue, "1001", 4.0)
    return dialogue


def in_balance() -> Dialogue:
    """A dialogue that says the balance since 5.0."""
    dialogue = in_look_up()
    dialogue.answered("found", FOUND, 5.0)
    return dialogue


def in_question(now: float = 1.0) -> Dialogue:
    """A dialogue whose question has been said at 2.0."""
    dialogue = Dialogue(SERVICE, "en")
    dialogue.start(0.0)
    dialogue.key_pressed("1", now)
    dialogue.prompt_ended(2.0)
    return dialogue
