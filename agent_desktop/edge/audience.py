"""A feed and the screens that show it: all screens of one agent, or of all supervisors."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from acd.model import AgentId
from agent_desktop.edge.screen import Screen
from agent_desktop.feed import Change, Feed

LOT = 40
"""Screens, or agents on the board, that are seen to before the loop looks at its sockets again: 2 ms or so."""

Kind = TypeVar("Kind")


class Audience:
    """`agent` is None for the supervisors."""

    def __init__(self, agent: AgentId | None, feed: Feed) -> None:
        self.agent = agent
        self.feed = feed
        self.screens: list[Screen] = []
        """The one that came last, or last said which phone to work on, is at the end."""
        self.left = 0.0

    def prefer(self, screen: Screen) -> None:
        """Put it at the end."""
        if screen in self.screens:
            self.screens.remove(screen)
        self.screens.append(screen)

    def replace_others(self) -> None:
        """Put out all but the last."""
        for screen in self.screens[:-1]:
            screen.end("replaced", "this user works in another window now")

    def tell(self, changes: Sequence[Change]) -> None:
        """To all of them."""
        for screen in list(self.screens) if changes else ():
            screen.perform(screen.session.tell(changes))


def lots(those: Sequence[Kind]) -> Iterator[Sequence[Kind]]:
    """Cut into pieces of which none takes long."""
    return (those[start : start + LOT] for start in range(0, len(those), LOT))
