"""All browsers of the centre, between their sockets and the brain.

The runtime calls `told` after each decision, before it carries out any command: the screens concerned have the news
in their sockets when `told` returns. Requests and presence go the other way, into the brain's inbox (`post`).
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import msgspec
import structlog

from acd.center import ContactCenter
from acd.events import RequestGranted, RequestRefused, ReservationMade, RevisionBegan
from acd.floor import Output
from acd.model import AgentId, InteractionId, PhoneKind, QueueName
from acd.people.agents import LoggedOut
from acd.requests import AnyRequest, AnySupervisorRequest, LogIn
from acd.told import DesktopConnected, DesktopLost
from agent_desktop.attention import Attention
from agent_desktop.board import NO_TROUBLES, agent_key, agents_view, board_view, centre_view, queues_view
from agent_desktop.edge.accounts import Accounts, TokenHash
from agent_desktop.edge.audience import Audience, lots
from agent_desktop.edge.metrics import DesktopMetrics
from agent_desktop.edge.screen import Screen
from agent_desktop.edge.socket import Wire
from agent_desktop.feed import Document, Feed
from agent_desktop.people import Role, User, user_of
from agent_desktop.presence import Presence
from agent_desktop.session import SocketId
from agent_desktop.views import (
    PhoneStateShape,
    SipAccounts,
    agent_surroundings,
    agent_view,
    concerned,
    no_account,
    phone_state,
    queue_briefs,
)

TICK = 0.25
"""Seconds between two looks at what many screens show alike; so the board changes at most four times a second."""
BOARD_EVERY = 2.0
"""Seconds after which the whole board is compared, for what changes by time alone (occupancy)."""
BEAT_EVERY = 5.0
LOGINS_EVERY = 15.0
"""Seconds between two looks at the account store for logins that another process has ended (a new password)."""
KEEP_FEED = 600.0
"""Seconds that a feed is kept after its last screen has gone, so that it can be resumed."""

log = structlog.stdlib.get_logger(__name__)

Post = Callable[[AnyRequest | AnySupervisorRequest | DesktopConnected | DesktopLost], None]


class Hub:
    """One per process. `now` is the wall clock (seconds since the Unix epoch), `clock` one that only moves forward.

    `sip` says how the browsers that are phones register; it goes to their owners only. `troubles` says what of the
    centre does not work as it should; it goes to supervisors.
    """

    def __init__(
        self,
        center: ContactCenter,
        post: Post,
        now: Callable[[], float],
        *,
        accounts: Accounts,
        metrics: DesktopMetrics,
        sip: SipAccounts = no_account,
        troubles: Callable[[], Mapping[str, str]] = lambda: NO_TROUBLES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._center = center
        self._post = post
        self._now = now
        self._accounts = accounts
        self._metrics = metrics
        self._sip = sip
        self._troubles = troubles
        self._clock = clock
        self._instance = secrets.token_hex(6)
        self._since = now()
        self._serial = 0
        self._screens: dict[SocketId, Screen] = {}
        self._audiences: dict[AgentId | None, Audience] = {}
        self._presence = Presence()
        self._pops: dict[AgentId, tuple[InteractionId, float]] = {}
        self._news = False
        self._dirty: set[AgentId] = set()
        self._behind: dict[AgentId, None] = {}
        """Whose screen is to be shown anew soon, as the plan is another one."""
        self._briefs: Mapping[QueueName, msgspec.Raw] = {}
        self._phones: Mapping[AgentId, PhoneStateShape] = {}
        self._next_upkeep = self._next_board = self._next_beat = clock()
        self._last_tick = clock()
        self._attention = Attention(clock())
        accounts.on_ended.append(self._login_ended)

    # -- from the runtime ------------------------------------------------------------------------------------------

    def told(self, outputs: Sequence[Output], now: float) -> None:
        """The brain has decided. The consequences are written to the screens concerned when this returns."""
        with self._metrics.told.time():
            self._tell(outputs, now)

    def _tell(self, outputs: Sequence[Output], now: float) -> None:
        self._news = True
        agents = concerned(self._center, outputs)
        if any(isinstance(output, RevisionBegan) for output in outputs):
            # Everybody's screen may be another one now: that is too much to be told at once, but for who has to go.
            self._behind = dict.fromkeys(one for one in self._audiences if one is not None)
            agents |= self._behind.keys() - self._center.agents.keys()
            self._next_board = self._clock()
        strangers = agents - self._center.agents.keys()
        agents -= strangers
        self._dirty = (self._dirty | agents) & self._center.agents.keys()
        for output in outputs:
            if isinstance(output, ReservationMade):
                self._pops[output.agent] = (output.interaction, output.at)
        for agent in agents:
            self._show(agent, now)
        for output in outputs:
            if isinstance(output, RequestGranted | RequestRefused):
                self._answer(output)
        self._put_out(strangers)

    def _show(self, agent: AgentId, now: float) -> None:
        if (audience := self._audiences.get(agent)) and audience.screens:
            self._keep_one_phone(audience)
            audience.tell(audience.feed.publish(self._document(audience, now)))

    def _catch_up(self, now: float) -> Iterator[None]:
        behind, self._behind = self._behind, {}
        for lot in lots(list(behind)):
            for agent in lot:
                if agent in self._center.agents:
                    self._show(agent, now)
            yield

    def _put_out(self, strangers: Collection[AgentId]) -> None:
        """They are not in the centre any more."""
        for agent in strangers:
            if (audience := self._audiences.pop(agent, None)) is not None:
                for screen in list(audience.screens):
                    self._leave(audience, screen)
                    screen.end("logged_out", "this user is not in the centre any more")

    def _answer(self, answer: RequestGranted | RequestRefused) -> None:
        if screen := self._screens.get(SocketId(answer.request.partition(":")[0])):
            refusal = answer.refusal if isinstance(answer, RequestRefused) else None
            screen.perform(screen.session.answer(answer.request, refusal))

    # -- sockets ---------------------------------------------------------------------------------------------------

    def opened(self, wire: Wire) -> Screen:
        """A browser has connected; nobody knows yet whose it is."""
        self._serial += 1
        socket = SocketId(f"{self._instance}-{self._serial}")
        screen = Screen(socket, wire, self, self._metrics, self._attended)
        self._screens[socket] = screen
        return screen

    def gone(self, screen: Screen) -> None:
        """Its socket is closed."""
        del self._screens[screen.session.socket]
        for audience in self._audiences.values():
            if screen in audience.screens:
                self._leave(audience, screen)
                return

    def _leave(self, audience: Audience, screen: Screen) -> None:
        audience.screens.remove(screen)
        audience.left = self._attended()
        role = Role.SUPERVISOR if audience.agent is None else Role.AGENT
        self._metrics.sockets.labels(role.value).dec()
        if audience.agent is not None:
            self._presence.left(audience.agent, screen.last_heard)

    # -- what screens ask (see `screen.Office`) --------------------------------------------------------------------

    def ticket_shown(self, screen: Screen, ticket: str) -> None:
        """Let him in if the ticket is good."""
        login = self._accounts.redeem(ticket)
        user = user_of(self._center, login.user) if login else None
        if login is None or user is None:
            screen.perform(screen.session.refuse("ticket", "the ticket is unknown, used or too old"))
            return
        audience = self._audience(user)
        audience.tell(audience.feed.publish(self._document(audience, self._now())))
        screen.login = login
        audience.prefer(screen)
        self._metrics.sockets.labels(user.role.value).inc()
        if audience.agent is not None and self._presence.came(audience.agent):
            self._post(DesktopConnected(audience.agent))
        screen.perform(screen.session.admit(user, audience.feed))
        # At once, for the timers on the page: they run by our clock.
        screen.perform(screen.session.beat(self._now()))
        self._keep_one_phone(audience)

    def asked(self, screen: Screen, request: AnyRequest | AnySupervisorRequest) -> None:
        """An authorised request goes to the brain."""
        if isinstance(request, LogIn):
            self._audiences[request.agent].prefer(screen)
        self._post(request)

    def pop_seen(self, agent: AgentId, interaction: InteractionId) -> None:
        """Measure reservation to painted pop, once per reservation."""
        reserved = self._pops.get(agent)
        if reserved and reserved[0] == interaction:
            del self._pops[agent]
            self._metrics.pop_seen.observe(max(0.0, self._now() - reserved[1]))

    # -- time ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Look after the screens until cancelled."""
        due = self._clock()
        worst: list[float] = []
        while True:
            due = max(due + TICK, self._clock())
            await asyncio.sleep(due - self._clock())
            worst = [*worst[-39:], max(0.0, self._clock() - due)]
            self._metrics.loop_lag.set(max(worst))
            try:
                for _ in self._round(self._clock()):
                    await asyncio.sleep(0)
            except Exception:
                # The boundary of this task: a mistake about one screen must not leave all others unattended.
                log.exception("the screens could not be looked after")

    async def watch_logins(self) -> None:
        """Put out those whose login another process has ended, until cancelled."""
        while True:
            await asyncio.sleep(LOGINS_EVERY)
            await self.check_logins()

    async def check_logins(self) -> None:
        """Look once. `watch_logins` calls this every 15 s."""
        shown = frozenset(screen.login.id for screen in self._screens.values() if screen.login)
        try:
            ended = await self._accounts.ended_elsewhere(shown) if shown else ()
        except ConnectionError:
            return  # nobody is put out because the database is down
        for login in ended:
            self._login_ended(login)

    def tick(self, clock: float) -> None:
        """What is due now, all at once."""
        for _ in self._round(clock):
            pass

    def _round(self, clock: float) -> Iterator[None]:
        """What is due now, four times a second, in steps of which none keeps a call waiting."""
        self._last_tick = clock
        self._attention.look(clock)
        now = self._now()
        yield from self._catch_up(now)
        yield from self._refresh_board(clock, now)
        yield from self._refresh_surroundings()
        if clock >= self._next_upkeep:
            self._next_upkeep = clock + 1.0
            yield from self._upkeep(now)
        if clock >= self._next_beat:
            self._next_beat = clock + BEAT_EVERY
            for lot in lots(list(self._screens.values())):
                for screen in lot:
                    screen.perform(screen.session.beat(now))
                yield
        for agent in self._presence.overdue(self._attended()):
            self._post(DesktopLost(agent))

    def seconds_since_tick(self) -> float:
        """How long nobody has looked after the screens; a fraction of a second if all is well."""
        return self._clock() - self._last_tick

    def _refresh_board(self, clock: float, now: float) -> Iterator[None]:
        board = self._audiences.get(None)
        news, self._news = self._news, False
        dirty, self._dirty = self._dirty, set()
        if board is None or not board.screens:
            return
        some: Document = {}
        gone: Collection[str] = ()
        if clock >= self._next_board:
            self._next_board = clock + BOARD_EVERY
            dirty = set(self._center.agents)
            some = centre_view(self._center, self._since, now, self._troubles())
            gone = sorted(board.feed.document.keys() - {*some, *map(agent_key, dirty)})
        elif news:
            some = queues_view(self._center)
        for lot in lots(sorted(dirty)) if dirty else ((),):
            there = [agent for agent in lot if agent in self._center.agents]
            board.tell(board.feed.update({**some, **agents_view(self._center, there, now)}, gone))
            some, gone = {}, ()
            yield

    def _refresh_surroundings(self) -> Iterator[None]:
        """Queues and phones; looked at every time, as a phone that registers is no decision of the brain."""
        center = self._center
        before, self._briefs = self._briefs, queue_briefs(center)
        phones: dict[AgentId, PhoneStateShape] = {}
        for lot in lots(list(self._audiences.values())):
            for audience in lot:
                agent = center.agents.get(audience.agent) if audience.agent is not None else None
                if agent is None or not audience.screens:
                    continue
                phones[agent.id] = phone_state(center, agent)
                if self._briefs != before or self._phones.get(agent.id) != phones[agent.id]:
                    audience.tell(audience.feed.update(agent_surroundings(center, agent, self._briefs)))
            yield
        self._phones = phones

    def _attended(self) -> float:
        """The clock of the screens: by any other, a standstill of ours would be their silence."""
        return self._attention.at(self._clock())

    def _upkeep(self, now: float) -> Iterator[None]:
        attended = self._attended()
        for lot in lots(list(self._screens.items())):
            for socket, screen in lot:
                if socket in self._screens:
                    self._look_after(screen, attended, now)
            yield
        for key, audience in list(self._audiences.items()):
            if not audience.screens and attended - audience.left > KEEP_FEED:
                del self._audiences[key]

    def _look_after(self, screen: Screen, attended: float, now: float) -> None:
        user = screen.session.user
        if screen.login and screen.login.expires <= now:
            screen.end("logged_out", "the login session has expired")
        elif user and ((now_is := user_of(self._center, user.id)) is None or now_is.role is not user.role):
            screen.end("logged_out", "this user is somebody else now, or nobody")
        screen.upkeep(attended)

    def shut_down(self) -> None:
        """The process ends: tell all browsers to come back later."""
        for screen in list(self._screens.values()):
            screen.end("going_away", "the centre is restarting")

    # -- inside ----------------------------------------------------------------------------------------------------

    def _keep_one_phone(self, audience: Audience) -> None:
        """An agent's browser is one telephone: only one window can be registered as it."""
        agent = self._center.agents[audience.agent] if audience.agent is not None else None
        if agent and agent.phone.kind is PhoneKind.BROWSER and not isinstance(agent.state, LoggedOut):
            audience.replace_others()

    def _login_ended(self, login: TokenHash) -> None:
        for screen in list(self._screens.values()):
            if screen.login and screen.login.id == login:
                screen.end("logged_out", "this login has ended")

    def _audience(self, user: User) -> Audience:
        key = AgentId(user.id) if user.role is Role.AGENT else None
        if key not in self._audiences:
            self._serial += 1
            self._audiences[key] = Audience(key, Feed(f"{self._instance}-{self._serial}"))
        return self._audiences[key]

    def _document(self, audience: Audience, now: float) -> Document:
        if audience.agent is None:
            return board_view(self._center, self._since, now, self._troubles())
        return agent_view(self._center, self._center.agents[audience.agent], self._sip, self._briefs)
