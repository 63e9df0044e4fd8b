"""How each agent's browser registers as his telephone."""

from urllib.parse import urlsplit

from acd.model import PhoneKind
from acd.people.staff import Agent
from agent_desktop.views import SipAccount
from config.settings import Settings


class SipAccounts:
    """By the settings of this installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def of(self, agent: Agent) -> SipAccount | None:
        """None for who has no phone in the browser, or one that no browser can be."""
        # The phone with which he works stands first: it stays his until his call is over, whatever the plan says.
        phone = next((one for one in (agent.phone, *agent.plan.phones) if one.kind is PhoneKind.BROWSER), None)
        if phone is None:
            return None
        user = phone.endpoint.partition("/")[2]
        pbx = self._settings.pbx_named(phone.node)
        password = self._settings.sip_passwords.get(user)
        if pbx is None or not pbx.phone_socket or password is None:
            return None
        domain = pbx.sip_domain or urlsplit(pbx.phone_socket).hostname or ""
        return SipAccount(f"sip:{user}@{domain}", user, password, pbx.phone_socket, pbx.sip_realm)
