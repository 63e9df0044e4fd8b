"""From prompts to sounds: which language is spoken, and what of a flow can be spoken before anybody calls."""

from collections.abc import Mapping

from cti.model import Recording, Sound, Speech
from ivr.flow.flow import Flow
from ivr.flow.settings import Prompt, Recorded
from ivr.speech.words import SLOT, fill


def sounds_of(prompt: Prompt, language: str, values: Mapping[str, str]) -> tuple[Sound, ...]:
    """What is played for the prompt; nothing if it is silent.

    Without the caller's language (`zh-TW`), its root is spoken (`zh`), and failing that the first that there
    is.
    """
    for tongue in (language, language.partition("-")[0], *prompt):
        match prompt.get(tongue):
            case None:
                continue
            case Recorded(name):
                return (Recording(name),)
            case str(text):
                # Who speaks zh-TW hears the numbers of zh-TW in a prompt that is written in zh.
                said_in = language if tongue == language.partition("-")[0] else tongue
                spoken = fill(text, values, said_in).strip()
                return (Speech(spoken, tongue),) if spoken else ()
    return ()


def fixed_sounds(flow: Flow) -> tuple[Sound, ...]:
    """What a flow says in the same words to everybody, once each: it can be made before the first call."""
    found: dict[Sound, None] = {}
    for node in flow.nodes.values():
        for _, prompt in node.prompts():
            for language, said in prompt.items():
                match said:
                    case str(text) if not SLOT.search(text):
                        found[Speech(text.strip(), language)] = None
                    case Recorded(name):
                        found[Recording(name)] = None
                    case _:
                        pass
    return tuple(found)
