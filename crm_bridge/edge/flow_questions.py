"""Answers what flows ask of the CRM: look-ups, what is to be created, and whether a caller is who he says."""

from collections.abc import Sequence

import structlog

from acd.events import QuestionAsked
from acd.model import Customer
from acd.told import QuestionAnswered
from crm_bridge.connector import Connector, CrmFailed, Found
from crm_bridge.edge.asking import Asking
from crm_bridge.edge.wrong_pins import Try, WrongPins
from crm_bridge.mapping import NotACustomer, fields_of, trusted, trusted_fields, trusted_found, trusted_number
from ivr.flow.node import FAILED
from ivr.flow.questions import Create, LookUp, Verify
from ivr.flow.secret import Secret
from ivr.flow.variables import CREATIONS

log = structlog.stdlib.get_logger(__name__)


class FlowQuestions:
    """Of one CRM. The counts are for `/metrics`."""

    def __init__(self, connector: Connector, wrong_pins: WrongPins) -> None:
        self._connector = connector
        self.asking = Asking()
        """By itself: flows may wait longer than those who want to know who is calling."""
        self.proving = Asking()
        """By itself: checking a PIN is slow on purpose, and many at once must not cost others their pops."""
        self._wrong_pins = wrong_pins
        self.wrong = 0
        """PINs that were not right."""
        self.locked = 0
        """Callers who were not let try, or had no try left."""

    async def answer(self, asked: QuestionAsked, question: LookUp | Create | Verify) -> QuestionAnswered:
        """In time, whatever the CRM does. Never raises."""
        try:
            match question:
                case LookUp():
                    return await self._look_up(asked, question)
                case Create():
                    return await self._create(asked, question)
                case Verify():
                    return await self._verify(asked, question)
        except (CrmFailed, ConnectionError) as error:
            return QuestionAnswered(asked.id, FAILED, reason=str(error))

    # -- looking up ------------------------------------------------------------------------------------------------

    async def _look_up(self, asked: QuestionAsked, wanted: LookUp) -> QuestionAnswered:
        secret = isinstance(wanted.key, Secret)
        key = wanted.key.reveal() if isinstance(wanted.key, Secret) else wanted.key
        found = await self.asking.ask(lambda: self._looked_up(wanted, key), within=wanted.within, secret=secret)
        if found is None:
            return QuestionAnswered(asked.id, "not_found")
        return QuestionAnswered(asked.id, "found", found.fields, found.customer)

    async def _looked_up(self, wanted: LookUp, key: str) -> Found | None:
        if wanted.kind == "customer":
            customer = await self._customer(key)
            return None if customer is None else Found(_learnt_of(customer), customer)
        found = await self._connector.look_up(wanted.kind, key, wanted.language)
        return None if found is None else trusted_found(wanted.kind, key, found)

    async def _customer(self, of: str) -> Customer | None:
        answer = await self._connector.customer_by_id(of)
        if answer is None:
            return None
        customer = trusted(answer)
        if customer.id != of:
            raise NotACustomer("the CRM answered with another customer")
        return customer

    # -- creating --------------------------------------------------------------------------------------------------

    async def _create(self, asked: QuestionAsked, wanted: Create) -> QuestionAnswered:
        kind = wanted.kind
        if lacking := _lacking(wanted):
            return QuestionAnswered(asked.id, FAILED, reason=f"a {kind} needs {' and '.join(lacking)}")
        fields = {name: text for name, text in wanted.fields.items() if text}
        once = f"{asked.interaction}/{wanted.once}"
        number = await self.asking.ask(lambda: self._created(kind, fields, once), within=wanted.within)
        return QuestionAnswered(asked.id, "then", {f"{kind}_number": number})

    async def _created(self, kind: str, fields: dict[str, str], once: str) -> str:
        return trusted_number(await self._connector.create(kind, fields, once))

    # -- verifying -------------------------------------------------------------------------------------------------

    async def _verify(self, asked: QuestionAsked, wanted: Verify) -> QuestionAnswered:
        one = await self._wrong_pins.begin(wanted.customer)
        if one is None:
            self.locked += 1
            return QuestionAnswered(asked.id, "locked")
        try:
            customer = await self.proving.ask(lambda: self._verified(wanted), within=wanted.within, secret=True)
        except CrmFailed:
            await self._wrong_pins.take_back(one)
            raise
        if customer is None:
            return QuestionAnswered(asked.id, self._not_let_in(one))
        await self._let_in(one)
        return QuestionAnswered(asked.id, "verified", _learnt_of(customer), customer, verified=True)

    async def _verified(self, wanted: Verify) -> Customer | None:
        is_right: object = await self._connector.verify(wanted.customer, wanted.pin)
        if not isinstance(is_right, bool):
            raise NotACustomer("the CRM says neither yes nor no to a PIN")
        if not is_right:
            return None
        customer = await self._customer(wanted.customer)
        if customer is None:
            raise NotACustomer("the CRM does not know a customer whose PIN is right")
        return customer

    def _not_let_in(self, one: Try) -> str:
        self.wrong += 1
        if not one.last:
            return "wrong"
        self.locked += 1
        log.warning("a customer is locked after too many wrong PINs")
        return "locked"

    async def _let_in(self, one: Try) -> None:
        try:
            await self._wrong_pins.forget(one.customer)
        except ConnectionError as error:  # he is who he says all the same; his wrong tries count for a while
            log.warning("wrong PINs before a right one still count", reason=str(error))


def _learnt_of(customer: Customer) -> dict[str, str]:
    return dict(trusted_fields("customer", fields_of(customer)))


def _lacking(wanted: Create) -> Sequence[str]:
    return [name for name in sorted(CREATIONS[wanted.kind].needs) if not wanted.fields.get(name)]
