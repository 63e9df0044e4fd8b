"""CEL without the shell that its package brings along."""

import subprocess
import sys

ALONE = """
import sys
from ivr.flow.expression import expression
assert expression("open_bills > 0").names == {"open_bills"}
assert not sys.modules.keys() & {"cel", "cel.cli", "prompt_toolkit", "typer"}, "the shell is there, too"
"""
WITH_ALL_OF_IT = """
import cel
from ivr.flow.cel_alone import compiled
assert cel.compile is compiled, "there are two of them"
"""


def test_the_shell_is_not_imported() -> None:
    subprocess.run([sys.executable, "-c", ALONE], check=True)


def test_who_imports_all_of_it_gets_the_same_one() -> None:
    subprocess.run([sys.executable, "-c", f"{ALONE}{WITH_ALL_OF_IT}"], check=True)
    subprocess.run([sys.executable, "-c", f"import cel\n{WITH_ALL_OF_IT}"], check=True)
