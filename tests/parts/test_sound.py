"""The ears of the tests can be trusted: they find what is there, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.parts.sip_call import RATE, Sound
from tests.parts.sound import FOUND, decode, find, is_silent, read_wav, speak, tone, tone_share, write_wav

_BILLING = "Welcome to our company. For billing, press one."
_PRODUCTS = "Welcome to our company. For products, press two."


def _over_the_telephone(sound: Sound, law: str) -> Sound:
    coded = subprocess.run(
        ["sox", "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-r", "8000", "-", "-t", law, "-"],
        input=sound.tobytes(),
        capture_output=True,
        check=True,
    ).stdout
    plain = subprocess.run(
        ["sox", "-t", law, "-r", "8000", "-c", "1", "-", "-t", "raw", "-e", "signed", "-b", "16", "-"],
        input=coded,
        capture_output=True,
        check=True,
    ).stdout
    return np.frombuffer(plain, dtype="<i2").astype(np.int16)


def _silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * RATE), dtype=np.int16)


@pytest.mark.parametrize("law", ["ul", "al"])
def test_a_prompt_is_found_where_it_is(law: str) -> None:
    prompt = speak(_BILLING)
    heard = np.concatenate([_silence(0.5), _over_the_telephone(prompt, law) // 3, _silence(1.0)])
    match = find(prompt, heard)
    assert match.score > 0.99
    assert match.start == pytest.approx(0.5, abs=0.001)


def test_a_prompt_whose_ends_are_cut_off_is_found() -> None:
    prompt = speak(_BILLING)
    assert find(prompt, prompt[800:-1600]).found
    assert find(prompt, prompt[800:]).start == pytest.approx(-0.1, abs=0.001)


@pytest.mark.parametrize(
    "other",
    [
        _PRODUCTS,  # half of it is the same
        "Please enter your customer number.",
        "All our agents are busy. Please hold the line.",
    ],
)
def test_another_prompt_is_not_taken_for_it(other: str) -> None:
    assert find(speak(_BILLING), _over_the_telephone(speak(other), "ul")).score < FOUND - 0.1


def test_chinese_prompts_are_told_apart() -> None:
    billing, products = speak("查询账单请按一", voice="cmn"), speak("咨询产品请按二", voice="cmn")
    assert find(billing, _over_the_telephone(billing, "al")).score > 0.99
    assert not find(billing, _over_the_telephone(products, "al")).found


def test_nothing_is_found_in_silence_or_noise() -> None:
    prompt = speak(_BILLING)
    noise = np.random.default_rng(1).integers(-8000, 8000, 10 * RATE).astype(np.int16)
    hiss = np.random.default_rng(2).integers(-8, 8, 10 * RATE).astype(np.int16)
    for heard in (_silence(10), _silence(0), noise, hiss, tone(440, 10)):
        assert find(prompt, heard).score < 0.3
    assert find(_silence(1), prompt).score == 0.0


def test_a_tone_is_told_from_its_neighbours() -> None:
    heard = _over_the_telephone(tone(440, 1.0), "ul")
    assert tone_share(440, heard) > 0.99
    assert tone_share(450, heard) < 0.01
    assert tone_share(440, _silence(1.0)) == 0.0
    assert tone_share(440, _silence(0.0)) == 0.0
    mixed = tone(440, 1.0) + tone(660, 1.0)
    assert tone_share(440, mixed) == pytest.approx(0.5, abs=0.02)
    assert tone_share(440, speak(_BILLING)) < 0.2


def test_silence_is_told_from_sound() -> None:
    assert is_silent(_silence(1.0))
    assert is_silent(_silence(0.0))
    assert not is_silent(tone(440, 0.1, loudness=0.05))


def test_sound_files_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "tone.wav", tone(440, 0.1))
    assert np.array_equal(read_wav(path), tone(440, 0.1))
    assert np.array_equal(decode(path), tone(440, 0.1))
