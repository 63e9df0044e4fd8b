"""`callwright record` writes down what the PBX says, and `callwright replay` tells the same again."""

from pathlib import Path

from click.testing import CliRunner

from config.cli import main
from tests.journeys.conftest import CENTER
from tests.journeys.served import ServedCentre
from tests.journeys.stage import Stage


async def test_a_session_is_recorded_and_told_again(stage: Stage, tmp_path: Path) -> None:
    traces = tmp_path / "traces"
    async with ServedCentre(tmp_path, CENTER, stage.pbx) as centre:
        await centre.start("record", "--to", str(traces))
        customer = await stage.dial("1000", "+4930901844")
        await customer.can_be_heard()
        await customer.press("2")
        await customer.ended(15.0)
        await centre.stop()
    (trace,) = traces.iterdir()
    told = CliRunner().invoke(main, ["replay", str(trace)])
    assert told.exit_code == 0, told.output
    kinds = [line.split()[1].partition("(")[0] for line in told.output.splitlines()]
    for kind in ("PbxSynchronized", "CallArrived", "KeyPressed", "PlaybackEnded", "LegEnded"):
        assert kind in kinds, told.output
    assert "+4930901844" in told.output
