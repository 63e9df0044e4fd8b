"""`callwright` as an administrator calls it, with settings of its own."""

from pathlib import Path

from click.testing import CliRunner, Result

from config.cli import main

CENTER = Path(__file__).parents[1] / "journeys" / "center.yaml"
SETTINGS = """
center = "{center}"
data = "data"
[web]
port = {port}
[[pbx]]
name = "pbx1"
"""


def run(*arguments: str, typed: str | bytes | None = None) -> Result:
    """`typed`: what comes by standard input, which is no terminal."""
    return CliRunner().invoke(main, arguments, input=typed, env={"CALLWRIGHT_CONFIG": None})


def settings(folder: Path, extra: str = "", center: Path = CENTER, port: int = 0) -> str:
    """The path of a settings file in the folder."""
    path = folder / "callwright.toml"
    path.write_text(extra + SETTINGS.format(center=center, port=port), encoding="utf-8")
    return str(path)
