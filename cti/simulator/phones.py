"""Virtual phones: registered or not, and each with a habit of what it does when it rings.

leg   invited --> ringing --> talking --> over
          \\--> over (busy)  \\--> over (declined, or the PBX gave up)
"""

from dataclasses import dataclass, field
from enum import Enum
from math import inf

import msgspec

from cti.simulator import life
from cti.simulator.channels import Channel, ChannelState
from cti.simulator.timers import Timer
from cti.simulator.world import World

BUSY, DECLINED = 17, 21


class Reaction(Enum):
    """What somebody does when his phone rings."""

    ANSWER = "answer"
    DECLINE = "decline"
    BUSY = "busy"
    """Does not ring at all: 486."""
    LET_RING = "let_ring"
    """Nothing by itself; `answer`, `decline` by hand, or by the PBX's NOTIFY."""


class Habit(msgspec.Struct, frozen=True):
    """How a phone behaves by itself."""

    reaction: Reaction = Reaction.LET_RING
    after: float = 1.0
    """Seconds of ringing before the reaction."""
    talk: float = inf
    """Seconds of hearing somebody before it hangs up; `inf` leaves that to the other side."""


UNAVAILABLE, NOT_IN_USE, BUSY_DEVICE = "UNAVAILABLE", "NOT_INUSE", "BUSY"
"""Device states. A phone that rings or talks is `BUSY`, because our pjsip.conf says `device_state_busy_at = 1`."""


@dataclass(slots=True)
class Phone:
    """One phone. `name` is its PJSIP endpoint without the `PJSIP/`."""

    world: World
    name: str
    habit: Habit = field(default_factory=Habit)
    registered: bool = True
    legs: "dict[str, PhoneLeg]" = field(default_factory=dict)
    own_call: bool = False
    """Whether it is in a call that the PBX knows of and no application does."""
    told: str = NOT_IN_USE
    """The state last announced over AMI."""

    @property
    def endpoint(self) -> str:
        """As in a dial string."""
        return f"PJSIP/{self.name}"

    @property
    def device_state(self) -> str:
        """What it is doing, as Asterisk calls it."""
        if not self.registered:
            return UNAVAILABLE
        return BUSY_DEVICE if self.own_call or any(leg.reached for leg in self.legs.values()) else NOT_IN_USE

    def contact(self) -> str:
        """The address at which it is registered."""
        return f"sip:{self.name}@127.0.0.1:5060"

    def invite(self, channel: Channel) -> None:
        """The PBX calls it over this channel."""
        leg = PhoneLeg(self, channel)
        self.legs[channel.id] = leg
        channel.party = leg
        channel.timers.append(self.world.later(self.world.settings.network_delay, leg.invited))

    def register(self, *, registered: bool) -> None:
        """It comes to the network, or leaves it. Calls that it has go on."""
        if registered == self.registered:
            return
        self.registered = registered
        if registered:
            self._tell_contact("NonQualified", 0)
            self._tell_peer("Reachable")
            self.tell_state()
            self._tell_contact("Reachable", 1000)
        else:
            self.tell_state()
            self._tell_peer("Unreachable")
            self._tell_contact("Removed", 0)

    def use(self, *, own_call: bool) -> None:
        """It begins a call of its own, or ends it."""
        self.own_call = own_call
        self.tell_state()

    def _tell_contact(self, status: str, round_trip: int) -> None:
        self.world.tell_manager(
            {
                "Event": "ContactStatus",
                "Privilege": "system,all",
                "URI": self.contact(),
                "ContactStatus": status,
                "AOR": self.name,
                "EndpointName": self.name,
                "RoundtripUsec": str(round_trip),
            }
        )

    def _tell_peer(self, status: str) -> None:
        peer = {"ChannelType": "PJSIP", "Peer": self.endpoint, "PeerStatus": status}
        self.world.tell_manager({"Event": "PeerStatus", "Privilege": "system,all", **peer})

    def tell_state(self) -> None:
        """Announce the device state over AMI, if it is another than before."""
        state = self.device_state
        if state == self.told:
            return
        self.told = state
        self.world.tell_manager(
            {"Event": "DeviceStateChange", "Privilege": "call,all", "Device": self.endpoint, "State": state}
        )

    def ringing(self) -> "list[PhoneLeg]":
        """Its legs that ring."""
        return [leg for leg in self.legs.values() if leg.channel.state is ChannelState.RINGING]

    def answer(self) -> bool:
        """Pick up what rings; false if nothing does."""
        ringing = self.ringing()
        for leg in ringing:
            leg.pick_up()
        return bool(ringing)

    def decline(self) -> bool:
        """Refuse what rings; false if nothing does."""
        ringing = self.ringing()
        for leg in ringing:
            leg.refuse(DECLINED)
        return bool(ringing)

    def hang_up(self) -> bool:
        """End every call that it has, ringing or talking; false if it has none."""
        legs = list(self.legs.values())
        for leg in legs:
            leg.hang_up()
        return bool(legs)


class PhoneLeg:
    """One call to a phone, seen from the phone."""

    def __init__(self, phone: Phone, channel: Channel) -> None:
        self.phone = phone
        self.channel = channel
        self.tone = f"tone:{phone.name}"
        self.reached = False
        """Whether the INVITE has reached the phone."""
        self._goodbye: Timer | None = None

    def invited(self) -> None:
        """The INVITE has arrived: 486 at once, or 180 Ringing."""
        phone = self.phone
        habit = phone.habit
        if habit.reaction is Reaction.BUSY:
            self.refuse(BUSY)
            return
        self.reached = True
        life.ringing(phone.world, self.channel)
        phone.tell_state()
        if habit.reaction is Reaction.ANSWER:
            self.channel.timers.append(phone.world.later(habit.after, self.pick_up))
        elif habit.reaction is Reaction.DECLINE:
            self.channel.timers.append(phone.world.later(habit.after, lambda: self.refuse(DECLINED)))

    def pick_up(self) -> None:
        """200 OK, unless it is up or over already."""
        if self.channel.state is ChannelState.RINGING:
            life.picked_up(self.phone.world, self.channel)

    def refuse(self, cause: int) -> None:
        """A final answer other than 200."""
        life.refused(self.phone.world, self.channel, cause)

    def hang_up(self) -> None:
        """BYE, or what a phone sends while it rings."""
        if self.channel.state is ChannelState.UP:
            life.far_end_hangs_up(self.phone.world, self.channel)
        else:
            self.refuse(DECLINED)

    def answered(self) -> None:
        """Two-way audio from now on."""
        self.phone.tell_state()

    def hears(self, media: str) -> None:
        """The first voice starts the clock of `talk`."""
        talk = self.phone.habit.talk
        if self._goodbye is None and talk != inf and media.startswith("tone:"):
            self._goodbye = self.phone.world.later(talk, self.hang_up)
            self.channel.timers.append(self._goodbye)

    def ended(self, cause: int) -> None:
        """Back to the cradle."""
        del self.phone.legs[self.channel.id]
        self.phone.tell_state()
