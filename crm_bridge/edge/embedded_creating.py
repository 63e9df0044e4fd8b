"""What flows create in the embedded CRM: tickets, wishes to be called back, messages, and payment links to be sent."""

import asyncio
from collections.abc import Callable, Mapping

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from acd.model import Bill, Customer
from crm_bridge.connector import Created, CrmCannot
from crm_bridge.edge.embedded_customers import customer_of
from crm_bridge.edge.embedded_rows import put, stored, transaction
from crm_bridge.edge.embedded_tables import contacts, outbox, tickets
from crm_bridge.shop import Texts, in_language

FIRST_NUMBER = 700_001
"""Of tickets and of what is sent: six digits, which people can type."""

SUBJECTS: Mapping[str, Texts] = {
    "ticket": {},
    "callback": {"en": "Please call back", "zh": "请求回电", "es": "Por favor, devuelva la llamada"},
    "message": {"en": "A message", "zh": "留言", "es": "Un mensaje"},
}
"""Of what has none of its own, by what flows call it; whatever of it is made is a ticket, which somebody sees to."""

_LINK: Texts = {
    "en": "Your payment link for bill {number}: {amount} {currency}, due {due}.",
    "zh": "您的账单{number}的付款链接：{amount} {currency}，到期日{due}。",
    "es": "Su enlace de pago para la factura {number}: {amount} {currency}, vence el {due}.",
}


class Creating:
    """One thing after another; `now` is UTC."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], float]) -> None:
        self._engine = engine
        self._now = now
        self._one_by_one = asyncio.Lock()

    async def create(self, kind: str, fields: Mapping[str, str], once: str) -> Created:
        """See `Connector`."""
        if kind != "payment_link" and kind not in SUBJECTS:
            raise CrmCannot(f"the embedded CRM cannot make a {kind!r}")
        async with self._one_by_one, transaction(self._engine) as connection:
            table = outbox if kind == "payment_link" else tickets
            made = (await connection.execute(select(table.c.number).where(table.c.once == once))).scalar_one_or_none()
            if made is not None:
                return Created(str(made))
            number = await _next_number(connection, table)
            if kind == "payment_link":
                await self._send_link(connection, number, fields, once)
            else:
                await self._open_ticket(connection, number, kind, fields, once)
            return Created(str(number))

    async def _open_ticket(
        self, connection: AsyncConnection, number: int, kind: str, fields: Mapping[str, str], once: str
    ) -> None:
        customer, language = fields.get("customer", ""), fields.get("language", "en")
        subject = {language: stored(fields["subject"])} if "subject" in fields else SUBJECTS[kind]
        row = {
            "number": number,
            "once": once,
            "kind": kind,
            "customer": customer,
            "status": "open",
            "subject": subject,
            "text": stored(fields.get("text", "")),
            "details": {name: text for name, text in fields.items() if name not in {"customer", "subject", "text"}},
            "opened": self._now(),
        }
        await put(connection, tickets, [row])
        await self._note(connection, customer, f"ticket {number}", in_language(subject, "en"))

    async def _send_link(self, connection: AsyncConnection, number: int, fields: Mapping[str, str], once: str) -> None:
        customer = await customer_of(connection, fields["customer"])
        if customer is None:
            raise CrmCannot("nobody has the customer number to which a payment link is to be sent")
        bill = _owed(customer, fields.get("bill", ""))
        if not customer.numbers:
            raise CrmCannot("there is no number to which a payment link could be sent")
        text = in_language(_LINK, fields.get("language", customer.language))
        row = {
            "number": number,
            "once": once,
            "customer": customer.id,
            "recipient": customer.numbers[-1],
            "text": text.format(number=bill.number, amount=bill.amount, currency=bill.currency, due=bill.due),
            "at": self._now(),
        }
        await put(connection, outbox, [row])
        await self._note(connection, customer.id, f"link {number}", f"Payment link for bill {bill.number}")

    async def _note(self, connection: AsyncConnection, customer: str, what: str, subject: str) -> None:
        """For the next agent who has him on the line."""
        if customer:
            summary = f"{what.capitalize()}: {subject}"
            row = {
                "interaction": what,
                "customer": customer,
                "at": self._now(),
                "channel": "self-service",
                "summary": summary,
            }
            await put(connection, contacts, [{**row, "facts": None}])


def _owed(customer: Customer, number: str) -> Bill:
    """The bill with that number, or the one that is due first. Raises `CrmCannot`."""
    unpaid = sorted((bill for bill in customer.bills if not bill.paid), key=lambda bill: bill.due)
    for bill in unpaid:
        if number in {"", bill.number}:
            return bill
    raise CrmCannot("the customer has no such bill that is to be paid")


async def _next_number(connection: AsyncConnection, table: Table) -> int:
    last = (await connection.execute(select(func.max(table.c.number)))).scalar_one_or_none()
    return max(FIRST_NUMBER, (last or 0) + 1)
