"""`callwright flow ...`: for those who write flows."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import click

from config.center_flows import CenterFlows, read_flows
from config.center_source import CenterSource
from config.commands.options import Number
from config.flows.picture import FORMATS, NoPicture, draw
from config.flows.testing import dialogue_files, outcomes, read_scripts
from config.process import told_plainly
from ivr.files.mistakes import instead
from ivr.flow.settings import FlowName
from ivr.rehearsal.coverage import Covered, coverage
from ivr.rehearsal.rehearse import Outcome
from ivr.rehearsal.telling import failure_told, story_told

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


@flow.command()
@click.argument("names", metavar="[FLOW]...", nargs=-1)
@center_file
def check(names: tuple[str, ...], center: Path) -> None:
    """Read the flows and say all that is wrong with them, with file, line and column.

    FLOW: those that are of interest; all of them, if none is named. Of the others is told only what is wrong if these
    are right. What else is wrong in center.yaml is not told here
    (`callwright check` does). Ends with status 1 if something is wrong with a flow.
    """
    with told_plainly():
        read = read_flows(CenterSource(center), names)
    chosen = _chosen(names, read)
    nodes = sum(len(read.flows[name].nodes) for name in chosen)
    click.echo(f"{_counted(len(chosen), 'flow')} with {_counted(nodes, 'node')}. All well.")
    _tell_elsewhere(read, center)


@flow.command()
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
    for outcome in done:
        if outcome.mistake is not None:
            click.echo("\n".join(failure_told(outcome)) + "\n")
        elif verbose:
            script = outcome.script
            click.echo(
                f"{script.file}:{script.mark.line}: {script.name}\n" + "\n".join(story_told(outcome.story)) + "\n"
            )
    failed = sum(outcome.mistake is not None for outcome in done)
    click.echo(f"{_counted(len(done), 'dialogue')}, {failed or 'none'} failed, in {perf_counter() - began:.2f} s.")
    context.exit(1 if failed else 0)


@flow.command("coverage")
@dialogues
@center_file
@click.option("--fail-under", metavar="PERCENT", type=Number(0, 100), help="Of each flow's nodes and ways together.")
@click.pass_context
def coverage_command(context: click.Context, files: tuple[Path, ...], center: Path, fail_under: float | None) -> None:
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
        click.echo(f"Less than {fail_under:g} %: {', '.join(few)}.")
    context.exit(1 if wrong or few else 0)


@flow.command()
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
    with told_plainly():
        read = read_flows(CenterSource(center), [name])
    (chosen,) = _chosen([name], read)
    file = output or Path(f"{name}.svg")
    if file.suffix not in FORMATS:
        raise click.BadParameter(f"{file.name!r} does not end in {', '.join(FORMATS)}", param_hint="--output")
    try:
        draw(read.flows[chosen], _language(language, read), file)
    except NoPicture as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Written: {file}")


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
    with told_plainly():
        read = read_flows(CenterSource(center))
        scripts = read_scripts(dialogue_files(center, files), read)
    chosen = [script for script in scripts if only.casefold() in script.name.casefold()]
    if not chosen:
        raise click.ClickException(f"no dialogue's name has {only!r} in it")
    return read, list(outcomes(chosen, read))


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
