"""Reports over HTTP: who may ask, what he gets, and what becomes of nonsense."""

import asyncio
import csv
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.spool import Spool
from acd.events import InteractionStarted, NodesVisited
from acd.model import InteractionId
from cti.model import CallerId, CallId
from ivr.dialogue.visits import ENTRY, NodeVisit
from ivr.flow.settings import FlowName, NodeId
from tests.acd.company import agent, company
from tests.acd.edge.history.calls import BILLING, answered_call, entered
from tests.agent_desktop.office import Browser, Office, office

AT = 1_793_606_400.0
"""2026-11-02 09:00 in Berlin."""
DAY = "2026-11-02"
HOUR = f"start={AT}&end={AT + 3600}"

VISITS = (
    NodeVisit(0, FlowName("welcome"), "v1", NodeId("menu"), "menu", AT + 1790, ENTRY, AT + 1795, "1", 0, 1),
    NodeVisit(1, FlowName("welcome"), "v1", NodeId("person"), "to_queue", AT + 1795, "", AT + 1800, "to_queue"),
)
"""Of the second."""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """With an answered call, and one that waits, of somebody whose name is a formula."""
    database = Database(f"sqlite:///{tmp_path}/centre.db")
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    for event in answered_call("i1", AT):
        history.told(event)
    formula = CallerId("=1+2", "=cmd")
    history.told(InteractionStarted(InteractionId("i2"), CallId("pbx1/i2"), formula, "1000", "main", AT + 1790))
    history.told(entered("i2", BILLING, AT + 1800))
    history.told(NodesVisited(InteractionId("i2"), VISITS))
    assert await history.flush(10.0)
    await history.stop()
    yield database
    await database.close()


@pytest.fixture
async def centre(database: Database) -> AsyncIterator[Office]:
    """Open."""
    async with office(database=database) as opened:
        yield opened


async def asked(browser: Browser, path: str) -> tuple[int, Any]:
    """Status and JSON."""
    async with browser.http.get(f"/api/reports{path}") as response:
        return response.status, await response.json()


async def test_a_supervisor_sees_the_figures_and_what_is_behind(centre: Office) -> None:
    async with Browser(centre) as sam:
        await sam.log_in("sam")
        status, report = await asked(sam, f"?from={DAY}&every=30m&by=queue")
        assert status == 200
        first, second = report["lines"]
        assert first["interval"]["label"] == f"{DAY}T09:00+01:00"
        assert first["figures"]["asa"] == 8.0
        assert second["figures"]["still_open"] == 1
        assert report["whole"]["figures"]["entered"] == 2
        assert report["mistakes"] == []

        _, behind = await asked(sam, f"/segments?{HOUR}&by=queue&name=billing&figure=asa")
        assert [one["interaction"] for one in behind["segments"]] == ["i1"]
        _, behind = await asked(sam, f"/segments?{HOUR}&by=queue&name=billing&figure=still_open")
        assert [one["interaction"] for one in behind["segments"]] == ["i2"]
        _, behind = await asked(sam, f"/segments?{HOUR}&by=agent&name=anna&figure=handled")
        assert behind["count"] == 1

        _, behind = await asked(sam, f"/segments?{HOUR}&by=agent&name=anna&figure=declined")
        assert behind["count"] == 0

        _, contact = await asked(sam, "/contact?id=i1")
        assert contact["contact"]["segments"][0]["outcome"] == "answered"
        assert contact["contact"]["reservations"][0]["decision"]["need"] == "billing>=7"
        _, other = await asked(sam, "/contact?id=i2")
        assert [(one["node"], one["way"]) for one in other["contact"]["visits"]] == [
            ("menu", "1"),
            ("person", "to_queue"),
        ]
        assert (await asked(sam, "/contact?id=nobody"))[0] == 404
        assert (await asked(sam, "/contact?id=%00"))[0] == 400
        _, resolution = await asked(sam, f"/resolution?from={DAY}&within=3")
        assert resolution["groups"][0]["group"] == "billing"


