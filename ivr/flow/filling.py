"""Slots filled with values as they are, for machines: nothing is spelt, rounded or said in a language."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from ivr.speech.words import SLOT


def filled(text: str, values: Mapping[str, str], *, in_address: bool = False) -> str:
    """The text with the values. A value that is not there is empty. `in_address`: each becomes part of one segment of a
    path, whatever it holds (RFC 3986, section 2.1)."""

    def value(slot: re.Match[str]) -> str:
        given = values.get(slot[1], "")
        return quote(given, safe="") if in_address else given

    return SLOT.sub(value, text)
