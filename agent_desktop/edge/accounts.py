"""Who is at the browser: passwords, login sessions and the tickets that open a WebSocket.

A session is a random token in a cookie; the store knows only its hash, so a stolen database opens no session. Sessions
live in the store and survive a restart of the process; tickets live for 30 seconds in memory.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Sequence
from typing import NewType, Protocol

import argon2
import msgspec
import structlog

from acd.model import UserId
from agent_desktop.addresses import network_of
from agent_desktop.lockout import PER_ADDRESS, PER_USER, LockOut

Token = NewType("Token", str)
"""What the browser holds. Never stored, never logged."""
TokenHash = NewType("TokenHash", str)
"""Names the session everywhere else."""

SESSION_SECONDS = 12 * 3600.0
TICKET_SECONDS = 30.0
MOST_TICKETS = 10
"""Unused tickets per session; the oldest falls out."""
LONGEST_PASSWORD = 1000
MOST_TRIES = 500
"""Logins under way; each takes some 40 ms, one after the other. The largest shift, and a wait that nobody outlasts."""

log = structlog.stdlib.get_logger(__name__)


class AccountStore(Protocol):
    """Where passwords and sessions are kept. Each call raises `ConnectionError` if the store does not answer."""

    async def get_hash(self, user: UserId) -> str | None:
        """The user's argon2 hash."""

    async def set_hash(self, user: UserId, hashed: str) -> None:
        """Set or replace it."""

    async def replace_hash(self, user: UserId, old: str, new: str) -> None:
        """Replace it if it is still the old one; else leave it alone."""

    async def add_session(self, token_hash: str, user: UserId, expires: float) -> None:
        """Remember a session until `expires` (seconds since the Unix epoch)."""

    async def find_session(self, token_hash: str) -> tuple[UserId, float] | None:
        """Whose session it is, and when it expires; one that has expired may be found."""

    async def drop_session(self, token_hash: str) -> None:
        """Forget it; harmless if it is unknown."""

    async def drop_sessions(self, user: UserId) -> Sequence[str]:
        """Forget all of this user's; gives their token hashes."""

    async def live_sessions(self, now: float) -> frozenset[str]:
        """The token hashes of all sessions that are good at `now`."""


class MemoryAccountStore:
    """Passwords and sessions for as long as the process lives, for a centre without a database."""

    def __init__(self) -> None:
        self._hashes: dict[UserId, str] = {}
        self._sessions: dict[str, tuple[UserId, float]] = {}

    async def get_hash(self, user: UserId) -> str | None:
        """See `AccountStore`."""
        return self._hashes.get(user)

    async def set_hash(self, user: UserId, hashed: str) -> None:
        """See `AccountStore`."""
        self._hashes[user] = hashed

    async def replace_hash(self, user: UserId, old: str, new: str) -> None:
        """See `AccountStore`."""
        if self._hashes.get(user) == old:
            self._hashes[user] = new

    async def add_session(self, token_hash: str, user: UserId, expires: float) -> None:
        """See `AccountStore`."""
        self._sessions[token_hash] = (user, expires)

    async def find_session(self, token_hash: str) -> tuple[UserId, float] | None:
        """See `AccountStore`."""
        return self._sessions.get(token_hash)

    async def drop_session(self, token_hash: str) -> None:
        """See `AccountStore`."""
        self._sessions.pop(token_hash, None)

    async def drop_sessions(self, user: UserId) -> Sequence[str]:
        """See `AccountStore`."""
        dropped = [token_hash for token_hash, (holder, _) in self._sessions.items() if holder == user]
        for token_hash in dropped:
            del self._sessions[token_hash]
        return dropped

    async def live_sessions(self, now: float) -> frozenset[str]:
        """See `AccountStore`."""
        return frozenset(token_hash for token_hash, (_, expires) in self._sessions.items() if expires > now)


class LoginSession(msgspec.Struct, frozen=True):
    """One browser that has shown a right password."""

    id: TokenHash
    user: UserId
    expires: float


class WrongPassword(Exception):
    """No such user, or not his password; which of both is not told."""


