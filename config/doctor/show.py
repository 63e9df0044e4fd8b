"""Shows findings: to a person at a terminal, into a pipe, or to a program."""

from collections.abc import Sequence
from itertools import groupby

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from config.doctor.findings import Finding, Level, worst

_MARKS = {Level.ERROR: ("✗", "bold red"), Level.WARNING: ("!", "bold yellow"), Level.FINE: ("✓", "green")}


def as_json(findings: Sequence[Finding]) -> str:
    """`{"level": "warning", "findings": [{"level", "part", "what", "mend"}, ...]}`."""
    document = {"level": worst(findings), "findings": findings}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def as_text(findings: Sequence[Finding]) -> str:
    """Lines of `level: part: what`, each followed by what to do."""
    lines: list[str] = []
    for finding in findings:
        lines.append(f"{finding.level.value}: {finding.part}: {finding.what}")
        if finding.mend:
            lines.append(f"    to mend it: {finding.mend}")
    return "\n".join([*lines, verdict(findings)])


def show(findings: Sequence[Finding], console: Console) -> None:
    """For a person."""
    for part, group in groupby(findings, key=lambda finding: finding.part):
        console.print(Text(f"\n{part}", style="bold"))
        table = Table.grid(padding=(0, 1))
        table.add_column(width=3, justify="right")
        table.add_column(ratio=1)
        for finding in group:
            mark, style = _MARKS[finding.level]
            table.add_row(Text(mark, style=style), _told(finding))
        console.print(table)
    style = _MARKS[worst(findings)][1]
    console.print(Text(f"\n{verdict(findings)}", style=style))


def _told(finding: Finding) -> Text:
    text = Text(_capital(finding.what))
    if finding.mend:
        text.append(f"\n{_capital(finding.mend)}.", style="dim" if finding.level is Level.FINE else "cyan")
    return text


def verdict(findings: Sequence[Finding]) -> str:
    """The last line."""
    errors = sum(finding.level is Level.ERROR for finding in findings)
    warnings = sum(finding.level is Level.WARNING for finding in findings)
    if not errors and not warnings:
        return "All well."
    counts = [_counted(errors, "error"), _counted(warnings, "warning")]
    return f"{' and '.join(filter(None, counts))}."


def _counted(count: int, word: str) -> str:
    return "" if not count else f"{count} {word}{'' if count == 1 else 's'}"


def _capital(text: str) -> str:
    """A sentence begins with a capital letter, unless it begins with a name of a file or a program."""
    first = text.partition(" ")[0]
    return text if any(c in first for c in "./_-:") else text[:1].upper() + text[1:]
