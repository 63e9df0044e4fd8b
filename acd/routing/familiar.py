"""Whom a customer knows: the agents who are asked first for him, and why.

The flow may name one, the CRM may say who looks after a customer, and somebody has talked with him last, which is
known from the CRM's contacts, and from our own talks by the number that he calls from.
"""

from collections.abc import Container, Mapping, Sequence

from acd.calls.interactions import Interaction
from acd.model import AgentId, Customer, CustomerKnown
from acd.plan import Familiar

MOST_NUMBERS = 50_000
"""Callers of whom it is known who has talked with them last."""

HIDDEN = frozenset({"", "anonymous", "restricted", "unavailable", "unknown", "private", "withheld"})
"""What networks pass on in place of a number that is hidden."""


def is_hidden(number: str) -> bool:
    """Whether the number says nothing of who calls."""
    return number.strip().lower() in HIDDEN


class LastTalks:
    """Who has talked last with whoever calls from a number. The numbers heard of longest ago are forgotten."""

    def __init__(self) -> None:
        self._agents: dict[str, tuple[float, AgentId]] = {}

    def note(self, number: str, agent: AgentId, at: float) -> None:
        """They have talked; what was known before of a later time stays."""
        if is_hidden(number) or self._agents.get(number, (0.0,))[0] > at:
            return
        self._agents.pop(number, None)
        self._agents[number] = at, agent
        if len(self._agents) > MOST_NUMBERS:
            del self._agents[next(iter(self._agents))]

    def with_number(self, number: str) -> tuple[float, AgentId]:
        """When, and who; at 0 and nobody if nothing is known."""
        return self._agents.get(number, (0.0, AgentId("")))


def familiar_agents(
    interaction: Interaction, wanted: Sequence[Familiar], talks: LastTalks, agents: Container[AgentId]
) -> Mapping[AgentId, Familiar]:
    """Whom the caller knows, of `agents`, in order of preference. `wanted`: what of it the queue asks for."""
    found: dict[AgentId, Familiar] = {}
    customer = interaction.customer.customer if isinstance(interaction.customer, CustomerKnown) else None
    for why in (Familiar.NAMED, *wanted):
        agent = AgentId("")
        match why:
            case Familiar.NAMED:
                agent = interaction.named_agent
            case Familiar.OWNER if customer is not None:
                agent = AgentId(customer.owner)
            case Familiar.LAST_AGENT:
                past = _last_contact(customer) if customer is not None else (0.0, agent)
                agent = max(past, talks.with_number(interaction.caller.number))[1]
            case _:
                pass
        if agent in agents:
            found.setdefault(agent, why)
    return found


def _last_contact(customer: Customer) -> tuple[float, AgentId]:
    talks = ((contact.at, AgentId(contact.facts.agents[-1])) for contact in customer.contacts if contact.facts.agents)
    return max(talks, default=(0.0, AgentId("")))
