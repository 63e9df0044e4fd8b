"""`callwright flow ...`: for those who write flows."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from config.center_flows import CenterFlows, read_flows
from config.center_source import CenterSource, is_missing
from config.flows.testing import dialogue_files, outcomes, read_scripts
from config.flows.trying import Trial
from config.plainly import mistakes_told
from ivr.dialogue.interpreter import Dialogue
from ivr.files.mistakes import instead
from ivr.flow.settings import FlowName
from ivr.rehearsal.coverage import Covered, coverage
from ivr.rehearsal.dialogue_file import Answer
from ivr.rehearsal.reading import moment
from ivr.rehearsal.rehearse import Outcome
from ivr.rehearsal.telling import failure_told, story_told

if TYPE_CHECKING:
    from config.flows.around import Around
    from config.settings import VoiceSettings

center_file = click.option(
    "--center",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    envvar="CALLWRIGHT_CENTER",
    default="center.yaml",
    show_default=True,
    show_envvar=True,
    help="The centre's file, which names the flows.",
)
dialogues = click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, readable=False))

PLAYED = ""
"""In place of the folder that sounds are written to."""

FORMATS = (".svg", ".png", ".pdf", ".dot")
"""Endings of pictures that can be written; `.dot` is Graphviz's own language, and needs no Graphviz."""

MOST_SHOWN = 20
"""Dialogues that are shown as they went; of more only the mistake is told."""


