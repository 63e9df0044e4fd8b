"""The pages that explain the files leave nothing out."""

from pathlib import Path

import msgspec
import pytest

import config
from config.center_shapes import CenterFile
from config.simulation.shapes import ScenarioFile
from ivr.reading.flow_file import FlowFile
from ivr.rehearsal.dialogue_file import DialogueFile

DOCS = Path(config.__file__).parent.parent / "docs"


@pytest.mark.parametrize(
    ("page", "shape"),
    [
        ("center-file.md", CenterFile),
        ("flows.md", FlowFile),
        ("flow-tools.md", DialogueFile),
        ("simulation.md", ScenarioFile),
    ],
)
def test_every_setting_is_explained(page: str, shape: type[msgspec.Struct]) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    (_, parts) = msgspec.json.schema_components([shape])
    settings = {name for part in parts.values() for name in part.get("properties", ())}
    assert len(settings) > 15
    assert [name for name in sorted(settings) if f"`{name}`" not in text and f"{{{name}:" not in text] == []
