"""The compiled part of the CEL library, without the rest of its package.

The package imports a shell of its own, with colours and a history, as soon as it is imported itself. That takes a
quarter of a second of every command that reads flows, more than all flows together, and nobody here ever sees it.
"""

import sys
from collections.abc import Callable
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cel import Program

_PACKAGE, _PART = "cel", "cel.cel"


def _part() -> ModuleType:
    """As `import cel.cel` gives it, but for the package around it. Raises `ImportError`."""
    if (there := sys.modules.get(_PART)) is not None:  # it cannot be made twice
        return there
    package = find_spec(_PACKAGE)
    found = None if package is None else PathFinder.find_spec(_PART, package.submodule_search_locations)
    if found is None or found.loader is None:
        message = f"the package common-expression-language has no {_PART}"
        raise ImportError(message)
    # Where it is looked for if somebody imports the whole package.
    part = sys.modules[_PART] = module_from_spec(found)
    found.loader.exec_module(part)
    return part


compiled: Callable[[str], "Program"] = _part().compile
"""A program from its text, to be asked as often as is wanted. Raises `ValueError`."""
