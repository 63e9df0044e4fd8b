"""Who sits at a desktop: agents and supervisors, as the centre's plan names them."""

from enum import Enum

import msgspec

from acd.center import ContactCenter
from acd.model import AgentId, UserId
from acd.plan import CenterPlan


class Role(Enum):
    """What a user is; decides what he sees and which verbs he has."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"


class User(msgspec.Struct, frozen=True):
    """Somebody who may log in."""

    id: UserId
    name: str
    role: Role


def find_user(plan: CenterPlan, user: UserId) -> User | None:
    """The user of that id. Who is both an agent and a supervisor in the plan is shown the supervisor's board."""
    if supervisor := plan.supervisors.get(user):
        return User(user, supervisor.name, Role.SUPERVISOR)
    if agent := plan.agents.get(AgentId(user)):
        return User(user, agent.name, Role.AGENT)
    return None


def user_of(center: ContactCenter, user: UserId) -> User | None:
    """The same in the centre that runs: an agent who is not in the plan any more is somebody until his call is over."""
    if found := find_user(center.plan, user):
        return found
    agent = center.agents.get(AgentId(user))
    return User(user, agent.plan.name, Role.AGENT) if agent is not None else None