class FlowCommands(click.Group):
    """A command that does not exist is told with the nearest that does."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As usual, but for that."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!r}; {instead(args[0], self.commands)}")
        return super().resolve_command(ctx, args)


@click.group(cls=FlowCommands)
def flow() -> None:
    """Check, draw, try and test the flows of a centre. Nothing of it needs a PBX, a CRM or a voice.

    See docs/flow-tools.md.
    """


@flow.command(short_help="Read the flows and say what is wrong with them.")
@click.argument("names", metavar="[FLOW]...", nargs=-1)
@center_file
def check(names: tuple[str, ...], center: Path) -> None:
    """Read the flows and say all that is wrong with them, with file, line and column.

    FLOW: those that are of interest; all of them, if none is named. Of the others is told only what is wrong if these
    are right. What else is wrong in center.yaml is not told here
    (`callwright check` does). Ends with status 1 if something is wrong with a flow.
    """
    with mistakes_told():
        read = _read(center, names)
    chosen = _chosen(names, read)
    nodes = sum(len(read.flows[name].nodes) for name in chosen)
    click.echo(f"{_counted(len(chosen), 'flow')} with {_counted(nodes, 'node')}. All well.")
    _tell_elsewhere(read, center)


@flow.command(short_help="Run dialogues through their flows.")
@dialogues
@center_file
@click.option("--only", metavar="TEXT", default="", help="Dialogues whose name has this in it.")
@click.option("-v", "--verbose", is_flag=True, help="Show every dialogue as it went.")
@click.pass_context
def test(context: click.Context, files: tuple[Path, ...], center: Path, only: str, *, verbose: bool) -> None:
    """Run dialogues through their flows: what callers do, what they must hear, where they must end.

    FILE: files of dialogues, or folders of them; the folder `dialogues` beside center.yaml, if none is named. A failure
    shows the dialogue as it went. Ends with status 1 if there is one.

    Example: callwright flow test --only "wrong number"
    """
    began = perf_counter()
    _, done = _rehearsed(files, center, only)
    failed = 0
    for outcome in done:
        if outcome.mistake is not None:
            failed += 1
            told = failure_told(outcome) if failed <= MOST_SHOWN else [f"{outcome.mistake} ({outcome.script.name})"]
            click.echo("\n".join(told) + ("\n" if failed < MOST_SHOWN else ""))
        elif verbose:
            script = outcome.script
            click.echo(
                f"{script.file}:{script.mark.line}: {script.name}\n" + "\n".join(story_told(outcome.story)) + "\n"
            )
    click.echo(f"{_counted(len(done), 'dialogue')}, {failed or 'none'} failed, in {perf_counter() - began:.2f} s.")
    context.exit(1 if failed else 0)


@flow.command("coverage", short_help="Tell which nodes and ways no dialogue comes along.")
@dialogues
@center_file
@click.option(
    "--fail-under", metavar="PERCENT", type=click.IntRange(0, 100), help="Of a flow's nodes and ways together."
)
@click.pass_context
def coverage_command(context: click.Context, files: tuple[Path, ...], center: Path, fail_under: int | None) -> None:
    """Tell which nodes of flows, and which ways out of them, no dialogue comes along.

    Ends with status 1 if a dialogue fails, or a flow has less than --fail-under.
    """
    read, done = _rehearsed(files, center, "")
    found = coverage(read.flows, [outcome.trail for outcome in done])
    width = max(map(len, found))
    for name, covered in found.items():
        click.echo(f"{name:<{width}}  {_covered_told(covered)}")
        if covered.new_nodes:
            click.echo(f"  nobody comes to  {', '.join(covered.new_nodes)}")
        for number, (of, way) in enumerate(covered.new_ways):
            click.echo(f"  {'' if number else 'nobody goes':<15}  {of}: {way.name} -> {way.to}")
    wrong = [outcome for outcome in done if outcome.mistake is not None]
    if wrong:
        click.echo(f"{_counted(len(wrong), 'dialogue')} failed; `callwright flow test` shows why.")
    few = [name for name, covered in found.items() if fail_under is not None and covered.share * 100 < fail_under]
    if few:
        click.echo(f"Less than {fail_under} %: {', '.join(few)}.")
    context.exit(1 if wrong or few else 0)


@flow.command(short_help="Draw a flow.")
@click.argument("name", metavar="FLOW")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"Where to ({', '.join(FORMATS)}).  [default: FLOW.svg]",
)
@click.option("--language", metavar="LANGUAGE", help="Of its words.  [default: the centre's first]")
@center_file
def graph(name: str, output: Path | None, language: str | None, center: Path) -> None:
    """Draw a flow: its nodes with their first words, and which key or answer leads where.

    Dashed are the ways of those who do not answer, and of questions that nobody answers. The program `dot` lays it out
    (apt install graphviz).

    Example: callwright flow graph welcome -o welcome.svg --language zh
    """
    from config.flows.picture import NoPicture, draw  # which runs a program, and so brings asyncio along

    with mistakes_told():
        read = _read(center, [name])
    (chosen,) = _chosen([name], read)
    file = output or Path(f"{name}.svg")
    if file.suffix not in FORMATS:
        raise click.BadParameter(f"{file.name!r} does not end in {', '.join(FORMATS)}", param_hint="--output")
    try:
        draw(read.flows[chosen], _language(language, read), file)
    except NoPicture as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Written: {file}")


@flow.command("try", short_help="Walk through a flow in the terminal.")
@click.argument("name", metavar="FLOW")
@click.option("--language", metavar="LANGUAGE", help="In which one is spoken to.  [default: the centre's first]")
@click.option("--from", "caller", metavar="NUMBER", default="", help="Who calls.")
@click.option("--at", metavar="TIME", help='When, such as "sun 22:00" or "2026-12-25 10:00".  [default: now]')
@click.option(
    "--answers", metavar="FILE", type=click.Path(path_type=Path, readable=False), help="Dialogues, for their answers."
)
@click.option(
    "--config",
    "settings",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Settings of an installation whose customers are looked up (the demo's: demo.toml in its folder).",
)
@click.option(
    "--voice",
    metavar="[FOLDER]",
    is_flag=False,
    flag_value=PLAYED,
    help="Play what is said; with a folder, write it into sound files there.",
)
@center_file
def try_(
    name: str,
    language: str | None,
    caller: str,
    at: str | None,
    answers: Path | None,
    settings: Path | None,
    voice: str | None,
    center: Path,
) -> None:
    """Walk through a flow in the terminal: read or hear what is said, type keys.

    Who types nothing is silent: the flow waits as long as it would on the telephone. A key stops what plays.

    What the flow asks of others is answered by --answers, then (look-ups alone) by the customers of --config, and else
    asked of you.
    """
    # A database and a voice are much to import for the other commands.
    from config.commands.options import settings_of
    from config.flows.around import Around
    from config.logs import set_up_logs
    from config.process import told_plainly
    from config.settings import Logs

    set_up_logs(Logs(level="warning"))
    with told_plainly(), Around() as around:
        read = _read(center, [name])
        (chosen,) = _chosen([name], read)
        known = _known(answers, read)
        installed = None if settings is None else settings_of(settings)
        if installed is not None:
            around.open_crm(installed)
        if voice is not None:
            _open_voice(around, voice, installed.voice if installed else {})
        variables = {"caller": caller, "dialled": ""}
        dialogue = Dialogue(read.flows[chosen], _language(language, read), variables, read.flows)
        speaker = None if voice is None else around
        Trial(dialogue, _moment(at, read.zone), known, around, speaker).run()
        if trouble := around.finish():
            click.echo(trouble, err=True)


def _known(answers: Path | None, read: CenterFlows) -> list[Mapping[str, Answer]]:
    scripts = [] if answers is None else read_scripts([answers], read)
    return list(scripts[0].answers[-1:]) if scripts else []


def _open_voice(around: "Around", folder: str, voices: "Mapping[str, VoiceSettings]") -> None:
    from config.flows.playing import NoPlayer

    try:
        around.open_voice(None if folder == PLAYED else Path(folder), voices)
    except NoPlayer as error:
        raise click.ClickException(f"{error}; --voice FOLDER writes what is said into sound files") from error
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from error


def _moment(said: str | None, zone: str) -> float:
    if said is None:
        return time.time()
    try:
        return moment(said, zone)
    except ValueError:
        text = f"{said!r} is no time such as mon 10:00 or 2026-12-25 10:00"
        raise click.BadParameter(text, param_hint="--at") from None


def _language(said: str | None, read: CenterFlows) -> str:
    if said is not None and said not in read.languages:
        text = f"the centre does not speak {said!r}; {instead(said, read.languages)}"
        raise click.BadParameter(text, param_hint="--language")
    return said or read.languages[0]


def _covered_told(covered: Covered) -> str:
    nodes, ways = covered.nodes - len(covered.new_nodes), covered.ways - len(covered.new_ways) - covered.hidden_ways
    # What is not quite all of it must not read like all of it.
    percent = int(covered.share * 100)
    return f"{percent:3} %   {nodes} of {covered.nodes} nodes, {ways} of {covered.ways} ways"


def _rehearsed(files: Sequence[Path], center: Path, only: str) -> tuple[CenterFlows, list[Outcome]]:
    with mistakes_told():
        read = _read(center)
        scripts = read_scripts(dialogue_files(center, files), read)
    chosen = [script for script in scripts if only.casefold() in script.name.casefold()]
    if not chosen:
        raise click.ClickException(f"no dialogue's name has {only!r} in it")
    return read, list(outcomes(chosen, read))


def _read(center: Path, names: Sequence[str] = ()) -> CenterFlows:
    if is_missing(center):
        raise click.BadParameter(
            f"there is no file {str(center)!r}; say where the centre's file is", param_hint="--center"
        )
    return read_flows(CenterSource(center), names)


def _chosen(names: Sequence[str], read: CenterFlows) -> list[FlowName]:
    for name in names:
        if name not in read.flows:
            raise click.BadParameter(f"there is no flow {name!r}; {instead(name, read.flows)}", param_hint="FLOW")
    return [FlowName(name) for name in names] or list(read.flows)


def _tell_elsewhere(read: CenterFlows, center: Path) -> None:
    if read.elsewhere:
        told = _counted(read.elsewhere, "other mistake")
        click.echo(f"There is more in {center}, not about flows: {told}. `callwright check` tells them.", err=True)


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