class LockedOut(Exception):
    """Too many failures; try again in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"locked out for {seconds:.0f} s")
        self.seconds = seconds


class TooManyTries(Exception):
    """So many are logging in that one more would wait too long; try again in a moment."""


class Accounts:
    """Logs people in and out. `now` gives seconds since the Unix epoch.

    Argon2 costs what OWASP asks for at least (19 MiB, two passes, one lane), one at a time: a few hundred agents log in
    when a shift begins, beside the calls. `on_ended` is called when a session has ended by logout or by a new password,
    so that its sockets can be closed; what another process ends is told by `ended_elsewhere`.
    """

    def __init__(
        self,
        store: AccountStore,
        now: Callable[[], float],
        *,
        hasher: argon2.PasswordHasher | None = None,
        session_seconds: float = SESSION_SECONDS,
    ) -> None:
        self.now = now
        self._store = store
        self._hasher = hasher or argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._session_seconds = session_seconds
        self._users = LockOut(PER_USER)
        self._addresses = LockOut(PER_ADDRESS)
        self._tickets: dict[str, tuple[LoginSession, float]] = {}
        self._hashing = asyncio.Lock()
        self._one_by_one = asyncio.Lock()
        self._tries = 0
        self._nobody = ""
        self.on_ended: list[Callable[[TokenHash], None]] = []

    async def set_password(self, user: UserId, password: str, *, keep_logins: bool = False) -> None:
        """Give a user a (new) password. Logins with the old one end. Raises `ConnectionError`."""
        await self._store.set_hash(user, await self._hash(password))
        for ended in () if keep_logins else await self._store.drop_sessions(user):
            self._ended(TokenHash(ended))

    async def log_in(self, user: UserId, password: str, address: str) -> tuple[Token, LoginSession]:
        """Check the password and open a session. Raises `WrongPassword`, `LockedOut`, `TooManyTries`,
        `ConnectionError`."""
        address = network_of(address)
        self._check_lock(user, address)
        if self._tries >= MOST_TRIES:
            raise TooManyTries
        self._tries += 1
        try:
            hashed = await self._check_password(user, password, address)
        finally:
            self._tries -= 1
        token = Token(secrets.token_urlsafe(32))
        session = LoginSession(hash_of(token), user, self.now() + self._session_seconds)
        await self._store.add_session(session.id, user, session.expires)
        # Whoever sets a new password, and be it another process, writes its hash and then ends the sessions. So either
        # he has ended this one, or his hash is here.
        if await self._store.get_hash(user) != hashed:
            await self._store.drop_session(session.id)
            raise WrongPassword
        log.info("logged in", user=user)
        return token, session

    async def find(self, token: Token) -> LoginSession | None:
        """The session of a cookie, if it is still good. Raises `ConnectionError`."""
        token_hash = hash_of(token)
        found = await self._store.find_session(token_hash)
        if found is None:
            return None
        user, expires = found
        if expires <= self.now():
            await self._store.drop_session(token_hash)
            return None
        return LoginSession(token_hash, user, expires)

    async def log_out(self, session: LoginSession) -> None:
        """End a session: its tickets and sockets at once, then its record. Raises `ConnectionError`."""
        self._ended(session.id)
        await self._store.drop_session(session.id)
        log.info("logged out", user=session.user)

    def ticket(self, session: LoginSession) -> str:
        """A ticket for one WebSocket, good for 30 seconds."""
        now = self.now()
        self._tickets = {key: entry for key, entry in self._tickets.items() if entry[1] > now}
        own = [key for key, (holder, _) in self._tickets.items() if holder.id == session.id]
        for key in own[: max(0, len(own) - MOST_TICKETS + 1)]:
            del self._tickets[key]
        ticket = secrets.token_urlsafe(24)
        self._tickets[_digest(ticket)] = (session, now + TICKET_SECONDS)
        return ticket

    def redeem(self, ticket: str) -> LoginSession | None:
        """Whose ticket it is; works once."""
        session, until = self._tickets.pop(_digest(ticket), (None, 0.0))
        now = self.now()
        return session if session and until > now and session.expires > now else None

    async def ended_elsewhere(self, logins: frozenset[TokenHash]) -> frozenset[TokenHash]:
        """Those of these sessions that the store has no more: another process ended them. Raises `ConnectionError`."""
        return logins - await self._store.live_sessions(self.now())

    # -- inside ----------------------------------------------------------------------------------------------------

    def _ended(self, login: TokenHash) -> None:
        self._tickets = {key: entry for key, entry in self._tickets.items() if entry[0].id != login}
        for ended in self.on_ended:
            ended(login)

    def _check_lock(self, user: UserId, address: str) -> None:
        now = self.now()
        left = max(self._users.seconds_left(user, now), self._addresses.seconds_left(address, now))
        if left > 0:
            raise LockedOut(left)

    async def _check_password(self, user: UserId, password: str, address: str) -> str:
        """Gives the hash that has been found to be right, or the one that has taken its place."""
        async with self._one_by_one:
            # Those before him in the queue may have failed: a hundred guesses at once are a hundred guesses, and a
            # hundred people of one office who begin their day at once are none.
            self._check_lock(user, address)
            hashed = await self._store.get_hash(user)
            if hashed is None:
                # The same work as for a real user, so that the time does not tell who exists.
                self._nobody = self._nobody or await self._hash(secrets.token_urlsafe(16))
            is_right = await self._verify(hashed or self._nobody, password)
            if hashed is None or not is_right:
                self._users.failed(user, user, self.now())
                self._addresses.failed(address, user if hashed else "", self.now())
                log.info("login refused", address=address)
                raise WrongPassword
            self._users.forgive(user, user)
            self._addresses.forgive(address, user)
            if not self._hasher.check_needs_rehash(hashed):
                return hashed
            renewed = await self._hash(password)
            await self._store.replace_hash(user, hashed, renewed)
            return renewed

    async def _verify(self, hashed: str, password: str) -> bool:
        if len(password) > LONGEST_PASSWORD:
            return False
        async with self._hashing:
            try:
                return await asyncio.to_thread(self._hasher.verify, hashed, _bytes(password))
            except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
                return False

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self._hasher.hash, _bytes(password))


def hash_of(token: Token) -> TokenHash:
    """What the store knows a session by. Plain SHA-256 is enough: the token is 256 random bits."""
    return TokenHash(_digest(token))


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
