"""Judges this machine, the settings, and the database."""

from config.doctor.check_pbx import is_loopback
from config.doctor.facts import DatabaseFacts, MachineFacts
from config.doctor.findings import Findings, listed
from config.settings import Settings

LITTLE_SPACE = 1 << 30
"""Bytes. While the database is down a day of facts goes to disk, and prompts take some megabytes."""


def check_settings(settings: Settings, facts: MachineFacts, found: Findings) -> None:
    """What the settings alone tell."""
    if not settings.pbx:
        found.error(
            "the settings name no PBX",
            "add a [[pbx]]; `callwright asterisk config DIR` writes one together with Asterisk's side of it",
        )
    if facts.settings_open_to_others:
        found.warning(
            "everybody on this machine can read the settings file and the passwords in it",
            "take that right away: chmod o-rwx on the settings file",
        )
    web = settings.web
    public = web.public_url or f"{'https' if web.certificate else 'http'}://{web.host}"
    if not public.startswith("https://") and not is_loopback(public):
        found.warning(
            f"browsers reach the page without TLS ({public}), so passwords travel in the clear and no browser lends "
            "its microphone to it",
            "put a web proxy with TLS in front and set web.public_url and web.proxies, or set web.certificate and "
            "web.key",
        )


def check_machine(settings: Settings, facts: MachineFacts, found: Findings) -> None:
    """Folders, programs, the page, the port."""
    before = len(found.all)
    missing = [name for name, there in facts.programs.items() if not there]
    if missing:
        found.error(
            f"{listed(missing)} {'are' if len(missing) > 1 else 'is'} not installed, so callers hear a beep instead of "
            "words, unless there is a recording",
            f"install it (Debian, Ubuntu: apt install {' '.join(sorted(missing))})",
        )
    for language, trouble in facts.voices.items():
        if trouble:
            found.error(
                f"no voice speaks {language} as it should, so callers hear another one, another language or a beep: "
                f"{trouble}",
                f"correct [voice.{language}] or [voice.default] in the settings, or mend the engine",
            )
    if facts.data_trouble:
        found.error(
            f"nothing can be written to {settings.data}: {facts.data_trouble}",
            "let the user as whom Callwright runs write there, or set data to another folder",
        )
    if facts.prompts_trouble and facts.prompts_trouble != facts.data_trouble:
        found.error(
            f"prompts cannot be written to {facts.prompts}: {facts.prompts_trouble}",
            "let the user as whom Callwright runs write there, or set data or speech.here to another folder",
        )
    if not facts.page_built:
        found.error("the web page is not built, so nobody can log in", "run `make page` in the checkout")
    if facts.address_trouble:
        found.error(facts.address_trouble, "set web.host and web.port in the settings to an address that is free")
    elif facts.we_run:
        found.fine(f"Callwright runs now, at port {settings.web.port}")
    if facts.free_bytes < LITTLE_SPACE:
        found.warning(
            f"only {facts.free_bytes >> 20} MB are free in {settings.data}",
            "make room: without it nothing can be kept while the database is down",
        )
    if len(found.all) == before or (facts.we_run and len(found.all) == before + 1):
        found.fine("programs, folders and the address of the page are as they should be")


def check_database(facts: DatabaseFacts, found: Findings) -> None:
    """Does it answer?"""
    if not facts.trouble:
        state = "is not there yet and will be made at the first start" if facts.new else "answers"
        found.fine(f"{facts.shown} {state}")
    elif facts.new:
        found.error(
            f"{facts.shown} is not there, and cannot be made: {facts.trouble}",
            "let the user as whom Callwright runs write there, or set database to another place",
        )
    elif facts.misconfigured:
        found.error(
            f"the database cannot be used: {facts.trouble}",
            "correct `database` in the settings (sqlite:////FILE or postgresql://USER:PASSWORD@HOST/NAME), and see "
            "that the database and its user are there",
        )
    else:
        found.error(
            f"the database does not answer: {facts.trouble}",
            "start it; calls are handled meanwhile, and what is to be kept waits on disk",
        )
