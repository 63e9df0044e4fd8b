"""The demo's callers who come out of a queue into its flows again: what they have typed and proved is still known."""

import shutil
from pathlib import Path

import pytest

import config.demo
from acd.calls.interactions import InFlow, Waiting
from acd.events import QuestionAsked
from acd.model import Customer, PhoneKind
from acd.requests import LogIn
from acd.told import QuestionAnswered
from acd.waiting.exits import DEAF
from config.center_file import load_center
from cti.model import LegId
from ivr.flow.questions import LookUp, Verify
from tests.acd.centre import Centre
from tests.acd.test_crashes import after, found

DEMO = Path(config.demo.__file__).parent
EVA = {"id": "1001", "balance": "20.00", "currency": "EUR", "open_bills": "0", "customer_class": "gold"}


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """The demo's, but a key in the queue leads to the beginning."""
    shutil.copytree(DEMO / "flows", tmp_path / "flows")
    text = (DEMO / "center.yaml").read_text(encoding="utf-8")
    assert "flow: message}" in text
    (tmp_path / "center.yaml").write_text(text.replace("flow: message}", "flow: welcome}"), encoding="utf-8")
    world = Centre(load_center(tmp_path / "center.yaml"))
    world.connect()
    for agent in world.center.agents:  # they are there, and wait for nobody
        world.tell(LogIn(world.request_id(), agent, PhoneKind.DESK))
    return world


def types(world: Centre, leg: LegId, keys: str) -> QuestionAsked:
    """One key after another, each in its time; gives what is asked of others last."""
    for key in keys:
        world.press(leg, key)
        world.wait(0.2)
    return world.last(QuestionAsked)


def waits_as_eva(world: Centre) -> LegId:
    """A caller who has proved by his PIN that he is Eva, and waits for a person."""
    leg = world.dial()
    asked = types(world, leg, "111001#2001")
    assert isinstance(asked.question, Verify)
    world.tell(QuestionAnswered(asked.id, "verified", EVA, Customer("1001", "Eva"), verified=True))
    types(world, leg, "0")
    assert isinstance(world.interaction(leg).stage, Waiting)
    world.wait(DEAF)
    return leg


def test_nobody_types_his_pin_twice(centre: Centre) -> None:
    leg = waits_as_eva(centre)
    asked = types(centre, leg, "111")
    assert asked.question == LookUp("customer", "1001", "en"), "his balance, at once"


def test_nor_in_another_process(centre: Centre) -> None:
    leg = waits_as_eva(centre)
    types(centre, leg, "1")
    next_one = after(centre, centre.center.plan)
    next_one.tell(found(centre, (leg,)))
    who = next_one.last(QuestionAsked)  # for his agent
    asked = types(next_one, leg, "11")
    assert asked.id != who.id
    assert asked.question == LookUp("customer", "1001", "en")


def test_who_gives_another_number_types_his_pin(centre: Centre) -> None:
    leg = waits_as_eva(centre)
    types(centre, leg, "1142")  # a new ticket
    types(centre, leg, "1")  # no water; his number is known
    types(centre, leg, "2")  # but it is not that one
    types(centre, leg, "1002#")
    asked = types(centre, leg, "1")
    centre.tell(QuestionAnswered(asked.id, "then", {"ticket_number": "700001"}))
    asked = types(centre, leg, "*1" + "2002")
    assert isinstance(asked.question, Verify)
    assert asked.question.customer == "1002"
    stage = centre.interaction(leg).stage
    assert isinstance(stage, InFlow)
    assert stage.dialogue.save().variables["verified_as"] == ""
