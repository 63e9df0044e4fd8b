"""TLS for the page, where no proxy does it."""

import ssl

from config.settings import SettingsError, Web


def tls_context(web: Web) -> ssl.SSLContext | None:
    """What the settings say; None without a certificate. Raises `SettingsError` for files that cannot be used."""
    if not web.certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(web.certificate, web.key or None)
    except (OSError, ssl.SSLError) as error:
        message = f"web.certificate {web.certificate}: {error}"
        raise SettingsError(message) from error
    return context
