"""Services of the company, asked over real sockets; what they answer is believed as little as a CRM's answer."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from acd.events import QuestionAsked
from acd.model import InteractionId, QuestionId
from acd.told import QuestionAnswered
from crm_bridge.edge.service_desk import AT_ONCE, ServiceDesk
from crm_bridge.edge.services import LARGEST_ANSWER, Service, ServiceFailed, Services
from ivr.flow.questions import Request, Wanted
from ivr.flow.secret import Secret
from ivr.flow.variables import Type
from tests.crm_bridge.crm import until

STOCK = {"stock": [{"count": 12, "price": "9.90", "open": True, "name": "Filter", "a/b": {"~": "odd"}}]}


class Warehouse:
    """A service that says what a test wants, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, str]] = []
        self.keys: list[str] = []
        self.answer: web.Response | None = None
        self.delay = 0.0

    async def serve(self, request: web.Request) -> web.Response:
        self.asked.append(
            (request.method, request.raw_path, request.headers.get("Authorization", ""), await request.text())
        )
        self.keys.append(request.headers.get("Idempotency-Key", ""))
        await asyncio.sleep(self.delay)
        answer = self.answer or web.json_response(STOCK)
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)  # one is sent once


@pytest.fixture
def warehouse() -> Warehouse:
    """The service's side."""
    return Warehouse()


