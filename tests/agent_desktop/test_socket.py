"""The WebSocket, between real clients and the real brain."""

import asyncio
import json
import os
import socket

from acd.calls.interactions import Ringing
from acd.model import AgentId
from acd.people.agents import LoggedOut, Ready
from acd.told import DesktopConnected
from agent_desktop.edge.accounts import MemoryAccountStore
from agent_desktop.edge.audience import LOT
from agent_desktop.edge.hub import BOARD_EVERY
from agent_desktop.views import SipAccount
from cti.commands import AnyCommand, Ring
from cti.events import LegAnswered, LegEnded, LegsBridged, PhoneReachable
from cti.model import Endpoint, HangupCause
from tests.acd.company import NODE, agent, company
from tests.agent_desktop.office import Browser, office

ANNA = AgentId("anna")


async def test_an_agents_day() -> None:
    """Log in, Ready, pop, answer, talk, wrap up, log out; each on the screen as it happens."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        assert anna.user == {"id": "anna", "name": "Anna", "role": "agent"}
        assert anna.view["state"]["kind"] == "logged_out"
        assert (await anna.ask("log_in", phone="desk"))["type"] == "granted"
        assert anna.view["state"]["kind"] == "not_ready"
        assert (await anna.ask("become_ready"))["type"] == "granted"
        caller = centre.call_billing()
        view = await anna.until(lambda view: view["pop"] is not None)
        assert view["pop"]["caller"]["number"] == "+493012345"
        await anna.say(type="seen", pop=view["pop"]["interaction"])
        ring = centre.last_ring()
        centre.runtime.post(LegAnswered(ring.leg))
        centre.runtime.post(LegsBridged(ring.call, (caller, ring.leg)))
        await anna.until(lambda view: view["pop"]["phase"] == "talking")
        assert (await anna.ask("log_out"))["code"] == "on_a_call"
        assert (await anna.ask("hang_up_call"))["type"] == "granted"
        assert anna.view["pop"]["phase"] == "wrap_up"
        assert (await anna.ask("choose_wrap_up", code="no such code"))["code"] == "unknown_code"
        assert (await anna.ask("choose_wrap_up", code="solved", note="!"))["type"] == "granted"
        assert (await anna.ask("become_ready"))["type"] == "granted"
        await anna.until(lambda view: view["pop"] is None)
        assert (await anna.ask("log_out"))["type"] == "granted"
        assert isinstance(centre.center.agents[ANNA].state, LoggedOut)
        assert centre.count("pop_seen_seconds_count") == 1


async def test_the_pop_is_in_the_kernel_before_the_phone_is_rung() -> None:
    """When the runtime hands the ring command to the PBX's edge, the agent's socket can already be read."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        centre.ready("anna")
        await anna.until(lambda view: view["state"]["kind"] == "ready")
        assert anna.ws
        reading = socket.socket(fileno=os.dup(anna.ws.transport.get_extra_info("socket").fileno()))
        peeked: list[bytes] = []

        def on_command(command: AnyCommand) -> None:
            centre.commands.append(command)
            if isinstance(command, Ring):
                peeked.append(reading.recv(65_536, socket.MSG_PEEK | socket.MSG_DONTWAIT))

        centre.on_command = on_command
        centre.call_billing()
        reading.close()
        assert b'"phase":"ringing"' in peeked[0]
        assert b"+493012345" in peeked[0]


async def test_a_supervisor_watches() -> None:
    """Everything is on the board within a second; the supervisor may not act for an agent."""
    async with office() as centre, Browser(centre) as sam:
        await sam.open("sam")
        assert sam.user["role"] == "supervisor"
        assert set(sam.view) >= {"centre", "today", "queue:billing", "queue:products", "agent:anna", "agent:dan"}
        centre.ready("anna")
        await sam.until(lambda view: view["agent:anna"]["state"]["kind"] == "ready", within=1.0)
        centre.call_billing()
        view = await sam.until(lambda view: view["queue:billing"]["waiting"] == 1, within=1.0)
        assert view["agent:anna"]["with"] == {"number": "+493012345"}
        assert (await sam.ask("become_ready"))["code"] == "not_allowed"
        assert (await sam.ask("decline_call", agent="anna"))["code"] == "not_allowed"
        await sam.say(type="seen", pop="x")
        assert (await sam.ask("log_out"))["code"] == "not_allowed"
        assert isinstance(next(iter(centre.center.interactions.values())).stage, Ringing)
        assert centre.count("rejected_frames_total", code="not_allowed") == 4


