"""AMI, the older of the two protocols: packets of `Name: value` lines. One `ManagerSession` is one connection.

It knows the actions that a call centre asks for, and the privileges that they need: `reporting` to ask, `system` to
send a NOTIFY. What a session may not do is refused as Asterisk refuses it.
"""

from collections.abc import Callable, Iterable, Mapping

from cti.simulator.pbx import SimulatedPbx
from cti.simulator.phones import Phone, PhoneLeg
from cti.simulator.wire import timestamp
from cti.simulator.world import ManagerEvent

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
LONGEST_LINE = 1_024
MOST_HEADERS = 128
NOBODY_NAMED = "Channel, URI or Endpoint must be specified."
Packet = Mapping[str, str]


def encode(packet: Packet) -> bytes:
    """One packet as it goes over the wire."""
    return ("".join(f"{name}: {value}\r\n" for name, value in packet.items()) + "\r\n").encode()


class ManagerSession:
    """One connection: bytes in, bytes out. `closed` says that the server hangs up after sending what it returned."""

    def __init__(self, pbx: SimulatedPbx, privileges: frozenset[str] | None = None) -> None:
        self._pbx = pbx
        self._privileges = privileges
        """`None` is `all`."""
        self._buffer = b""
        self._headers: list[tuple[str, str]] = []
        self.authenticated = False
        self.closed = False
        self._wants_events = True
        self._booted_is_due = False

    def receive(self, data: bytes, now: float) -> bytes:
        """What arrived on the connection; the answer to what is complete by now."""
        self._pbx.tick(now)
        self._buffer += data
        answers: list[bytes] = []
        while not self.closed and b"\n" in self._buffer:
            line, _, self._buffer = self._buffer.partition(b"\n")
            line = line.rstrip(b"\r")
            if line:
                self._take_line(line)
            elif self._headers:
                packet, self._headers = dict(self._headers), []
                answers.extend(encode(answer) for answer in self._act(packet))
        if len(self._buffer) > LONGEST_LINE:
            self._buffer = b""
        return b"".join(answers)

    def _take_line(self, line: bytes) -> None:
        """Too long a line, and more than 128 of them, Asterisk drops without a word."""
        if len(line) <= LONGEST_LINE and len(self._headers) < MOST_HEADERS:
            name, _, value = line.decode(errors="replace").partition(":")
            self._headers.append((name.strip().lower(), value.strip()))

    def event(self, event: ManagerEvent) -> bytes:
        """An event for this connection; empty if it is not for it."""
        if not (self.authenticated and self._wants_events):
            return b""
        privilege = event.get("Privilege", "").partition(",")[0]
        return encode(event) if self._may(privilege) else b""

    def close(self) -> None:
        """The connection is gone."""
        if self.authenticated:
            self.authenticated = False
            self._pbx.world.managers = max(0, self._pbx.world.managers - 1)
        self.closed = True

    def _may(self, privilege: str) -> bool:
        return not privilege or self._privileges is None or privilege in self._privileges

    def _act(self, packet: Packet) -> Iterable[Packet]:
        action_id = {"ActionID": packet["actionid"]} if packet.get("actionid") else {}
        for answer in self._answers(packet):
            first, *rest = answer.items()
            yield dict([first, *action_id.items(), *rest])
        if self._booted_is_due:
            self._booted_is_due = False
            yield self._fully_booted()

    def _answers(self, packet: Packet) -> Iterable[Packet]:
        action = packet.get("action", "")
        if not action:
            return [error("Missing action in request")]
        if action.lower() == "login":
            return self._log_in(packet)
        if not self.authenticated:
            return [error("Permission denied")]
        privilege, handler = ACTIONS.get(action.lower(), ("", None))
        if handler is None:
            unknown = f"Invalid/unknown command: {action}. Use Action: ListCommands to show available commands."
            return [error(unknown)]
        if not self._may(privilege):
            return [error("Permission denied")]
        return handler(self, packet)

    def _log_in(self, packet: Packet) -> Iterable[Packet]:
        if self.authenticated:
            return [success("Already authenticated")]
        settings = self._pbx.settings
        if (packet.get("username"), packet.get("secret")) != (settings.ami_user, settings.ami_password):
            self.closed = True
            return [error("Authentication failed")]
        self.authenticated = self._booted_is_due = True
        self._wants_events = packet.get("events", "on").lower() != "off"
        self._pbx.world.managers += 1
        return [success("Authentication accepted")]

    def _fully_booted(self) -> Packet:
        uptime = str(int(self._pbx.world.now - self._pbx.world.started))
        return {
            "Event": "FullyBooted",
            "Privilege": "system,all",
            "Uptime": uptime,
            "LastReload": uptime,
            "Status": "Fully Booted",
        }

    def log_off(self, packet: Packet) -> Iterable[Packet]:
        """`Logoff`."""
        self.close()
        return [{"Response": "Goodbye", "Message": "Thanks for all the fish."}]

    def ping(self, packet: Packet) -> Iterable[Packet]:
        """`Ping`."""
        return [{"Response": "Success", "Ping": "Pong", "Timestamp": f"{self._pbx.world.now:.6f}"}]

    def events(self, packet: Packet) -> Iterable[Packet]:
        """`Events`: on or off for this connection."""
        self._wants_events = packet.get("eventmask", "on").lower() != "off"
        return [{"Response": "Success", "Events": "On" if self._wants_events else "Off"}]

    def core_settings(self, packet: Packet) -> Iterable[Packet]:
        """`CoreSettings`: the version."""
        version = self._pbx.settings.version
        return [{"Response": "Success", "AMIversion": "11.0.0", "AsteriskVersion": version, "SystemName": ""}]

    def core_status(self, packet: Packet) -> Iterable[Packet]:
        """`CoreStatus`: since when, and how many calls."""
        world = self._pbx.world
        date, _, clock = timestamp(world.started).partition("T")
        status = {"CoreStartupDate": date, "CoreStartupTime": clock[:8]}
        return [{"Response": "Success", **status, "CoreCurrentCalls": str(len(world.channels))}]

    def list_devices(self, packet: Packet) -> Iterable[Packet]:
        """`DeviceStateList`."""
        devices = [
            {"Event": "DeviceStateChange", "Device": phone.endpoint, "State": phone.device_state}
            for phone in self._phones()
        ]
        return listing("Device State Changes will follow", devices, "DeviceStateListComplete")

    def list_contacts(self, packet: Packet) -> Iterable[Packet]:
        """`PJSIPShowContacts`: an error if there is none, as in Asterisk."""
        contacts = [
            {
                "Event": "ContactList",
                "ObjectType": "contact",
                "ObjectName": f"{phone.name};@{phone.contact()}",
                "Uri": phone.contact(),
                "Endpoint": phone.name,
                "Aor": phone.name,
                "Status": "Reachable",
                "RoundtripUsec": "1000",
            }
            for phone in self._phones()
            if phone.registered
        ]
        if not contacts:
            return [error("No Contacts found")]
        message = "A listing of Contacts follows, presented as ContactList events"
        return listing(message, contacts, "ContactListComplete")

    def notify(self, packet: Packet) -> Iterable[Packet]:
        """`PJSIPNotify`. A desk phone that gets `Event: talk` picks up what rings."""
        talks = packet.get("variable", "").replace(" ", "").lower() in {"event=talk", "event:talk"}
        if "channel" in packet:
            leg = self._phone_leg(packet["channel"])
            if leg is None:
                return [error("No such channel")]
            if talks:
                leg.pick_up()
            return [success("NOTIFY sent")]
        phone = {phone.name: phone for phone in self._phones()}.get(packet.get("endpoint", ""))
        if phone is None:
            wrong = f"Unable to retrieve endpoint {packet['endpoint']}" if packet.get("endpoint") else NOBODY_NAMED
            return [error(wrong)]
        if talks:
            phone.answer()
        return [success("NOTIFY sent")]

    def _phone_leg(self, channel: str) -> PhoneLeg | None:
        """By the name of the channel, or by its id."""
        legs = [leg for phone in self._phones() for leg in phone.legs.values()]
        return next((leg for leg in legs if channel in {leg.channel.id, leg.channel.name}), None)

    def _phones(self) -> list[Phone]:
        return self._pbx.phones()


def success(message: str) -> Packet:
    """An action that was carried out."""
    return {"Response": "Success", "Message": message}


def error(message: str) -> Packet:
    """An action that was refused."""
    return {"Response": "Error", "Message": message}


def listing(message: str, items: list[dict[str, str]], complete: str) -> Iterable[Packet]:
    """An answer in several packets."""
    head = {"Response": "Success", "EventList": "start", "Message": message}
    return [head, *items, {"Event": complete, "EventList": "Complete", "ListItems": str(len(items))}]


Action = Callable[[ManagerSession, Packet], Iterable[Packet]]
ACTIONS: Mapping[str, tuple[str, Action]] = {
    "logoff": ("", ManagerSession.log_off),
    "ping": ("", ManagerSession.ping),
    "events": ("", ManagerSession.events),
    "coresettings": ("reporting", ManagerSession.core_settings),
    "corestatus": ("reporting", ManagerSession.core_status),
    "devicestatelist": ("reporting", ManagerSession.list_devices),
    "pjsipshowcontacts": ("system", ManagerSession.list_contacts),
    "pjsipnotify": ("system", ManagerSession.notify),
}
"""By name in small letters: the privilege that it needs, and what does it."""
