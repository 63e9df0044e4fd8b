"""A visit to AMI, on a real socket, with all that may be in the way."""

from __future__ import annotations

import pytest

from cti.edge.ami import AmiAddress
from cti.edge.ami_visit import AmiVisit
from cti.edge.errors import ConnectionBroken, NotAsterisk, NothingListens, PbxMisconfigured, Refused, WrongPassword
from tests.cti.fake_ami import FakeAmi


async def test_a_list_is_gathered_whole() -> None:
    async with FakeAmi() as ami, AmiVisit(ami.address) as visit:
        assert visit.version == "11.0.0"
        answer = await visit.ask({"Action": "DeviceStateList"})
        assert [packet.get("Event") for packet in answer] == [
            "",
            *["DeviceStateChange"] * len(ami.phones),
            "DeviceStateListComplete",
        ]
        with pytest.raises(Refused):
            await visit.ask({"Action": "Fly"})
        with pytest.raises(PbxMisconfigured):
            await visit.ask({"Action": "Getvar", "Variable": "A\r\nAction: Originate"})
        assert len(await visit.ask({"Action": "Ping"})) == 1


async def test_what_may_be_in_the_way() -> None:
    async with FakeAmi() as ami:
        wrong = AmiAddress(ami.address.host, ami.address.port, ami.address.user, "wrong")
        with pytest.raises(WrongPassword):
            async with AmiVisit(wrong):
                pass
        ami.login_refusal = "Too many sessions"
        with pytest.raises(Refused):
            async with AmiVisit(wrong):
                pass
        async with AmiVisit(ami.address) as visit:
            ami.mute = True
            ami.cut()
            with pytest.raises(ConnectionBroken):
                await visit.ask({"Action": "Ping"})
        ami.greeting = b"HTTP/1.1 400 Bad Request\r\n"
        with pytest.raises(NotAsterisk):
            async with AmiVisit(ami.address):
                pass
    with pytest.raises(NothingListens):
        async with AmiVisit(ami.address):
            pass
