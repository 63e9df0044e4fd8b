"""Who has which skill at which level, as sets: who meets a requirement is found without looking at everybody.

A set of agents is one number with a bit for each place in the roster.
"""

from collections.abc import Mapping, Sequence

from acd.model import Skill
from acd.routing.requirement import HIGHEST, LOWEST, AllOf, Anybody, AtLeast, OneOf, Requirement, written


class SkillSets:
    """The skills of everybody, in the order of the roster."""

    def __init__(self, skills: Sequence[Mapping[Skill, int]]) -> None:
        self._everybody = (1 << len(skills)) - 1
        just: dict[Skill, list[list[int]]] = {}
        for place, of in enumerate(skills):
            for skill, level in of.items():
                if (levels := just.get(skill)) is None:
                    levels = just[skill] = [[] for _ in range(HIGHEST + 1)]
                levels[min(level, HIGHEST)].append(place)
        self._reach: dict[tuple[Skill, int], int] = {}
        for skill, levels in just.items():
            those = 0
            for level in range(HIGHEST, LOWEST - 1, -1):
                if levels[level]:
                    those |= _set_of(levels[level], len(skills))
                self._reach[skill, level] = those

    def able(self, need: Requirement) -> int:
        """Who meets the requirement."""
        match need:
            case AtLeast(skill, level):
                return self._reach.get((skill, level), 0)
            case AllOf(parts):
                those = self._everybody
                for part in parts:
                    those &= self.able(part)
                return those
            case OneOf(parts):
                those = 0
                for part in parts:
                    those |= self.able(part)
                return those
            case Anybody():
                return self._everybody

    def lacks(self, need: Requirement) -> dict[str, int]:
        """What the others lack, as `requirement.lacking` says it, with the set of those who lack it."""
        found: dict[str, int] = {}
        self._lack(need, self._everybody & ~self.able(need), found)
        return found

    def _lack(self, need: Requirement, those: int, found: dict[str, int]) -> None:
        """`those`: some who do not meet it."""
        if not those:
            return
        if not isinstance(need, AllOf):
            what = written(need)
            found[what] = found.get(what, 0) | those
            return
        for part in need.parts:
            able = self.able(part)
            self._lack(part, those & ~able, found)
            those &= able


def _set_of(places: Sequence[int], size: int) -> int:
    """These places as a set; bit by bit it would be copied once for each."""
    those = bytearray(size // 8 + 1)
    for place in places:
        those[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(those, "little")