async def test_contacts_and_agents_times_open_too(centre: Office) -> None:
    async with Browser(centre) as sam:
        await sam.log_in("sam")
        _, behind = await asked(sam, f"/segments?{HOUR}&by=entry_point&name=main&figure=contacts")
        assert behind["count"] == 2
        first, second = behind["contacts"]
        told = ("interaction", "caller", "outcome", "lasted", "node", "label")
        assert [first[name] for name in told] == ["i1", "+442079460123", "answered", 98, "number", "Customer number"]
        assert (second["outcome"], second["node"]) == (None, "")
        _, behind = await asked(sam, f"/segments?{HOUR}&by=centre&figure=contacts_abandoned_in_flow")
        assert behind == {"contacts": [], "count": 0}

        _, behind = await asked(sam, f"/segments?start={AT}&end={AT + 60}&by=agent&name=anna&figure=occupancy")
        stays = [(one["state"], one["since"] - AT, one["seconds"], one["contacts"]) for one in behind["stays"]]
        assert stays == [("ready", 0, 15, 0), ("reserved", 15, 3, 1), ("busy", 18, 42, 1)]
        assert (behind["count"], behind["seconds"]) == (3, 60)
        _, behind = await asked(sam, f"/segments?start={AT - 60}&end={AT}&by=agent&name=anna&figure=break_time")
        (lunch,) = behind["stays"]
        assert (lunch["state"], lunch["reason"], lunch["seconds"]) == ("not_ready", "lunch", 50)
        for figure, expected in (
            ("contacts", "interaction,entry_point,started"),
            ("busy_time", "agent,state,reason,since"),
        ):
            async with sam.http.get(f"/api/reports/segments?{HOUR}&by=centre&figure={figure}&format=csv") as response:
                assert (await response.text()).removeprefix("\ufeff").startswith(expected)


async def test_what_callers_did_in_several_steps_opens(centre: Office) -> None:
    async with Browser(centre) as sam:
        await sam.log_in("sam")
        for path, expected in [
            (f"/flows/contacts?from={DAY}&flow=welcome", ["i2"]),
            (f"/flows/contacts?from={DAY}&flow=welcome&node=menu&figure=drop_off", ["i2"]),
            (f"/flows/contacts?from={DAY}&flow=welcome&node=menu&way=1&version=v1&entry_point=main", ["i2"]),
            (f"/flows/contacts?from={DAY}&flow=welcome&node=menu&way=2", []),
            (f"/flows/contacts?from={DAY}&flow=welcome&version=v2", []),
            (f"/flows/contacts?from={DAY}&flow=other&node=menu", []),
            (f"/resolution/contacts?from={DAY}&group=billing&figure=resolution", ["i1"]),
            (f"/resolution/contacts?from={DAY}&group=billing&figure=followed", []),
        ]:
            _, behind = await asked(sam, path)
            assert [one["interaction"] for one in behind["contacts"]] == expected, path
            assert behind["count"] == len(expected)
        path = f"/api/reports/resolution/contacts?from={DAY}&group=billing&format=csv"
        async with sam.http.get(path) as response:
            (line,) = csv.DictReader((await response.text()).removeprefix("\ufeff").splitlines())
            assert (line["interaction"], line["label"]) == ("i1", "Customer number")


async def test_files_for_spreadsheets(centre: Office) -> None:
    async with Browser(centre) as sam:
        await sam.log_in("sam")
        async with sam.http.get(f"/api/reports?from={DAY}&format=csv&by=centre&every=day") as response:
            assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
            name = f'attachment; filename="callwright-centre-{DAY}-{DAY}.csv"'
            assert response.headers["Content-Disposition"] == name
            (line,) = csv.DictReader((await response.text()).removeprefix("\ufeff").splitlines())
            assert (line["interval"], line["entered"]) == (DAY, "2")
        async with sam.http.get(f"/api/reports/segments?{HOUR}&by=centre&format=csv") as response:
            lines = list(csv.DictReader((await response.text()).splitlines()))
            assert [line["caller"] for line in lines] == ["'+442079460123", "'=1+2"]


