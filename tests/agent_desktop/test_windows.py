"""Several windows of one agent, and how a new password shuts those of the old one."""

from acd.model import AgentId, UserId
from agent_desktop.edge.accounts import Accounts, MemoryAccountStore
from tests.agent_desktop.office import CHEAP, Browser, office

ANNA = AgentId("anna")


class Unanswering(MemoryAccountStore):
    """A database that has gone down since they logged in."""

    async def live_sessions(self, now: float) -> frozenset[str]:
        """As `AccountStore` demands."""
        raise ConnectionError("down")


async def test_the_window_that_chooses_the_browser_phone_stays() -> None:
    """Although the other one was opened later."""
    async with office() as centre, Browser(centre) as first, Browser(centre) as second:
        await first.open("anna")
        await second.open("anna")
        assert (await first.ask("log_in", phone="browser"))["type"] == "granted"
        assert await second.ended() == ("replaced", 4006)
        assert (await first.ask("become_ready"))["type"] == "granted"


async def test_a_later_window_takes_the_browser_phone() -> None:
    """And may be taken back; after work nobody is put out."""
    async with office() as centre, Browser(centre) as first, Browser(centre) as second:
        await first.open("anna")
        assert (await first.ask("log_in", phone="browser"))["type"] == "granted"
        await second.open("anna")
        assert await first.ended() == ("replaced", 4006)
        assert second.view["state"]["kind"] == "not_ready"
        assert (await first.authenticate(resume=True))["type"] == "resumed"
        assert await second.ended() == ("replaced", 4006)
        assert (await first.ask("log_out"))["type"] == "granted"
        assert (await second.authenticate())["type"] == "welcome"
        assert (await first.ask("log_in", phone="desk"))["type"] == "granted"
        assert (await second.ask("become_ready"))["type"] == "granted"
        assert centre.center.agents[ANNA].desktop


async def test_a_new_password_shuts_her_windows() -> None:
    """Those only that are hers; the cookie is worth nothing any more."""
    async with office() as centre, Browser(centre) as anna, Browser(centre) as ben:
        await anna.open("anna")
        await ben.open("ben")
        unused = await anna.ticket()
        await centre.accounts.set_password(UserId("anna"), "another one")
        assert await anna.ended() == ("logged_out", 4002)
        assert (await anna.authenticate(unused))["code"] == "ticket"
        async with anna.http.post("/api/ticket") as response:
            assert response.status == 401
        assert await anna.log_in("anna", "another one") == 200
        assert (await ben.ask("log_in", phone="desk"))["type"] == "granted"


async def test_a_new_password_from_another_process_does_so_too() -> None:
    """As by `callwright passwd`: found when the hub looks at the store the next time."""
    store = MemoryAccountStore()
    async with office(store=store) as centre, Browser(centre) as anna, Browser(centre) as ben:
        await anna.open("anna")
        await ben.open("ben")
        await Accounts(store, centre.now, hasher=CHEAP).set_password(UserId("anna"), "another one")
        await centre.hub.check_logins()
        assert await anna.ended() == ("logged_out", 4002)
        assert (await ben.ask("log_in", phone="desk"))["type"] == "granted"


async def test_a_database_that_is_down_shuts_no_window() -> None:
    """Calls go on without it."""
    async with office(store=Unanswering()) as centre, Browser(centre) as anna:
        await anna.open("anna")
        await centre.hub.check_logins()
        assert (await anna.ask("log_in", phone="desk"))["type"] == "granted"
