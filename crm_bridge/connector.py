"""What Callwright asks of a CRM, whichever it is: who is calling, what flows want, and to note what was."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from acd.model import ContactFacts, Customer, InteractionId
from ivr.flow.secret import Secret


class CrmFailed(Exception):
    """The CRM did not answer, or not what was asked. The text is for people and names no customer."""


class CrmCannot(CrmFailed):
    """It has nothing of the kind, and is none the worse for it."""


class ContactRefused(Exception):
    """The CRM will never take this contact (the customer is gone): asking again is of no use."""


class Found(msgspec.Struct, frozen=True):
    """What a flow asked for."""

    fields: Mapping[str, str]
    """By the names of `ivr.flow.variables.LOOK_UPS`, of the types that it says; what is not known may be left out."""
    customer: Customer | None = None
    """Whose it is, of what is asked for by the customer number."""


class Created(msgspec.Struct, frozen=True):
    """What a flow has had made."""

    number: str
    """By which people find it again; callers write it down."""


class Contact(msgspec.Struct, frozen=True):
    """An interaction that is over, as the CRM shall remember it. Times are seconds since the Unix epoch, UTC."""

    interaction: InteractionId
    customer: str
    number: str
    """E.164, or as the network gave it; empty if it gave none."""
    channel: str
    started: float
    ended: float
    outcome: str
    queue: str
    agents: tuple[str, ...]
    codes: tuple[str, ...]
    notes: tuple[str, ...]
    summary: str
    """One line for people."""


def facts_of(contact: Contact) -> ContactFacts:
    """What a CRM keeps of a contact for our screens, if it can keep more than the line."""
    return ContactFacts(contact.outcome, contact.queue, contact.agents, contact.codes, contact.notes)


class Connector(Protocol):
    """One CRM. Questions may take their time: who asks sets the deadline. Each may raise `CrmFailed`."""

    async def customer_by_number(self, number: str) -> Customer | None:
        """Who has this telephone number (E.164)? None: nobody."""

    async def customer_by_id(self, customer: str) -> Customer | None:
        """The customer with this customer number, which is what `Customer.id` holds. None: there is none."""

    async def look_up(self, kind: str, key: str, language: str) -> Found | None:
        """What a flow asks for: `kind` is its word (`bill`), `key` what the caller typed. None: there is no such thing.

        A bill and a payment are the last ones of the customer with that number; everything else has a number or code
        of its own. Texts are in that language, as far as there are any. Raises `CrmCannot` for a kind that it does not
        know.
        """

    async def create(self, kind: str, fields: Mapping[str, str], once: str) -> Created:
        """Make one of `ivr.flow.variables.CREATIONS`, with fields that it knows.

        The same `once` is the same wish, asked for again because we did not hear the answer (or did not live to): it
        makes no second one and has the first one's number. Raises `CrmCannot` for a kind that it does not make.
        """

    async def verify(self, customer: str, pin: Secret) -> bool:
        """Whether that is the PIN of the customer with that number; False also if there is no such customer.

        How often somebody may try is not its business. No error may tell the PIN.
        """

    async def write_back(self, contact: Contact) -> None:
        """Note a contact, once, however often the same interaction comes. Raises `ContactRefused`."""
