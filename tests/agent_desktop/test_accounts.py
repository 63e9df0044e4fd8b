"""Passwords, sessions and tickets against a clock that stands still."""

import asyncio

import argon2
import pytest

from acd.model import UserId
from agent_desktop.edge.accounts import (
    MOST_TICKETS,
    MOST_TRIES,
    Accounts,
    LockedOut,
    MemoryAccountStore,
    Token,
    TokenHash,
    TooManyTries,
    WrongPassword,
    hash_of,
)
from tests.agent_desktop.office import CHEAP

ANNA = UserId("anna")
HERE = "192.0.2.1"


class Clock:
    """Moved by the test."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class BrokenStore(MemoryAccountStore):
    """A database that is down."""

    async def get_hash(self, user: UserId) -> str | None:
        """As `AccountStore` demands."""
        raise ConnectionError("down")


async def _accounts(clock: Clock, store: MemoryAccountStore | None = None) -> Accounts:
    accounts = Accounts(store or MemoryAccountStore(), clock, hasher=CHEAP)
    await accounts.set_password(ANNA, "right")
    return accounts


async def test_the_right_password_opens_a_session_that_outlives_the_process() -> None:
    """The store has it, by the token's hash only."""
    clock, store = Clock(), MemoryAccountStore()
    accounts = await _accounts(clock, store)
    token, session = await accounts.log_in(ANNA, "right", HERE)
    assert session.id == hash_of(token)
    assert str(token) not in session.id
    later = Accounts(store, clock, hasher=CHEAP)
    assert await later.find(token) == session
    assert await later.find(Token("guess")) is None
    clock.now += 12 * 3600
    assert await later.find(token) is None
    assert await store.find_session(session.id) is None


async def test_after_five_failures_even_the_right_password_waits() -> None:
    """Then it opens, and the failures are forgotten."""
    clock = Clock()
    accounts = await _accounts(clock)
    for _ in range(6):
        with pytest.raises(WrongPassword):
            await accounts.log_in(ANNA, "wrong", HERE)
    with pytest.raises(LockedOut) as caught:
        await accounts.log_in(ANNA, "right", "198.51.100.9")
    assert caught.value.seconds == 1.0
    clock.now += 1.0
    await accounts.log_in(ANNA, "right", HERE)
    with pytest.raises(WrongPassword):
        await accounts.log_in(ANNA, "wrong", HERE)


async def test_an_address_that_tries_many_names_is_locked_out() -> None:
    """Another address is not."""
    accounts = await _accounts(Clock())
    for guess in range(21):
        with pytest.raises(WrongPassword):
            await accounts.log_in(UserId(f"user{guess}"), "x", HERE)
    with pytest.raises(LockedOut):
        await accounts.log_in(ANNA, "right", HERE)
    await accounts.log_in(ANNA, "right", "198.51.100.9")


async def test_a_hundred_tries_at_once_are_a_hundred_tries() -> None:
    """Each is looked at after those before it have been counted."""
    accounts = await _accounts(Clock())
    tries = [accounts.log_in(ANNA, "wrong", f"192.0.2.{n}") for n in range(100)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(result) for result in results].count(WrongPassword) == 6


async def test_logins_that_succeed_do_not_lock_the_office_out() -> None:
    """A hundred people behind one address begin their day."""
    accounts = await _accounts(Clock())
    for _ in range(100):
        await accounts.log_in(ANNA, "right", HERE)


async def test_a_whole_shift_at_once_does_not_lock_itself_out() -> None:
    """Tries that nobody has looked at yet are no failures; and who mistypes harms himself alone."""
    accounts = await _accounts(Clock())
    everybody = [UserId(f"agent{n}") for n in range(100)]
    for user in everybody:
        await accounts.set_password(user, "right")
    tries = [accounts.log_in(user, "wrong" if user == everybody[50] else "right", HERE) for user in everybody]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(result) for result in results if not isinstance(result, tuple)] == [WrongPassword]


async def test_an_office_that_mistypes_now_and_then_is_not_locked_out() -> None:
    """Its failures never stop for an hour, but whoever mistyped gets it right in the end."""
    clock = Clock()
    accounts = await _accounts(clock)
    for user in [UserId(f"agent{n}") for n in range(60)]:
        await accounts.set_password(user, "right")
        for _ in range(3):
            with pytest.raises(WrongPassword):
                await accounts.log_in(user, "oops", HERE)
        await accounts.log_in(user, "right", HERE)
        clock.now += 600.0


async def test_ones_own_password_forgives_no_guesses_at_others() -> None:
    """One account, logged in between any two of them, would do to guess all passwords of the office."""
    accounts = await _accounts(Clock())
    for user in [UserId(f"agent{n}") for n in range(20)]:
        await accounts.set_password(user, "right")
        with pytest.raises(WrongPassword):
            await accounts.log_in(user, "guess", HERE)
        await accounts.log_in(ANNA, "right", HERE)
    with pytest.raises(WrongPassword):
        await accounts.log_in(UserId("agent20"), "guess", HERE)
    with pytest.raises(LockedOut):
        await accounts.log_in(ANNA, "right", HERE)


async def test_a_crowd_of_tries_is_bounded() -> None:
    """Whoever comes when too many wait is told so at once; nothing is held against him."""
    accounts = await _accounts(Clock())
    tries = [accounts.log_in(UserId(f"user{n}"), "x", f"2001:db8:{n:x}::1") for n in range(MOST_TRIES + 5)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(result) for result in results].count(TooManyTries) == 5
    await accounts.log_in(ANNA, "right", HERE)


async def test_a_database_that_is_down_is_no_wrong_password() -> None:
    """Nobody is locked out for it."""
    accounts = Accounts(BrokenStore(), Clock(), hasher=CHEAP)
    for _ in range(30):
        with pytest.raises(ConnectionError):
            await accounts.log_in(ANNA, "right", HERE)


