"""An embedded PBX in a process of its own, which says very much at once: `python -m tests.cti.storm EVENTS`.

It prints the ports of its ARI and AMI. With each line that it is given, a caller presses that many keys in one moment
and a telephone comes and goes, so that either has about that many events to tell. In a process of its own, because
what it costs to say all that is not to be counted with what it costs to hear it.
"""

import asyncio
import sys

from cti.edge.simulated_pbx import EmbeddedPbx
from cti.model import CallerId
from cti.simulator.settings import PbxSettings, services

SERVICE = "5551000"
PHONE = "alice"
EVENTS_OF_A_PHONE = 7
"""That AMI tells of a telephone which leaves and comes back: four when it comes, three when it goes."""


async def serve(events: int) -> None:
    """Until there are no more lines."""
    # A busy machine may keep either process waiting for longer than an Asterisk waits for its reader.
    settings = PbxSettings(services=services(SERVICE), key_seconds=0.0, write_timeout=10.0)
    async with EmbeddedPbx(settings) as pbx:
        pbx.add_phone(PHONE)
        sys.stdout.write(f"{pbx.ari_port} {pbx.ami_port}\n")
        sys.stdout.flush()
        caller = pbx.dial(SERVICE, CallerId("+15550100"))
        while await asyncio.to_thread(sys.stdin.readline):
            pbx.press(caller, "1" * events)
            for _ in range(events // EVENTS_OF_A_PHONE):
                pbx.unregister(PHONE)
                pbx.register(PHONE)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
