"""Values as a caller hears them."""

from ivr.speech.words import fill


def read(value: str, form: str, language: str, currency: str = "", follows: str = "") -> str:
    """A value in its slot, without the text that follows it."""
    heard = fill(f"{{value:{form}}}{follows}", {"value": value, "currency": currency}, language)
    assert heard.endswith(follows)
    return heard.removesuffix(follows)
