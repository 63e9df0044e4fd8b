"""The settings file and the environment over it."""

from pathlib import Path

import pytest

from config.settings import Settings, SettingsError, load_settings

FILE = """
center = "centre/center.yaml"
data = "var"
[web]
port = 9000
[[pbx]]
name = "pbx1"
ari = { url = "http://10.0.0.5:8088", user = "u", password = "from the file" }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "callwright.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, FILE), {})
    assert settings.center == str(tmp_path / "centre/center.yaml")
    assert settings.data == str(tmp_path / "var")
    assert settings.database_url() == f"sqlite:///{tmp_path}/var/callwright.db"
    assert settings.web.port == 9000


def test_the_environment_comes_over_the_file(tmp_path: Path) -> None:
    environment = {
        "CALLWRIGHT_WEB__PORT": "9001",
        "CALLWRIGHT_PBX__PBX1__ARI__PASSWORD": "from outside",
        "CALLWRIGHT_DATABASE": "postgresql://a@b/c",
        "PATH": "/bin",
    }
    settings = load_settings(written(tmp_path, FILE), environment)
    assert settings.web.port == 9001
    pbx = settings.pbx_named("pbx1")
    assert pbx is not None
    assert (pbx.ari.user, pbx.ari.password) == ("u", "from outside")
    assert settings.database_url() == "postgresql://a@b/c"


def test_without_a_file() -> None:
    assert isinstance(load_settings(None, {}), Settings)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[web]\nprot = 1", "did you mean `port`?"),
        ("[web]\nport = 70000", "web.port"),
        ("[web]\nport = 'many'", "web.port"),
        ("country = 'Germany'", "country"),
        ("[[pbx]]\nname = 'PBX one'", "pbx[0].name"),
        ("[[pbx]]\nari = {}", "name"),
        ("this is not TOML", "callwright.toml"),
        ("web = 3", "web"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(written(tmp_path, text), {})
    assert says in str(error.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load_settings(tmp_path / "no.toml", {})
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings(tmp_path / "odd.toml", {})


@pytest.mark.parametrize(
    ("variable", "says"),
    [("CALLWRIGHT_PBX__PBX9__ARI__PASSWORD", "pbx9"), ("CALLWRIGHT_DATA__X__Y", "CALLWRIGHT_DATA__X__Y")],
)
def test_a_variable_that_leads_nowhere(tmp_path: Path, variable: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load_settings(written(tmp_path, FILE), {variable: "x"})


def test_all_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    extra = 'database = "sqlite:///centre.db"\nrecord = "traces"\n[speech]\nrecordings = "voices"\n'
    settings = load_settings(written(tmp_path, extra), {})
    assert settings.database_url() == f"sqlite:///{tmp_path}/centre.db"
    assert (settings.record, settings.speech.recordings) == (str(tmp_path / "traces"), str(tmp_path / "voices"))
    assert settings.web.certificate == ""
