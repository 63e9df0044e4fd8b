"""AMI of the simulated PBX on a real port."""

import asyncio

from cti.edge.simulated_ari import reset
from cti.edge.simulated_driver import Driver
from cti.edge.simulated_faults import Faults
from cti.simulator.manager import BANNER, ManagerSession
from cti.simulator.world import ManagerEvent


class _Connection(asyncio.Protocol):
    def __init__(self, server: "SimulatedAmi") -> None:
        self._server = server
        self.session = ManagerSession(server.driver.pbx, server.privileges)
        self.transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._server.connections.add(self)
        self.write(BANNER)

    def data_received(self, data: bytes) -> None:
        driver = self._server.driver
        if self._server.faults.is_black_hole:
            return
        self.write(driver.act(lambda: self.session.receive(data, driver.pbx.world.now)))
        if self.session.closed and isinstance(self.transport, asyncio.WriteTransport):
            self.transport.close()

    def write(self, data: bytes) -> None:
        if data and isinstance(self.transport, asyncio.WriteTransport) and not self._server.faults.is_black_hole:
            self.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        self.session.close()


class SimulatedAmi:
    """The server. `port` is 0 until it has started, if none was asked for.

    `privileges` are what the account may do (`reporting`, `system`, `call`); `None` is everything.
    """

    def __init__(
        self, driver: Driver, faults: Faults, host: str, port: int, privileges: frozenset[str] | None = None
    ) -> None:
        self.driver = driver
        self.faults = faults
        self.privileges = privileges
        self.port = port
        self.connections: set[_Connection] = set()
        self._host = host
        self._server: asyncio.Server | None = None
        driver.on_manager_event = self._publish

    async def start(self) -> None:
        """Listen. Raises `OSError` if the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), self._host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Cut all connections and listen no more."""
        self.drop_connections()
        if self._server is not None:
            self._server.close()
            self._server = None

    def drop_connections(self) -> None:
        """Cut all connections with RST."""
        for connection in list(self.connections):
            reset(connection.transport)

    def _publish(self, event: ManagerEvent) -> None:
        for connection in self.connections:
            connection.write(connection.session.event(event))
