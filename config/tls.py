"""TLS for the page, where no proxy does it."""

import ssl
from pathlib import Path

from config.settings import SettingsError, Web


def tls_context(web: Web) -> ssl.SSLContext | None:
    """What the settings say; None without a certificate. Raises `SettingsError` for files that cannot be used."""
    if not web.certificate:
        return None
    for setting, file in (("certificate", web.certificate), ("key", web.key)):
        if file:
            _check(setting, file)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(web.certificate, web.key or None, password=_no_password)
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        files = f"{web.certificate} and {web.key}" if web.key else web.certificate
        message = (
            f"`certificate`: {files} cannot be used: expected PEM files, a certificate and the key that belongs to it, "
            f"without a password ({_why(error)})"
        )
        raise SettingsError(message) from error
    return context


def _check(setting: str, file: str) -> None:
    try:
        with Path(file).open("rb"):
            pass
    except OSError as error:
        raise SettingsError(f"`{setting}`: {file} cannot be read: {error.strerror}") from error


def _no_password() -> str:
    """Otherwise OpenSSL would ask for one at the terminal, and wait."""
    return ""


def _why(error: OSError | ValueError) -> str:
    return getattr(error, "reason", None) or str(error)