async def test_a_large_centre_is_told_in_lots_between_which_calls_are_served() -> None:
    """Everybody is on the board all the same, and no step of the loop is the whole of it."""
    staff = tuple(agent(f"agent-{number}", billing=5) for number in range(5 * LOT))
    async with office(company(agents=staff)) as centre, Browser(centre) as sam:
        await sam.open("sam")
        for one in staff:
            centre.runtime.post(DesktopConnected(one.id))
            centre.ready(one.id)
        told: list[int] = []
        while not all(sam.view[f"agent:{one.id}"]["state"]["kind"] == "ready" for one in staff):
            frame = await sam.hear()
            told.append(sum(key.startswith("agent:") for key in frame.get("set", ())))
        assert max(told) <= LOT
        assert sum(told) >= len(staff)


async def test_the_board_changes_at_most_four_times_a_second() -> None:
    """However much happens."""
    async with office() as centre, Browser(centre) as sam:
        await sam.open("sam")
        loop = asyncio.get_running_loop()
        begin = loop.time()
        arrivals: list[float] = []
        while (now := loop.time()) < begin + 1.5:
            caller = centre.call_billing()
            centre.runtime.post(LegEnded(caller, HangupCause.NORMAL))
            try:
                frame = await sam.hear(within=0.02)
            except TimeoutError:
                continue
            arrivals += [now] if frame["type"] == "change" else []
        assert 3 <= len(arrivals) <= 8


async def test_what_does_not_work_as_it_should_is_on_the_board_as_long_as_it_does_not() -> None:
    troubles: dict[str, str] = {}
    async with office(troubles=troubles) as centre, Browser(centre) as sam, Browser(centre) as anna:
        await sam.open("sam")
        assert "troubles" not in sam.view["centre"]
        await anna.open("anna")
        troubles["voice"] = "zh: piper failed"
        centre.clock.ahead += BOARD_EVERY
        await sam.until(lambda view: view["centre"].get("troubles") == {"voice": "zh: piper failed"})
        assert "piper" not in str(anna.view), "it is not hers to mend"
        del troubles["voice"]
        centre.clock.ahead += BOARD_EVERY
        await sam.until(lambda view: "troubles" not in view["centre"])


async def test_another_agents_screen_shows_nothing_of_it() -> None:
    """Ben sees that somebody waits, not who."""
    async with office() as centre, Browser(centre) as anna, Browser(centre) as ben:
        await anna.open("anna")
        await ben.open("ben")
        centre.ready("anna")
        centre.call_billing()
        await ben.until(lambda view: view["queues"][0]["waiting"] == 1)
        assert "+493012345" not in json.dumps(ben.view)
        assert ben.view["pop"] is None


async def test_two_browsers_of_one_agent_show_the_same() -> None:
    """What is done in one is seen in the other (but for browser phones, see test_windows)."""
    async with office() as centre, Browser(centre) as one, Browser(centre) as two:
        await one.open("anna")
        await two.open("anna")
        await one.ask("log_in", phone="desk")
        view = await two.until(lambda view: view["state"]["kind"] == "not_ready")
        assert view["me"]["phone"] == "desk"
        assert two.view == one.view
        assert centre.count("sockets", role="agent") == 2


async def test_after_a_cut_only_what_was_missed_is_told() -> None:
    """The same stream goes on."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        assert anna.ws
        anna.ws.transport.abort()
        centre.ready("anna")
        before = dict(anna.view)
        resumed = await anna.authenticate(resume=True)
        assert (resumed["type"], resumed["stream"], resumed["seq"]) == ("resumed", anna.stream, anna.seq)
        await anna.until(lambda view: view["state"]["kind"] == "ready")
        assert anna.view["me"] == before["me"]
        assert isinstance(centre.center.agents[ANNA].state, Ready)


async def test_another_process_welcomes_anew_and_the_login_still_counts() -> None:
    """Its stream is another one; sessions are in the store, and the cookie is in the browser."""
    store = MemoryAccountStore()
    async with office(store=store) as first, Browser(first) as anna:
        await anna.open("anna")
        stream = anna.stream
        async with office(store=store) as second:
            await anna.move(second)
            assert (await anna.authenticate(resume=True))["type"] == "welcome"
            assert anna.stream != stream


async def test_phones_and_queues_change_without_the_agents_doing() -> None:
    """A phone that registers is no decision of the brain, and is shown all the same."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        centre.runtime.post(PhoneReachable(NODE, Endpoint("PJSIP/anna")))
        await anna.until(lambda view: view["phone"]["reachable"] is True, within=1.0)


async def test_the_sip_account_goes_to_its_owner() -> None:
    """And not to a supervisor."""
    account = SipAccount("sip:a@pbx", "a", "s3cret", "ws://pbx/ws", "pbx")
    sip = {ANNA: account}
    async with office(sip=lambda agent: sip.get(agent.id)) as centre, Browser(centre) as anna, Browser(centre) as sam:
        await anna.open("anna")
        assert anna.view["sip"]["password"] == "s3cret"
        await sam.open("sam")
        assert "s3cret" not in json.dumps(sam.view)
