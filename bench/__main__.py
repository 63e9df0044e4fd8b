"""`python -m bench`: measures everything, or the parts that are named, and prints it.

python -m bench                  # all, some fifty minutes on a quiet machine
python -m bench wire brain       # these parts
python -m bench --quick          # a tenth of the measurements
python -m bench --write wire     # also puts the table into docs/benchmarks.md, in the place of the one that is there
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping

from bench import (
    barge_in,
    brain,
    day,
    dispatch,
    embedded_pbx,
    erlang,
    flows,
    matching,
    menus,
    oracle,
    quality,
    stall,
    wire,
)
from bench.figures import Part, Say
from bench.page import PAGE, machine, moment, page_with, section, table
from config.logs import set_up_logs
from config.settings import Logs

PARTS: Mapping[str, Callable[[float, Say], Part]] = {
    "dispatch": dispatch.run,
    "brain": brain.run,
    "matching": matching.run,
    "oracle": oracle.run,
    "flows": flows.run,
    "menus": menus.run,
    "barge_in": barge_in.run,
    "wire": wire.run,
    "simulator": embedded_pbx.run,
    "stall": stall.run,
    "day": day.run,
    "erlang": erlang.run,
    "quality": quality.run,
}
QUICK = 0.1


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures Callwright.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all if none is named")
    parser.add_argument("--quick", action="store_true", help="a tenth of the measurements")
    parser.add_argument("--write", action="store_true", help="put each table into docs/benchmarks.md")
    asked = parser.parse_args()
    unknown = [name for name in asked.parts if name not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    if asked.write and asked.quick:
        parser.error("--write is for whole measurements")
    set_up_logs(Logs(level="warning"))
    print(table(machine()))
    for name in asked.parts or PARTS:
        when = moment()
        text = section(_measure(name, QUICK if asked.quick else 1.0), when)
        print(f"\n{text}", flush=True)
        if asked.write:  # each one as soon as it is known: all together take most of an hour
            PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), machine(), [text]), encoding="utf-8")


def _measure(name: str, scale: float) -> Part:
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{name}: {what}", file=sys.stderr, flush=True)

    part = PARTS[name](scale, say)
    say(f"done in {time.monotonic() - began:.0f} s")
    return part


if __name__ == "__main__":
    main()
