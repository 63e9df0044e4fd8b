"""What a caller needs, as it is written in the file and as it is met."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.model import Skill
from acd.plan import Step
from acd.routing.asking import together
from acd.routing.requirement import (
    DEEPEST,
    LONGEST,
    AllOf,
    Anybody,
    AtLeast,
    OneOf,
    Requirement,
    RequirementMistake,
    is_met,
    lacking,
    parsed,
    surplus,
    written,
)

BILLING, CHINESE, ENGLISH = Skill("billing"), Skill("zh"), Skill("en")
KNOWN = {BILLING, CHINESE, ENGLISH}
EXAMPLE = AllOf((AtLeast(BILLING, 7), OneOf((AtLeast(CHINESE, 1), AtLeast(ENGLISH, 5)))))

ATOMS = st.builds(AtLeast, st.sampled_from(sorted(KNOWN)), st.integers(1, 10)) | st.just(Anybody())
SKILLS = st.dictionaries(st.sampled_from(sorted(KNOWN)), st.integers(1, 10))


def _joined(parts: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return several.map(AllOf) | several.map(OneOf)


NEEDS: st.SearchStrategy[Requirement] = st.recursive(ATOMS, _joined, max_leaves=6)


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("any", Anybody()),
        ("billing", AtLeast(BILLING, 1)),
        (" billing >= 7 ", AtLeast(BILLING, 7)),
        ("billing>=7 & (zh | en>=5)", EXAMPLE),
        ("zh | en & billing", OneOf((AtLeast(CHINESE, 1), AllOf((AtLeast(ENGLISH, 1), AtLeast(BILLING, 1)))))),
        ("((billing))", AtLeast(BILLING, 1)),
        ("billing>=007", AtLeast(BILLING, 7)),
        ("zh & zh & en", AllOf((AtLeast(CHINESE, 1), AtLeast(ENGLISH, 1)))),
    ],
)
def test_an_expression_is_read(text: str, need: Requirement) -> None:
    assert parsed(text, KNOWN) == need


@pytest.mark.parametrize(
    ("text", "position", "told"),
    [
        ("", 0, "a skill was expected, not the end"),
        ("billing &", 9, "a skill was expected, not the end"),
        ("biling", 0, "there is no skill 'biling'"),
        ("zh & biling>=3", 5, "there is no skill 'biling'"),
        ("billing>=", 9, "a level from 1 to 10 was expected, not the end"),
        ("billing>=11", 9, "not '11'"),
        ("billing>=0", 9, "not '0'"),
        ("billing>=0011", 9, "not '0011'"),
        ("billing>=" + "9" * 400, 9, "a level from 1 to 10"),
        ("billing>7", 7, "`&`, `|` or the end was expected, not '>'"),
        ("billing and zh", 8, "not 'and'"),
        ("(zh", 0, "this parenthesis is never closed"),
        ("zh)", 2, "not ')'"),
        ("zh ! en", 3, "not '!'"),
        ("(" * 100 + "zh" + ")" * 100, DEEPEST, "more than 20 parentheses"),
        ("zh|" * 400 + "zh", LONGEST, "longer than 500 characters"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, position: int, told: str) -> None:
    with pytest.raises(RequirementMistake) as wrong:
        parsed(text, KNOWN)
    (slip,) = wrong.value.slips
    assert told in slip.text
    assert slip.position == position


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "biling>=11 & (zhh | en>=0)",
            ["0 there is no skill 'biling'", "8 not '11'", "14 there is no skill 'zhh'", "24 not '0'"],
        ),
        ("zh>=five & eng", ["4 not 'five'", "11 there is no skill 'eng'"]),
        (
            "biling & zh>=20 & & eng",
            ["0 there is no skill 'biling'", "13 not '20'", "18 a skill was expected, not '&'"],
        ),
        ("(biling", ["0 this parenthesis is never closed", "1 there is no skill 'biling'"]),
        ("biling | biling", ["0 there is no skill 'biling'", "9 there is no skill 'biling'"]),
    ],
)
def test_all_mistakes_are_told_at_once(text: str, told: list[str]) -> None:
    with pytest.raises(RequirementMistake) as wrong:
        parsed(text, KNOWN)
    assert len(wrong.value.slips) == len(told)
    for slip, expected in zip(wrong.value.slips, told, strict=True):
        position, _, part = expected.partition(" ")
        assert slip.position == int(position)
        assert part in slip.text
        assert slip.text in str(wrong.value)


@given(NEEDS, SKILLS)
def test_what_is_written_reads_as_the_same(need: Requirement, skills: dict[Skill, int]) -> None:
    again = parsed(written(need), KNOWN)
    assert is_met(again, skills) == is_met(need, skills)
    assert written(parsed(written(again), KNOWN)) == written(again)


@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_a_mistake(text: str) -> None:
    with contextlib.suppress(RequirementMistake):
        assert is_met(parsed(text, KNOWN), dict.fromkeys(KNOWN, 10))


@given(NEEDS, SKILLS)
def test_who_meets_it_lacks_nothing_and_is_not_below_it(need: Requirement, skills: dict[Skill, int]) -> None:
    assert bool(lacking(need, skills)) is not is_met(need, skills)
    if is_met(need, skills):
        assert surplus(need, skills) >= 0


def test_what_somebody_lacks() -> None:
    assert lacking(EXAMPLE, {BILLING: 6, CHINESE: 3}) == "billing>=7"
    assert lacking(EXAMPLE, {BILLING: 7, ENGLISH: 4}) == "zh | en>=5"
    assert lacking(EXAMPLE, {BILLING: 7, ENGLISH: 5}) == ""
    assert surplus(EXAMPLE, {BILLING: 9, ENGLISH: 6, CHINESE: 3}) == 2 + 2


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), min_size=1, max_size=4), st.data())
def test_what_is_asked_together_is_asked_by_each_at_its_time(drawn: list[tuple[int, int]], data: st.DataObject) -> None:
    """At each time the combined step is met by exactly those who meet what each part asks for then."""
    second = data.draw(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), min_size=1, max_size=4))
    parts = [
        tuple(Step(AtLeast(skill, level), float(after)) for after, level in sorted({0: 5, **dict(part)}.items()))
        for skill, part in ((Skill("a"), drawn), (Skill("b"), second))
    ]
    steps = together(*parts)
    skills = {Skill("a"): data.draw(st.integers(0, 9)), Skill("b"): data.draw(st.integers(0, 9))}
    for now in (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 60.0):
        by_each = all(is_met([step.need for step in part if step.after <= now][-1], skills) for part in parts)
        assert is_met([step.need for step in steps if step.after <= now][-1], skills) == by_each
