"""`callwright asterisk config`: Asterisk's files and ours, made to fit each other."""

from pathlib import Path

import click
import msgspec

from acd.plan import CenterPlan
from config.center_file import load_center
from config.commands.options import settings_of
from config.countries import is_country, no_country
from config.new_installation import (
    STARTER,
    STARTER_FOLDER,
    Choices,
    listener,
    nodes_of,
    plan_installation,
    starter_files,
    trunk,
    write_installation,
)
from config.process import told_plainly
from config.settings_file import no_phone_socket

NUMBERS = "Service numbers, separated by commas, in place of those of center.yaml."
SOCKET = "Where browsers find Asterisk's /ws: wss://calls.example.com/phone. Without it: on this machine."
CLICK = "Desk telephones pick up on a click in the page. Gives the AMI user the right `system`: see docs/asterisk.md."
PORT = click.IntRange(1, 65535)
FILE = click.Path(path_type=Path, dir_okay=False)


class Asked(msgspec.Struct, frozen=True):
    """The options that say something about the PBX."""

    node: str | None
    trunk: str | None
    numbers: str | None
    bind: str
    http: int
    ami: int
    phone_socket: str
    country: str | None
    click_to_answer: bool


@click.group()
def asterisk() -> None:
    """Asterisk's side of an installation: `asterisk config` writes it."""


@asterisk.command("config")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--center", type=FILE, help="Your center.yaml.")
@click.option("--config", "settings", type=FILE, help="Settings that name your center.yaml, instead.")
@click.option("--node", metavar="NAME", help="Which PBX of center.yaml this is, if it has several.")
@click.option("--trunk", metavar="HOST[:PORT]", help="Where calls come from: the provider's server.")
@click.option("--numbers", metavar="N,N,...", help=NUMBERS)
@click.option("--bind", metavar="IP[:PORT]", default="0.0.0.0:5060", show_default=True, help="Where SIP listens.")
@click.option(
    "--http", type=PORT, metavar="PORT", default=8088, show_default=True, help="Port of ARI and /ws, on the loopback."
)
@click.option("--ami", type=PORT, metavar="PORT", default=5038, show_default=True, help="Port of AMI, on the loopback.")
@click.option("--phone-socket", metavar="URL", default="", help=SOCKET)
@click.option(
    "--country",
    metavar="XX",
    help="Whose national numbers are meant: DE, US, CN ...  [default: DE, or that of --config]",
)
@click.option("--click-to-answer", is_flag=True, help=CLICK)
def config_command(directory: Path, center: Path | None, settings: Path | None, **options: object) -> None:
    """Write Asterisk's files for Callwright into DIRECTORY, and a callwright.toml that fits them.

    Passwords are made up. Nothing that exists is overwritten. Without --center or --config, a center.yaml to begin
    with is written too.

    Example: callwright asterisk config /etc/callwright --trunk sip.provider.example
    """
    asked = msgspec.convert(options, Asked)
    with told_plainly():
        path, country = _center(center, settings)
        plan = load_center(path or STARTER_FOLDER / STARTER)
        node = _node(plan, asked)
        named = str(path.resolve()) if path else STARTER
        installation = plan_installation(plan, node, named, _choices(asked, country))
        try:
            written = write_installation(directory, installation, {} if path else starter_files())
        except OSError as error:
            raise click.ClickException(f"{directory}: {error.strerror or error}") from error
    _tell(directory, written, starter=path is None)
    if asked.trunk is None:
        click.echo("\nNote: without --trunk, pjsip.conf has no line to the outside yet; only telephones can call.")
    if path and not asked.click_to_answer and (phones := _clickable(plan, node)):
        click.echo(f"\nNote: center.yaml says click_to_answer for {phones} telephones, which needs --click-to-answer.")


def _center(center: Path | None, settings: Path | None) -> tuple[Path | None, str]:
    """Which center.yaml is meant, if any, and whose telephone numbers."""
    if center is not None and settings is not None:
        raise click.UsageError("either --center or --config, not both: --config names a center.yaml itself")
    if settings is None:
        return center, Choices().country
    known = settings_of(settings)
    return Path(known.center), known.country


def _node(plan: CenterPlan, asked: Asked) -> str:
    there = nodes_of(plan)
    if asked.node is not None:
        if asked.node not in there:
            raise click.BadParameter(f"center.yaml knows {', '.join(there) or 'no PBX'}", param_hint="--node")
        return asked.node
    if len(there) > 1:
        raise click.UsageError(f"center.yaml has several PBXs; say which one with --node: {', '.join(there)}")
    return there[0] if there else "pbx1"


def _choices(asked: Asked, country: str) -> Choices:
    numbers = tuple(number.strip() for number in (asked.numbers or "").split(",") if number.strip())
    wanted = asked.country or country
    if not is_country(wanted):
        raise click.BadParameter(no_country(wanted), param_hint="--country")
    if asked.phone_socket and (text := no_phone_socket(asked.phone_socket)):
        raise click.BadParameter(text, param_hint="--phone-socket")
    return Choices(
        country=wanted,
        numbers=numbers,
        trunk=trunk(asked.trunk) if asked.trunk else None,
        sip=listener(asked.bind, 5060, "--bind"),
        http_port=asked.http,
        ami_port=asked.ami,
        phone_socket=asked.phone_socket,
        click_to_answer=asked.click_to_answer,
    )


def _clickable(plan: CenterPlan, node: str) -> int:
    phones = (phone for agent in plan.agents.values() for phone in agent.phones)
    return sum(phone.click_to_answer and phone.node == node for phone in phones)


def _tell(directory: Path, written: tuple[Path, ...], *, starter: bool) -> None:
    for path in written:
        click.echo(f"written: {path}")
    own = f"""
     (These fit the company in {directory / STARTER}, which is made up. For yours: edit it, then write
     the files anew, into another folder, with --center {directory / STARTER}.)"""
    click.echo(
        f"""
What to do next:
  1. Copy {directory}/*.conf to /etc/asterisk, readable for Asterisk's user, and restart Asterisk.
     If you have such files already, each says on top what to add to yours.{own if starter else ""}
  2. See whether all is well:   callwright doctor --config {directory}/callwright.toml
  3. Give people a password:    callwright passwd --config {directory}/callwright.toml NAME
     and run the centre:        callwright serve --config {directory}/callwright.toml"""
    )
