"""What came from outside (names, notes, CRM fields) on its way to a screen: text, bounded, and nothing else.

The page never makes HTML of it; here it loses what no reader wants: control characters that would hide or reorder
words, half characters that no encoder takes, and length without end.
"""

import unicodedata
from collections.abc import Mapping
from urllib.parse import urlsplit

NAME = 120
LINE = 300
NOTE = 4000

_KEPT = {"\n", "\t"}
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str, most: int = NAME) -> str:
    """The text without control characters, at most `most` characters of it."""
    cut = text[:most]
    if cut.isprintable():
        return cut
    return "".join(character for character in cut if _is_shown(character))


def clean_label(label: Mapping[str, str]) -> Mapping[str, str]:
    """The same words in each language, cleaned."""
    return {language: clean(text) for language, text in label.items()}


def clean_url(url: str) -> str:
    """The address if it is an ordinary web page's, else nothing: never `javascript:` and its like."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    harmless = parts.scheme in {"http", "https"} and parts.netloc and url.isprintable() and len(url) <= 2000
    return url if harmless else ""


def _is_shown(character: str) -> bool:
    if character in _KEPT:
        return True
    return unicodedata.category(character) not in {"Cc", "Cs"} and character not in _REORDERING
