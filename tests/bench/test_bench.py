"""The measurements can be made: each part, with as few samples as there can be. What comes out is not looked at."""

import hashlib
import math

import pytest

from bench.__main__ import PARTS
from bench.figures import Figure, Part, percentile, told
from bench.page import BEGIN, END, PAGE, machine, moment, page_with, section
from bench.sip_messages import authorization, parse

TINY = 0.001


ON_ASTERISK = ("dispatch", "barge_in")


@pytest.mark.parametrize(
    "name",
    [*(pytest.param(name, marks=pytest.mark.asterisk) for name in ON_ASTERISK), *sorted({*PARTS} - {*ON_ASTERISK})],
)
def test_each_part_can_be_measured(name: str) -> None:
    progress: list[str] = []
    part = PARTS[name](TINY, progress.append)
    assert progress
    assert len(part.figures) >= 3
    for figure in part.figures:
        assert figure.count > 0
        assert figure.largest >= figure.median or figure.unit == "times"


def test_the_page_has_a_place_for_the_figures_and_says_where_and_when_they_were_measured() -> None:
    rows = (Figure("of a test", "ms", 3, 1234.5, math.nan, 0.5, "<= 5"),)
    text = section(Part("A part", rows, ("A note.",)), moment())
    page = page_with(PAGE.read_text(encoding="utf-8"), machine(), [text])
    assert page.count(BEGIN) == page.count(END) == 1
    for expected in (
        "### A part\n\nMeasured 20",
        "| of a test | 3 | 1,234 |  | 0.50 | ms | <= 5 |",
        "A note.",
        "| Python |",
    ):
        assert expected in page
    with pytest.raises(ValueError, match="no place"):
        page_with("nothing", machine(), [text])


def test_a_part_that_is_measured_again_takes_the_place_of_the_old_figures() -> None:
    parts = {title: f"### {title}\n\nold" for title in ("A", "B", "C")}
    old = page_with(f"Before.\n\n{BEGIN}\n{END}\n\nBehind.\n", (("a", "b"),), list(parts.values()))
    new = page_with(old, (("a", "c"),), ["### B\n\nnew"])
    assert new == old.replace("| a | b |", "| a | c |").replace(parts["B"], "### B\n\nnew")
    assert page_with(new, (("a", "c"),), []) == new


def test_percentiles_are_of_the_nearest_rank() -> None:
    assert [percentile(range(1, 101), share) for share in (0.0, 0.5, 0.99, 1.0)] == [1, 50, 99, 100]
    assert [told(value) for value in (0.123, 12.34, 1234.0, math.nan)] == ["0.12", "12.3", "1,234", ""]


def test_the_phones_answer_a_challenge_as_the_standard_does() -> None:
    """The way to the digest of RFC 2617, 3.2.2, with known inputs."""
    challenge = 'Digest realm="a", nonce="b", opaque="c", qop="auth", algorithm=MD5'
    answer = authorization(challenge, "REGISTER", "sip:x", "u", "p")
    secret, way = (hashlib.md5(text, usedforsecurity=False).hexdigest() for text in (b"u:a:p", b"REGISTER:sip:x"))
    expected = hashlib.md5(f"{secret}:b:00000001:callwright:auth:{way}".encode(), usedforsecurity=False).hexdigest()
    assert f'response="{expected}"' in answer


def test_the_phones_read_what_they_need_of_a_message() -> None:
    heard = parse(b"SIP/2.0 200 OK\r\nCSeq: 7 INVITE\r\nContact: <sip:a@b>;x=1\r\n\r\n")
    assert (heard.status, heard.method, heard.target) == (200, "INVITE", "sip:a@b")
