"""What is tried on a real Asterisk and on the simulated PBX alike: steps, in the order in which they are taken."""

from collections.abc import Mapping

from tests.cti.simulator.scenarios_alone import ALONE
from tests.cti.simulator.scenarios_recording import RECORDING
from tests.cti.simulator.scenarios_together import TOGETHER
from tests.cti.simulator.scenarios_waiting import WAITING
from tests.cti.simulator.steps import Step

SCENARIOS: Mapping[str, tuple[Step, ...]] = {**ALONE, **TOGETHER, **WAITING, **RECORDING}
