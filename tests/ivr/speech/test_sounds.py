"""From prompts to sounds: the caller's language, and what stands behind it."""

import msgspec

from acd.waiting.announcing import Announced, next_one
from acd.waiting.plan import Announcements
from cti.model import Recording, Sound, Speech
from ivr.flow.settings import Prompt, Recorded
from ivr.speech.sounds import sounds_of, speech_of

PROMPT: Prompt = {"en": "You owe {sum:money}.", "zh": "您欠{sum:money}。", "es": "Debe {sum:money}."}
VALUES = {"sum": "2", "currency": "EUR"}


def chain(sound: Sound) -> list[tuple[str, str]]:
    """What is said, and what would be said instead."""
    said = sound if isinstance(sound, Speech) else None
    found = []
    while said is not None:
        found.append((said.language, said.text))
        said = said.otherwise
    return found


def test_the_other_languages_stand_behind_the_callers() -> None:
    (said,) = sounds_of(PROMPT, "zh", VALUES)
    assert chain(said) == [("zh", "您欠两欧元。"), ("en", "You owe 2 euros."), ("es", "Debe dos euros.")]
    (said,) = sounds_of(PROMPT, "fr", VALUES)
    assert [language for language, _ in chain(said)] == ["en", "zh", "es"]


def test_numbers_are_those_of_the_callers_country() -> None:
    prompt: Prompt = {"es": "Vence el {due:day}."}
    assert sounds_of(prompt, "es-MX", {"due": "2026-01-01"}) == (Speech("Vence el primero de enero.", "es"),)
    assert sounds_of(prompt, "es", {"due": "2026-01-01"}) == (Speech("Vence el uno de enero.", "es"),)


def test_what_is_silent_or_recorded_in_his_language_stays_so() -> None:
    prompt: Prompt = {"en": "{name}", "zh": Recorded("custom/zh"), "es": "Hola."}
    assert sounds_of(prompt, "en", {}) == ()
    assert sounds_of(prompt, "zh", {}) == (Recording("custom/zh"),)
    assert chain(*sounds_of(prompt, "es", {})) == [("es", "Hola.")]
    assert sounds_of({}, "en", {}) == ()


def test_the_queues_messages_have_other_languages_behind_them_too() -> None:
    of = Announcements(messages=({"en": "Please wait.", "es": "Espere."},))
    (said,) = next_one(of, Announced(), 1, "es").sounds
    assert chain(said) == [("es", "Espere."), ("en", "Please wait.")]


def test_what_stands_behind_is_no_part_of_what_is_said() -> None:
    alone, backed = Speech("Hola.", "es"), speech_of({"en": "Hello.", "es": "Hola."}, "es")
    assert alone == backed
    assert hash(alone) == hash(backed)
    assert alone != Speech("Hola.", "en")
    assert msgspec.json.encode(alone) == b'{"type":"speech","text":"Hola.","language":"es"}'
    assert chain(msgspec.json.decode(msgspec.json.encode(backed), type=Speech)) == chain(backed)