async def test_an_old_hash_is_renewed_at_login() -> None:
    """When the parameters have become stronger."""
    store = MemoryAccountStore()
    await _accounts(Clock(), store)
    before = await store.get_hash(ANNA)
    stronger = Accounts(store, Clock(), hasher=argon2.PasswordHasher(time_cost=2, memory_cost=128, parallelism=1))
    await stronger.log_in(ANNA, "right", HERE)
    after = await store.get_hash(ANNA)
    assert before != after
    assert after
    assert "t=2" in after


class Overtaken(MemoryAccountStore):
    """A store in which somebody else, another process perhaps, sets a new password just before something is done."""

    def __init__(self, before: str) -> None:
        super().__init__()
        self.before = before

    async def _overtake(self, what: str) -> None:
        if what == self.before:
            self.before = ""
            await super().set_hash(ANNA, CHEAP.hash("new"))
            await super().drop_sessions(ANNA)

    async def get_hash(self, user: UserId) -> str | None:
        """As `AccountStore` demands."""
        found = await super().get_hash(user)
        await self._overtake("the old one is verified")
        return found

    async def replace_hash(self, user: UserId, old: str, new: str) -> None:
        """As `AccountStore` demands."""
        await self._overtake("the old one is renewed")
        await super().replace_hash(user, old, new)

    async def add_session(self, token_hash: str, user: UserId, expires: float) -> None:
        """As `AccountStore` demands."""
        await self._overtake("the session is added")
        await super().add_session(token_hash, user, expires)


@pytest.mark.parametrize("before", ["the old one is verified", "the old one is renewed", "the session is added"])
async def test_a_password_that_is_changed_meanwhile_opens_nothing(before: str) -> None:
    """And the old one does not come back as the renewal of its hash."""
    store = Overtaken("")
    await _accounts(Clock(), store)
    store.before = before
    accounts = Accounts(store, Clock(), hasher=argon2.PasswordHasher(time_cost=2, memory_cost=128, parallelism=1))
    with pytest.raises(WrongPassword):
        await accounts.log_in(ANNA, "right", HERE)
    assert store.before == ""
    assert await store.live_sessions(0.0) == set()
    await accounts.log_in(ANNA, "new", HERE)


async def test_who_waits_in_the_queue_is_measured_by_the_password_of_his_turn() -> None:
    """It may have been changed while others were looked at."""
    store, ben = MemoryAccountStore(), UserId("ben")
    accounts = await _accounts(Clock(), store)
    await accounts.set_password(ben, "right")
    first = asyncio.create_task(accounts.log_in(ben, "right", HERE))
    late = asyncio.create_task(accounts.log_in(ANNA, "new", HERE))
    await asyncio.sleep(0)
    await store.set_hash(ANNA, CHEAP.hash("new"))
    await first
    assert (await late)[1].user == ANNA


async def test_logins_at_once_renew_an_old_hash_together() -> None:
    """Neither is taken for one with an old password."""
    store = MemoryAccountStore()
    await _accounts(Clock(), store)
    stronger = Accounts(store, Clock(), hasher=argon2.PasswordHasher(time_cost=2, memory_cost=128, parallelism=1))
    await asyncio.gather(*(stronger.log_in(ANNA, "right", HERE) for _ in range(4)))


async def test_a_new_password_ends_the_logins_with_the_old_one() -> None:
    """Sessions, tickets and, by `on_ended`, sockets; somebody else's go on."""
    accounts = await _accounts(Clock())
    await accounts.set_password(UserId("ben"), "right")
    token, session = await accounts.log_in(ANNA, "right", HERE)
    others, _ = await accounts.log_in(UserId("ben"), "right", HERE)
    ticket = accounts.ticket(session)
    ended: list[TokenHash] = []
    accounts.on_ended.append(ended.append)
    assert await accounts.ended_elsewhere(frozenset({session.id})) == set()
    await accounts.set_password(ANNA, "new")
    assert ended == [session.id]
    assert await accounts.ended_elsewhere(frozenset({session.id, hash_of(others)})) == {session.id}
    assert await accounts.find(token) is None
    assert accounts.redeem(ticket) is None
    assert await accounts.find(others)


async def test_hashing_does_not_stop_the_loop() -> None:
    """Argon2 takes tens of milliseconds; calls cannot wait for it."""
    accounts = Accounts(MemoryAccountStore(), Clock())
    hashing = asyncio.create_task(accounts.set_password(ANNA, "right"))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 20


@pytest.mark.parametrize("password", ["", "x" * 1001, "\ud800", "\0"])
async def test_odd_passwords_are_wrong(password: str) -> None:
    """And nothing worse."""
    accounts = await _accounts(Clock())
    with pytest.raises(WrongPassword):
        await accounts.log_in(ANNA, password, HERE)


async def test_tickets_are_for_once_for_thirty_seconds_and_not_many() -> None:
    """And end with the session."""
    clock = Clock()
    accounts = await _accounts(clock)
    _, session = await accounts.log_in(ANNA, "right", HERE)
    ticket = accounts.ticket(session)
    assert accounts.redeem(ticket) == session
    assert accounts.redeem(ticket) is None
    late = accounts.ticket(session)
    clock.now += 30.0
    assert accounts.redeem(late) is None
    many = [accounts.ticket(session) for _ in range(MOST_TICKETS + 1)]
    assert accounts.redeem(many[0]) is None
    assert accounts.redeem(many[1]) == session
    ended: list[TokenHash] = []
    accounts.on_ended.append(ended.append)
    await accounts.log_out(session)
    assert accounts.redeem(many[2]) is None
    assert ended == [session.id]
