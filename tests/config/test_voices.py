"""Engines in the settings."""

from pathlib import Path

import pytest

from config.doctor.look_machine import look_at_machine
from config.settings import Settings, VoiceSettings
from config.settings_file import load_settings
from config.voices import engines_of, with_secrets
from ivr.edge.engines import Espeak, Program
from ivr.edge.http_engine import HttpEngine
from ivr.files.mistakes import FileMistakes

GOOD = """\
[voice.zh]
engine = "http"
url = "https://speech.example.com/v1/audio"
headers = {Authorization = "Bearer ${SPEECH_KEY}"}
body = '{"input": "{text}", "voice": "{voice}"}'
voice = "lili"
timeout = 5
[voice.es-MX]
engine = "command"
command = ["piper", "--model", "/opt/{voice}.onnx", "--output_file", "{file}"]
at_once = 1
[voice.default]
voice = "en-gb"
speed = 160
"""
ENVIRONMENT = {"SPEECH_KEY": "hush"}


def load(folder: Path, text: str, environment: dict[str, str]) -> dict[str, VoiceSettings]:
    """The engines of a settings file."""
    path = folder / "callwright.toml"
    path.write_text(text, encoding="utf-8")
    return dict(load_settings(path, environment).voice)


def test_each_language_has_its_engine(tmp_path: Path) -> None:
    environment = {**ENVIRONMENT, "CALLWRIGHT_VOICE__ZH__VOICE": "wei", "CALLWRIGHT_VOICE__DEFAULT__SPEED": "170"}
    voices = load(tmp_path, GOOD, environment)
    assert voices["zh"].voice == "wei"
    engines = engines_of(voices, environment)
    assert {of: type(engine) for of, engine in engines.items()} == {
        "zh": HttpEngine,
        "es-MX": Program,
        "default": Espeak,
    }
    assert engines["default"].mark("de") == "espeak-ng en-gb 170"
    assert "wei" in engines["zh"].mark("zh")
    assert "hush" not in repr(voices)


def test_a_header_takes_its_secret_from_the_environment() -> None:
    assert with_secrets("Bearer ${SPEECH_KEY}, $SPEECH_KEY {text}", ENVIRONMENT) == "Bearer hush, $SPEECH_KEY {text}"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[voice.zh]", "[voice.chinese]", "callwright.toml:1:8: 'chinese' is no language such as `zh` or `es-MX`"),
        ('engine = "http"', 'engine = "https"', "2:10: 'https' is no kind of engine; did you mean 'http'"),
        ('url = "https://speech.example.com/v1/audio"\n', "", "2:10: the engine 'http' needs `url`"),
        ("https://speech", "ftp://speech", "3:7: 'ftp://speech.example.com/v1/audio' is no address such as"),
        ("SPEECH_KEY", "NO_KEY", "the environment has no variable NO_KEY"),
        ('"voice": "{voice}"}', '"voice": }', "5:8: not JSON: "),
        ('"{text}"', '"{texts}"', "5:8: nothing in it holds {text}"),
        ("timeout = 5", "timeout = 500", "7:11: '500' is not right; expected seconds"),
        ('"{file}"', '"out.wav"', "10:1: no argument holds {file}"),
        ('engine = "command"\n', "", "the engine 'espeak-ng' has no `command`"),
        ("at_once = 1", 'url = "http://x"', "the engine 'command' has no `url`"),
        ("at_once = 1", "at_once = 0", "'0' is not right; expected a number of sounds"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(FileMistakes) as wrong:
        load(tmp_path, GOOD.replace(old, new), ENVIRONMENT)
    assert told in str(wrong.value)


async def test_the_doctor_tries_each_voice(tmp_path: Path) -> None:
    gone = VoiceSettings("command", command=("no-such-piper", "{file}"))
    settings = Settings(data=str(tmp_path), voice={"es": gone})
    (tmp_path / "callwright.toml").touch()
    facts = await look_at_machine(settings, tmp_path / "callwright.toml", ("en", "zh", "es-MX", "tlh"))
    assert {of: bool(trouble) for of, trouble in facts.voices.items()} == {
        "en": False,
        "zh": False,
        "es-MX": True,
        "tlh": True,
    }
    assert "no-such-piper cannot be started" in facts.voices["es-MX"]