@pytest.fixture
async def services(warehouse: Warehouse) -> AsyncIterator[Services]:
    """Ours, which know the warehouse and a service that is not there."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", warehouse.serve)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    known = {
        "warehouse": Service(f"http://{host}:{port}/api/", {"Authorization": "Bearer x"}),
        "gone": Service("http://127.0.0.1:9/"),
        "shop": Service(f"http://{host}:{port}/shop/"),
    }
    async with Services(known) as ours:
        yield ours
    await runner.cleanup()


def request(path: str = "/stock/1", service: str = "warehouse", method: str = "GET", **wanted: Wanted) -> Request:
    """A request without query and body."""
    return Request(service, method, path, {}, {}, wanted)


async def test_what_is_wanted_is_learnt(services: Services, warehouse: Warehouse) -> None:
    learnt = await services.ask(
        request(
            count=Wanted("/stock/0/count", Type.NUMBER),
            price=Wanted("/stock/0/price", Type.MONEY),
            open=Wanted("/stock/0/open", Type.FLAG),
            odd=Wanted("/stock/0/a~1b/~0", Type.TEXT),
        )
    )
    assert learnt == {"count": "12", "price": "9.90", "open": "true", "odd": "odd"}
    assert warehouse.asked == [("GET", "/api/stock/1", "Bearer x", "")]


async def test_what_is_sent(services: Services, warehouse: Warehouse) -> None:
    asked = Request("warehouse", "POST", "/a%2Fb", {"q": "ä b"}, {"pin": Secret("1234"), "name": "Ann"}, {})
    assert await services.ask(asked) == {}
    ((method, path, _, body),) = warehouse.asked
    assert (method, path) == ("POST", "/api/a%2Fb?q=%C3%A4+b")
    assert body == '{"pin": "1234", "name": "Ann"}'
    assert "1234" not in repr(asked)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (web.Response(status=500), "answered 500"),
        (web.Response(status=302, headers={"Location": "/elsewhere"}), "answered 302"),
        (web.Response(text="<html>"), "did not answer with JSON"),
        (web.Response(body=b"\xff\xfe"), "did not answer with JSON"),
        (web.Response(text="[" * 100_000), "did not answer with JSON"),
        (web.Response(text='"' + "x" * LARGEST_ANSWER + '"'), "cannot be asked"),
        (web.json_response({"stock": []}), "said no value at"),
        (web.json_response({"stock": [{"count": None}]}), "said no value at"),
        (web.json_response({"stock": [{"count": "many"}]}), "said no number at"),
        (web.json_response({"stock": [{"count": {"a": 1}}]}), "said no value at"),
        (web.json_response({"stock": [{"count": "1E999999999"}]}), "said no number at"),  # would take hours to write
        (web.json_response({"stock": [{"count": "sNaN"}]}), "said no number at"),
        (web.json_response({"stock": [{"count": 10**30}]}), "said no number at"),
    ],
)
async def test_answers_that_are_none(services: Services, warehouse: Warehouse, answer: web.Response, told: str) -> None:
    warehouse.answer = answer
    with pytest.raises(ServiceFailed, match=told):
        await services.ask(request(count=Wanted("/stock/0/count", Type.NUMBER)))


@pytest.mark.parametrize(
    ("value", "kind", "learnt"),
    [
        (0.1 + 0.2, Type.MONEY, "0.3"),
        (-12.0, Type.NUMBER, "-12"),
        ("2026-11-22", Type.DATE, "2026-11-22"),
        ("soon", Type.DATE, None),
        ("25:00", Type.TIME, None),
        (1, Type.FLAG, None),
        (False, Type.FLAG, "false"),
        ("a\x01\x1b[2J\u202eb\n账", Type.TEXT, "a [2J b\n账"),
    ],
)
async def test_what_is_of_the_type_that_is_wanted(
    services: Services, warehouse: Warehouse, value: object, kind: Type, learnt: str | None
) -> None:
    warehouse.answer = web.json_response({"a": value})
    if learnt is not None:
        assert await services.ask(request(a=Wanted("/a", kind))) == {"a": learnt}
        return
    with pytest.raises(ServiceFailed, match=f"said no {kind} at"):
        await services.ask(request(a=Wanted("/a", kind)))


async def test_a_place_that_no_list_has(services: Services) -> None:
    with pytest.raises(ServiceFailed, match="said no value at"):
        await services.ask(request(a=Wanted(f"/stock/{'9' * 5000}", Type.TEXT)))


async def test_there_is_no_such_thing(services: Services, warehouse: Warehouse) -> None:
    warehouse.answer = web.Response(status=404)
    assert await services.ask(request()) is None


async def test_services_that_cannot_be_asked(services: Services) -> None:
    with pytest.raises(ServiceFailed, match="cannot be asked"):
        await services.ask(request(service="gone"))
    with pytest.raises(ServiceFailed, match="the settings have no service 'other'"):
        await services.ask(request(service="other"))


async def test_the_desk_answers_each_question_once(services: Services, warehouse: Warehouse) -> None:
    answers: list[QuestionAnswered] = []
    desk = ServiceDesk(services, answers.append)
    wanted = {"count": Wanted("/stock/0/count", Type.NUMBER)}

    async def ask(number: int, question: Request) -> QuestionAnswered:
        desk.listen([QuestionAsked(QuestionId(f"q{number}"), InteractionId("i"), question)], 0.0)
        await until(lambda: len(answers) == number)
        return answers[-1]

    found = await ask(1, Request("warehouse", "GET", "/", {}, {}, wanted))
    assert (found.way, found.learnt) == ("then", {"count": "12"})
    warehouse.answer = web.Response(status=404)
    assert (await ask(2, request())).way == "not_found"
    for number in range(3, 8):
        assert (await ask(number, request(service="gone"))).way == "failed"
    assert "left alone" in (await ask(8, request(service="gone"))).reason
    assert (await ask(9, request())).way == "not_found", "the others are asked as before"
    await desk.stop()
    assert {key: count for key, count in desk.requests.items() if count} == {
        ("warehouse", "answered"): 1,
        ("warehouse", "not_found"): 2,
        ("gone", "failed"): 6,
    }
    assert ("warehouse", "failed") in desk.requests, "what has never happened is there to be watched, too"


async def test_a_slow_service_holds_up_nobody_else(services: Services, warehouse: Warehouse) -> None:
    answers: list[QuestionAnswered] = []
    desk = ServiceDesk(services, answers.append)
    warehouse.delay = 60.0
    desk.listen([QuestionAsked(QuestionId("slow"), InteractionId("i"), request())], 0.0)
    await until(lambda: bool(warehouse.asked))
    warehouse.delay = 0.0
    desk.listen([QuestionAsked(QuestionId("quick"), InteractionId("i"), request())], 0.0)
    await until(lambda: bool(answers))
    assert [answer.question for answer in answers] == ["quick"]
    await desk.stop()
    assert len(answers) == 1


async def test_a_service_that_never_answers_takes_nobody_elses_place(services: Services, warehouse: Warehouse) -> None:
    answers: list[QuestionAnswered] = []
    desk = ServiceDesk(services, answers.append)
    warehouse.delay = 60.0
    slow = [QuestionAsked(QuestionId(f"slow{n}"), InteractionId("i"), request()) for n in range(AT_ONCE + 1)]
    desk.listen(slow, 0.0)
    await until(lambda: len(warehouse.asked) == AT_ONCE)
    warehouse.delay = 0.0
    desk.listen([QuestionAsked(QuestionId("quick"), InteractionId("i"), request(service="shop"))], 0.0)
    await until(lambda: bool(answers))
    assert [(answer.question, answer.way) for answer in answers] == [("quick", "then")]
    await desk.stop()


async def test_what_is_asked_again_after_a_restart_is_known_by_its_key(
    services: Services, warehouse: Warehouse
) -> None:
    answers: list[QuestionAnswered] = []
    desk = ServiceDesk(services, answers.append)
    asked = Request("warehouse", "POST", "/", {}, {"a": "b"}, {}, once="main/order/7")
    for number in (1, 2):
        desk.listen([QuestionAsked(QuestionId(f"q{number}"), InteractionId("cw1-i5"), asked)], 0.0)
        await until(lambda: len(answers) == number)  # noqa: B023 - it is waited for here
    desk.listen([QuestionAsked(QuestionId("q3"), InteractionId("cw1-i5"), request())], 0.0)
    await until(lambda: len(answers) == 3)
    assert warehouse.keys == ['"cw1-i5/main/order/7"', '"cw1-i5/main/order/7"', ""]
    await desk.stop()


async def test_nobody_is_asked_for_longer_than_the_caller_waits(services: Services, warehouse: Warehouse) -> None:
    answers: list[QuestionAnswered] = []
    desk = ServiceDesk(services, answers.append)
    warehouse.delay = 60.0
    asked = Request("warehouse", "GET", "/", {}, {}, {}, within=0.1)
    desk.listen([QuestionAsked(QuestionId("q"), InteractionId("i"), asked)], 0.0)
    await until(lambda: bool(answers))
    assert answers[0].reason == "the service 'warehouse' did not answer within 0.1 s"
    await desk.stop()


async def test_callers_who_mistype_cost_nobody_the_service(services: Services, warehouse: Warehouse) -> None:
    answers: list[QuestionAnswered] = []
    desk = ServiceDesk(services, answers.append)
    warehouse.answer = web.Response(status=422)
    for number in range(1, 11):
        desk.listen([QuestionAsked(QuestionId(f"q{number}"), InteractionId("i"), request())], 0.0)
        await until(lambda: len(answers) == number)  # noqa: B023 - it is waited for here
    assert {answer.reason for answer in answers} == {"the service 'warehouse' answered 422"}
    await desk.stop()