async def test_how_callers_fared_in_the_flows(centre: Office) -> None:
    async with Browser(centre) as sam:
        await sam.log_in("sam")
        status, report = await asked(sam, f"/flows?from={DAY}&version=true")
        assert status == 200
        (flow,) = report["flows"]
        assert {name: of for name, of in flow["place"].items() if of} == {"flow": "welcome", "version": "v1"}
        assert (flow["figures"]["entries"], flow["figures"]["transfer_out"]) == (1, 1.0)
        menu, person = report["nodes"]
        assert (menu["figures"]["no_match_rate"], menu["ways"], person["kind"]) == (1.0, {"1": 1}, "to_queue")
        assert report["versions"] == [
            {"flow": "welcome", "version": "v1", "entries": 1, "revision": None, "since": None}
        ]
        assert menu["labels"] == {}, "the flow of today is another version, whose keys may mean another thing"
        _, report = await asked(sam, f"/flows?from={DAY}")
        assert report["nodes"][0]["labels"] == {"1": {"en": "Billing", "zh": "账单"}}
        async with sam.http.get(f"/api/reports/flows?from={DAY}&day=true&of=nodes&format=csv") as response:
            name = f'attachment; filename="callwright-nodes-{DAY}-{DAY}.csv"'
            assert response.headers["Content-Disposition"] == name
            lines = list(csv.DictReader((await response.text()).removeprefix("\ufeff").splitlines()))
            assert [(line["day"], line["node"], line["ways"]) for line in lines] == [
                (DAY, "menu", "1:1"),
                (DAY, "person", "to_queue:1"),
            ]


