"""An office in a process of its own, which a test can stop and let go on. Says its port and a ticket of Anna's on
standard error; what is logged goes to standard output."""

import asyncio
import sys

from tests.agent_desktop.office import Browser, office


async def main() -> None:
    """Run until killed."""
    async with office() as centre:
        async with Browser(centre) as anna:
            await anna.log_in("anna")
            ticket = await anna.ticket()
        sys.stderr.write(f"{centre.port} {ticket}\n")
        sys.stderr.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
