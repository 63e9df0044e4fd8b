"""The whole examination: looks at everything, judges it, and gives the findings in the order in which they matter."""

import asyncio
from pathlib import Path

from acd.plan import CenterPlan
from config.center_file import FileMistakes, load_center
from config.commands.options import settings_of
from config.doctor.check_ami import check_ami
from config.doctor.check_dialplan import check_dialplan
from config.doctor.check_machine import check_database, check_machine, check_settings
from config.doctor.check_pbx import check_ari, check_clock
from config.doctor.check_phones import check_phones
from config.doctor.facts import PbxFacts
from config.doctor.findings import Finding, Findings
from config.doctor.look_machine import look_at_database, look_at_machine
from config.doctor.look_pbx import look_at_pbx, probe_among_prompts
from config.settings import Settings, SettingsError


async def examine(path: Path) -> list[Finding]:
    """Everything that the settings in a file lead to. Raises nothing that an administrator could mend."""
    files = Findings("files")
    try:
        settings = settings_of(path)
    except SettingsError as error:
        files.error(f"the settings cannot be used: {error}", "correct the settings file, or the environment")
        return files.all
    plan = _center(settings, files)
    machine = await look_at_machine(settings, path)
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
    for check in (check_ari, check_ami, check_clock, check_phones, check_dialplan):
        check(facts, found)
    return found.all


def _center(settings: Settings, files: Findings) -> CenterPlan | None:
    try:
        plan = load_center(Path(settings.center))
    except FileMistakes as wrong:
        for mistake in wrong.mistakes:
            files.error(str(mistake), "correct that line (docs/center-file.md explains the file)")
        return None
    files.fine(f"{settings.center} is in order: {len(plan.agents)} agents, {len(plan.queues)} queues")
    _check_nodes(settings, plan, files)
    return plan


def _check_nodes(settings: Settings, plan: CenterPlan, files: Findings) -> None:
    """Does every PBX that center.yaml names stand in the settings?"""
    known = {pbx.name for pbx in settings.pbx}
    wanted = {str(phone.node) for agent in plan.agents.values() for phone in agent.phones}
    for name in sorted(wanted - known):
        files.error(
            f"center.yaml has telephones at the PBX {name!r}, which the settings do not know",
            f'add a [[pbx]] with name = "{name}" to the settings, or correct `pbx` or `node` in center.yaml',
        )
