"""The centre's words for what a client asks: an agent for himself, a supervisor about others."""

from collections.abc import Callable, Mapping

from acd import requests
from acd.model import AgentId, PhoneKind, QueueName, RequestId, UserId, WrapUpCode
from agent_desktop import protocol

_PLAIN: Mapping[type[protocol.AnyVerb], Callable[[RequestId, AgentId], requests.AnyRequest]] = {
    protocol.LogOut: requests.LogOut,
    protocol.BecomeReady: requests.BecomeReady,
    protocol.AnswerCall: requests.AnswerCall,
    protocol.DeclineCall: requests.DeclineCall,
}


def wish(
    verb: protocol.AnyVerb, request: RequestId, user: UserId
) -> requests.AnyRequest | requests.AnySupervisorRequest:
    """What the user asks of the centre, who may ask it."""
    if isinstance(verb, protocol.AnySupervisorVerb):
        return _about_others(verb, request, user)
    return _for_himself(verb, request, AgentId(user))


def _for_himself(verb: protocol.AnyAgentVerb, request: RequestId, agent: AgentId) -> requests.AnyRequest:
    match verb:
        case protocol.LogIn(phone=phone):
            return requests.LogIn(request, agent, PhoneKind(phone))
        case protocol.TakeBreak(reason=reason):
            return requests.TakeBreak(request, agent, reason)
        case protocol.HangUpCall(interaction=of):
            return requests.HangUpCall(request, agent, of)
        case protocol.ChooseWrapUp(code=code, note=note, interaction=of, solved=solved):
            return requests.ChooseWrapUp(request, agent, WrapUpCode(code), note, of, solved)
        case protocol.ExtendWrapUp(interaction=of):
            return requests.ExtendWrapUp(request, agent, of)
        case protocol.FinishWrapUp(interaction=of):
            return requests.FinishWrapUp(request, agent, of)
        case protocol.ReturnTask(interaction=of):
            return requests.ReturnTask(request, agent, of)
        case protocol.PullCall(interaction=of):
            return requests.PullCall(request, agent, of)
        case protocol.LeaveQueue(queue=queue):
            return requests.LeaveQueue(request, agent, QueueName(queue))
        case protocol.JoinQueue(queue=queue):
            return requests.JoinQueue(request, agent, QueueName(queue))
        case _:
            return _PLAIN[type(verb)](request, agent)


def _about_others(
    verb: protocol.AnySupervisorVerb, request: RequestId, supervisor: UserId
) -> requests.AnySupervisorRequest:
    match verb:
        case protocol.Prioritise(interaction=of, head_start=seconds):
            return requests.Prioritise(request, supervisor, of, seconds)
        case protocol.Assign(interaction=of, agent=agent):
            return requests.Assign(request, supervisor, of, AgentId(agent))
        case protocol.MoveCall(interaction=of, queue=queue):
            return requests.MoveCall(request, supervisor, of, QueueName(queue))
        case protocol.SetReady(agent=agent):
            return requests.SetReady(request, supervisor, AgentId(agent))
        case protocol.SetOnBreak(agent=agent, reason=reason):
            return requests.SetOnBreak(request, supervisor, AgentId(agent), reason)
        case protocol.SetLoggedOut(agent=agent):
            return requests.SetLoggedOut(request, supervisor, AgentId(agent))
        case protocol.SetInQueue(agent=agent, queue=queue, inside=inside):
            return requests.SetInQueue(request, supervisor, AgentId(agent), QueueName(queue), inside)
