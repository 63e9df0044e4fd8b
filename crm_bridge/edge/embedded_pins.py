"""PINs of the embedded CRM's customers. Only their argon2 hashes are kept."""

import asyncio
import secrets
from collections.abc import Mapping

import argon2
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from crm_bridge.edge.embedded_rows import put, transaction
from crm_bridge.edge.embedded_tables import pins
from ivr.flow.secret import Secret

LONGEST_PIN = 32

HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""What OWASP recommends for passwords; some 40 ms, on purpose. It does not make four digits safe from whoever has the
database: the tries are what is counted."""


class Pins:
    """Of all customers."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._hashing = asyncio.Semaphore(2)
        self._nobodys = ""

    async def are_right(self, customer: str, pin: Secret) -> bool:
        """Whether that is his PIN; of somebody who is none, it takes as long to say no. Raises `CrmFailed`."""
        async with transaction(self._engine) as connection:
            found = await connection.execute(select(pins.c.hash).where(pins.c.customer == customer))
            hashed = found.scalar_one_or_none()
        if len(pin.reveal()) > LONGEST_PIN:
            return False
        async with self._hashing:
            if hashed is None:
                self._nobodys = self._nobodys or await asyncio.to_thread(HASHER.hash, secrets.token_urlsafe(16))
            is_right = await asyncio.to_thread(_verified, hashed or self._nobodys, pin)
        return is_right and hashed is not None

    async def put(self, of: Mapping[str, Secret], hasher: argon2.PasswordHasher = HASHER) -> None:
        """Give customers PINs, in place of those that they have. Raises `CrmFailed`."""
        rows = await asyncio.to_thread(
            lambda: [{"customer": customer, "hash": hasher.hash(pin.reveal())} for customer, pin in of.items()]
        )
        async with transaction(self._engine) as connection:
            await put(connection, pins, rows)


def _verified(hashed: str, pin: Secret) -> bool:
    try:
        return HASHER.verify(hashed, pin.reveal().encode("utf-8", "surrogatepass"))
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
