"""Countries as telephone numbers know them: two letters (ISO 3166), which people write in many ways."""

from difflib import get_close_matches

from babel import Locale
from babel.core import get_global
from phonenumbers import SUPPORTED_REGIONS

from ivr.files.mistakes import quoted


def is_country(code: str) -> bool:
    """Whether national numbers of it are known."""
    return code in SUPPORTED_REGIONS


def no_country(given: str) -> str:
    """What is wrong with something that is no country, and which one could be meant: `de`, `UK`, `USA`, `Germany`."""
    text = f"there is no country {quoted(given)}"
    names = {code: name for code, name in Locale("en").territories.items() if is_country(code)}
    meant = _meant(given.strip(), names)
    if not meant:
        return f"{text}; expected two capital letters such as DE, US or CN"
    return f"{text}; did you mean {meant!r} ({names[meant]})?"


def _meant(given: str, names: dict[str, str]) -> str:
    code = given.upper()
    aliases: list[str] = get_global("territory_aliases").get(code, [])  # UK, USA
    by_name = {name.casefold(): code for code, name in names.items()}
    near = get_close_matches(given.casefold(), by_name, n=1, cutoff=0.7)
    candidates = (code, *aliases[:1], *(by_name[name] for name in near))
    return next((candidate for candidate in candidates if candidate in names), "")
