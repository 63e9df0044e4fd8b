"""From prompts to sounds: which language is spoken, and what of a flow can be spoken before anybody calls."""

from collections.abc import Iterator, Mapping

from cti.model import Recording, Sound, Speech
from ivr.flow.nodes import (
    CollectNode,
    Flow,
    HangUpNode,
    LookUpNode,
    MenuNode,
    Node,
    Prompt,
    Recorded,
    RecordNode,
    SayNode,
    Template,
    ToQueueNode,
)
from ivr.speech.words import SLOT, fill


def sounds_of(prompt: Prompt, language: str, values: Mapping[str, str]) -> tuple[Sound, ...]:
    """What is played for the prompt; nothing if it is silent.

    Without the caller's language (`zh-TW`), its root is spoken (`zh`), and failing that the first that there
    is.
    """
    for tongue in (language, language.partition("-")[0], *prompt.by_language):
        said = prompt.by_language.get(tongue)
        match said:
            case None:
                continue
            case Recorded(name):
                return (Recording(name),)
            case Template(text):
                spoken = fill(text, values, tongue).strip()
                return (Speech(spoken, tongue),) if spoken else ()
    return ()


def prompts_at(node: Node) -> Iterator[tuple[str, Prompt]]:
    """All that a node may say, with the setting that says it."""
    match node:
        case MenuNode() | CollectNode():
            yield from (("prompt", node.prompt), ("no_input", node.no_input), ("no_match", node.no_match))
        case SayNode() | RecordNode() | ToQueueNode() | HangUpNode():
            yield "prompt", node.prompt
        case LookUpNode():
            pass


def fixed_sounds(flow: Flow) -> tuple[Sound, ...]:
    """What a flow says in the same words to everybody, once each: it can be made before the first call."""
    found: dict[Sound, None] = {}
    for node in flow.nodes.values():
        for _, prompt in prompts_at(node):
            for language, said in prompt.by_language.items():
                match said:
                    case Template(text) if not SLOT.search(text):
                        found[Speech(text.strip(), language)] = None
                    case Recorded(name):
                        found[Recording(name)] = None
                    case _:
                        pass
    return tuple(found)
