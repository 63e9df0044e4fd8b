"""What those who wait are told, in each of Callwright's languages."""

import re

import pytest

from ivr.speech.waiting_words import (
    all_waited,
    all_waits,
    callback_said,
    no_number_said,
    position_said,
    usual_whisper,
    wait_said,
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "We will call you back on plus three four, six one two, three four, five six, seven eight. Goodbye."),
        ("zh", "我们会回拨您的号码：加三四，六幺二，三四，五六，七八。再见。"),
        (
            "es",
            "Le devolveremos la llamada al seis uno dos, treinta y cuatro, cincuenta y seis, setenta y ocho. Adiós.",
        ),
    ],
)
def test_he_hears_where_he_is_called_back(language: str, said: str) -> None:
    assert callback_said("+34612345678", language) == said


def everything(language: str) -> list[str]:
    """All sentences of one language."""
    return [
        callback_said("112", language),
        no_number_said(language),
        usual_whisper(language),
        *(position_said(place, language) for place in range(1, 25)),
        *all_waited(language),
        *(wait_said(minutes, language) for minutes in all_waits()),
    ]


def test_languages_share_no_sentence_and_no_slot_is_left() -> None:
    said = {language: everything(language) for language in ("en", "zh", "es")}
    assert not set(said["en"]) & set(said["es"])
    for sentences in said.values():
        assert not any(re.search(r"[{}]", text) for text in sentences if "{queue}" not in text)
    assert not any(re.search("[A-Za-z0-9]", text) for text in said["zh"] if "{queue}" not in text)
    assert everything("fr") == said["en"], "but for telephone numbers, who speaks another language hears English"
