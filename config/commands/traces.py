"""`callwright replay`: what a recorded session with a PBX meant."""

from pathlib import Path

import click
import msgspec

from cti.edge.trace import BadTrace
from cti.edge.trace import replay as replayed


@click.command()
@click.argument("trace", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON object a line, with seconds since 1970.")
def replay(trace: Path, as_json: bool) -> None:
    """Tell TRACE, a file of `callwright record`, again through today's code: every event that the brain would get.

    Each with the seconds since the first.
    """
    first: float | None = None
    try:
        for at, event in replayed(trace):
            first = at if first is None else first
            if as_json:
                click.echo(msgspec.json.encode({"at": at, "event": event}).decode())
            else:
                click.echo(f"{at - first:10.3f}  {event}")
    except BadTrace as error:
        raise click.ClickException(str(error)) from error
