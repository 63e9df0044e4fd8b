"""The page for administrators leaves no setting out, and names no figure that is not there."""

import re
from pathlib import Path

import msgspec

import config
from config.settings import Settings

ROOT = Path(config.__file__).parent.parent
PAGE = (ROOT / "docs" / "administration.md").read_text(encoding="utf-8")


def _settings(shape: type[msgspec.Struct]) -> set[str]:
    (_, parts) = msgspec.json.schema_components([shape])
    return {name for part in parts.values() for name in part["properties"]}


def test_every_setting_is_explained() -> None:
    table = PAGE.partition("## Settings")[2].partition("\n## Change ")[0]  # with that of the voices
    explained = {name.split(".")[-1] for name in re.findall(r"`([a-z_.]+)`", table)}
    sections = {"web", "pbx", "ari", "ami", "speech", "service", "voice", "logs"}
    assert _settings(Settings) - sections <= explained


def test_every_figure_has_its_name_from_the_code() -> None:
    figures = set(re.findall(r"`(?:increase\()?(callwright_[a-z_]+)", PAGE))
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("config", "agent_desktop", "cti", "ivr", "acd", "crm_bridge")
        for path in (ROOT / folder).rglob("*.py")
    )
    assert len(figures) > 15
    short = {name.removesuffix("_total") for name in figures}
    assert {name for name in short if name not in code and f'"{name.removeprefix("callwright_")}"' not in code} == set()