async def test_nobody_else_sees_them(centre: Office) -> None:
    paths = ["", f"/segments?{HOUR}&by=centre", "/flows", "/flows/contacts", "/resolution"]
    paths += ["/resolution/contacts?group=billing", "/contact?id=i1"]
    async with Browser(centre) as stranger, Browser(centre) as anna:
        await anna.log_in("anna")
        for path in paths:
            assert (await asked(stranger, path))[0] == 401
            assert (await asked(anna, path))[0] == 403


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("?from=yesterday", "`from` is 'yesterday'; expected a day such as 2026-11-20."),
        ("?from=2026-02-30", "`from` is '2026-02-30'; expected a day"),
        ("?from=", "`from` is ''; expected a day"),
        ("?to=2026-01-01", "`to` is 2026-01-01, and without `from` the first day is today, "),
        ("?from=0001-01-01", "no figures of the year 1."),
        ("?from=9000-12-31&to=9001-01-01", "no figures of the year 9001"),
        ("?from=2026-11-02&to=2026-11-01", "is before the first"),
        ("?from=2020-01-01&to=2026-11-01", "more than 400 days"),
        ("?by=shift", "`by` is 'shift'; expected one of queue, agent, team, entry_point, centre."),
        ("?by=queu", "; expected one of queue, agent, team, entry_point, centre; did you mean 'queue'?"),
        ("?every=7m", "`every` is '7m'; expected one of 15m, 30m, 60m, day."),
        ("?every=0", "`every` is '0'; expected one of 15m, 30m, 60m, day."),
        ("?form=csv", "There is no parameter 'form'; did you mean 'format'?"),
        ("?colour=red&by=shift", "There is no parameter 'colour'; there are 'by', "),
        ("?colour=red&by=shift", "`by` is 'shift'"),
        ("?from=2026-11-02&from=2026-11-03", "`from` is there twice."),
        ("?within=-1", "`within` is '-1'; expected seconds (at least 0, at most 86400)."),
        ("?within=nan", "`within` is 'nan'; expected seconds"),
        ("?within=null", "`within` is 'null'; expected seconds"),
        ("?flow_outs=maybe", "`flow_outs` is 'maybe'; expected `true` or `false`."),
        ("?format=xml", "`format` is 'xml'; expected one of csv, json."),
        ("?by=" + "x" * 500, "`by` is '" + "x" * 59 + "…'; expected"),
        ("?" + "&".join(f"x{n}=1" for n in range(12)), " And 2 more."),
        ("?from=9999-12-31", "no figures of the year 9999"),
        (
            "/segments?by=queue&name=billing&start=1&end=2&figure=ready_time",
            "`figure` is 'ready_time', which no queue has; expected `by` one of agent, team, centre.",
        ),
        (
            "/segments?by=agent&name=anna&start=1&end=2&figure=contacts_answered",
            "which no agent has; expected `by` one of entry_point, centre.",
        ),
        ("/segments?by=agent&name=anna&start=1&end=2&figure=asas", "`figure` is 'asas'; did you mean 'asa'?"),
        ("/segments?by=centre", "`start` is missing: seconds since 1970"),
        ("/segments?by=centre&start=NaN&end=inf", "`start` is 'NaN'; expected seconds since 1970"),
        ("/segments?by=centre&start=NaN&end=inf", "`end` is 'inf'; expected seconds since 1970"),
        ("/segments?by=centre&start=5&end=1", "`end` is before `start`."),
        (
            "/segments?by=queue&name=biling&start=1&end=2",
            "there is no such queue now, nor anything of one in this time; did",
        ),
        ("/segments?by=agent&name=%E5%AE%89&start=1&end=2", "`name` is '安'; there is no such agent now"),
        ("/segments?by=team&name=x&start=1&end=2", "there is no such team"),
        ("/segments?by=entry_point&name=x&start=1&end=2", "there is no such entry point"),
        ("/segments?by=queue&name=%00&start=1&end=2", "`name` is '\\x00'; expected a name, without NUL,"),
        ("/flows?every=30m", "There is no parameter 'every'; there are 'agent', 'day', 'entry_point', 'format', "),
        ("/flows/contacts?figure=entrees", "`figure` is 'entrees'; did you mean 'entries'?"),
        ("/flows/contacts?node=menu&figure=entries", "`figure` is 'entries'; "),
        ("/resolution/contacts?group=biling", "`group` is 'biling'; did you mean 'billing'?"),
        ("/resolution?within=1000", "expected a number of days (at least 1, at most 90)."),
        ("/contact", "`id` is missing"),
    ],
)
async def test_nonsense_is_told(centre: Office, path: str, text: str) -> None:
    async with Browser(centre) as sam:
        await sam.log_in("sam")
        status, answer = await asked(sam, path)
        assert status == 400
        assert text in answer["error"]["text"]


async def test_more_than_memory_holds_is_refused(database: Database) -> None:
    many = company(agents=tuple(agent(f"a{number}", billing=1) for number in range(20)))
    async with office(many, database=database) as centre, Browser(centre) as sam:
        await sam.log_in("sam")
        status, answer = await asked(sam, "?from=2026-01-01&to=2026-12-31&every=15m")
        assert status == 400
        assert "35040 intervals of 20 agents are too many at once" in answer["error"]["text"]


async def test_the_database_is_down(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/never-made.db")
    async with office(database=database) as centre, Browser(centre) as sam:
        await sam.log_in("sam")
        status, answer = await asked(sam, f"?from={DAY}")
        assert (status, answer["error"]["code"]) == (503, "storage_down")
    await database.close()


async def test_many_at_once_take_turns_and_too_many_are_told(centre: Office) -> None:
    async with Browser(centre) as sam:
        await sam.log_in("sam")
        answers = await asyncio.gather(*(asked(sam, f"?from={DAY}") for _ in range(30)))
        statuses = [status for status, _ in answers]
        assert statuses.count(200) >= 8
        assert set(statuses) == {200, 503}
        assert {answer["error"]["code"] for status, answer in answers if status == 503} == {"busy"}
        assert (await asked(sam, f"?from={DAY}"))[0] == 200
