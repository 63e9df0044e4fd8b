"""Both links of one node together: calls need ARI, and ARI alone."""

import asyncio

import msgspec
import pytest

from cti.commands import Answer, PickUp
from cti.edge.ami import AmiAddress
from cti.edge.ari_rest import AriAddress
from cti.edge.counters import Tally
from cti.edge.errors import WrongPassword
from cti.edge.pbx import Pbx
from cti.events import PbxSynchronized, PhoneReachable
from cti.model import CommandId, Endpoint, LegId
from tests.cti.fake_ami import FakeAmi
from tests.cti.fake_ari import FakeAri
from tests.cti.world import NODE, Inbox, RecordingsOnly, running

LEG = LegId("pbx1/1.1")


def pbx_of(ari: AriAddress, ami: AmiAddress, inbox: Inbox, tally: Tally) -> Pbx:
    return Pbx(NODE, ari, ami, inbox.deliver, RecordingsOnly(), tally)


async def test_each_command_takes_its_way() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, FakeAmi() as ami:
        pbx = pbx_of(ari.address, ami.address, inbox, Tally())
        async with running(pbx.run):
            await asyncio.gather(inbox.until(PbxSynchronized), ami.was_told("DeviceStateList"))
            assert (pbx.connected, pbx.sees_phones) == (True, True)
            pbx.send(Answer(CommandId("c1"), LEG))
            pbx.send(PickUp(CommandId("c2"), LEG, Endpoint("PJSIP/alice")))
            await ari.was_asked("POST", "/channels/1.1/answer")
            assert (await ami.was_told("PJSIPNotify"))["Channel"] == "1.1"
        assert (pbx.connected, pbx.sees_phones) == (False, False)


async def test_without_ami_calls_go_on_and_the_trouble_is_told() -> None:
    inbox, tally = Inbox(), Tally()
    async with FakeAri() as ari, FakeAmi() as ami:
        wrong = msgspec.structs.replace(ami.address, secret="wrong")
        pbx = pbx_of(ari.address, wrong, inbox, tally)
        async with running(pbx.run):
            await inbox.until(PbxSynchronized)
            await ami.was_told("Login")
            await asyncio.sleep(0.05)
            assert "does not accept" in pbx.ami_trouble
            assert (pbx.connected, pbx.sees_phones) == (True, False)
            assert tally.total("ami_given_up") == 1


async def test_without_ari_there_is_nothing_to_be_done() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, FakeAmi() as ami:
        wrong = msgspec.structs.replace(ari.address, password="wrong")
        with pytest.raises(WrongPassword):
            await asyncio.wait_for(pbx_of(wrong, ami.address, inbox, Tally()).run(), 2.0)
    assert "wrong" not in repr(wrong)


async def test_closing_ends_it() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, FakeAmi() as ami:
        pbx = pbx_of(ari.address, ami.address, inbox, Tally())
        async with running(pbx.run) as run:
            await inbox.until(PhoneReachable)
            await pbx.close()
            await asyncio.wait_for(run, 1.0)
