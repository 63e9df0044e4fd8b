"""The whole examination: looks at everything, judges it, and gives the findings in the order in which they matter."""

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path

from acd.plan import CenterPlan
from config.center_source import CenterSource
from config.doctor.check_ami import check_ami
from config.doctor.check_dialplan import check_dialplan
from config.doctor.check_machine import check_database, check_machine, check_settings
from config.doctor.check_pbx import check_ari, check_clock
from config.doctor.check_phones import check_phones
from config.doctor.check_recording import check_recording
from config.doctor.facts import PbxFacts
from config.doctor.findings import Finding, Findings
from config.doctor.look_machine import look_at_database, look_at_machine
from config.doctor.look_pbx import look_at_pbx, probe_among_prompts
from config.loaded import company, page_mistakes
from config.settings_file import SettingsFile
from ivr.files.mistakes import FileMistakes, Mistake

SETTINGS = "correct that line or variable, or let Callwright read the file (docs/administration.md explains them)"
CENTER = "correct that line, or let Callwright read the file (docs/center-file.md explains it)"


async def examine(path: Path) -> list[Finding]:
    """Everything that the settings in a file lead to. Raises nothing that an administrator could mend."""
    files = Findings("files")
    try:
        file = SettingsFile(path, os.environ)
    except FileMistakes as wrong:
        _tell(wrong.mistakes, files, SETTINGS)
        return files.all
    settings = file.settings
    _tell(page_mistakes(file), files, SETTINGS)
    plan = _center(file, files)
    machine = await look_at_machine(settings, path, plan.nobody_there if plan else ())
    check_settings(settings, machine, files)
    here, database = Findings("this machine"), Findings("database")
    check_machine(settings, machine, here)
    check_database(await look_at_database(settings), database)
    with probe_among_prompts(settings) as probe:
        visits = (look_at_pbx(pbx, settings, plan, we_run=machine.we_run, probe=probe) for pbx in settings.pbx)
        pbxs = await asyncio.gather(*visits)
    return [*files.all, *here.all, *database.all, *(finding for facts in pbxs for finding in judge_pbx(facts))]


def judge_pbx(facts: PbxFacts) -> list[Finding]:
    """Everything about one PBX. Pure."""
    found = Findings(facts.settings.name)
    for check in (check_ari, check_ami, check_clock, check_recording, check_phones, check_dialplan):
        check(facts, found)
    return found.all


def _center(file: SettingsFile, files: Findings) -> CenterPlan | None:
    try:
        plan, doubts = company(file, CenterSource(Path(file.settings.center)))
    except FileMistakes as wrong:
        _tell(wrong.mistakes, files, CENTER)
        return None
    for doubt in doubts:
        files.warning(str(doubt), "correct that line if it is not meant so")
    files.fine(f"{file.settings.center} is in order: {len(plan.agents)} agents, {len(plan.queues)} queues")
    return plan


def _tell(mistakes: Iterable[Mistake], files: Findings, mend: str) -> None:
    for mistake in mistakes:
        files.error(str(mistake), mend)
