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
    root = language.partition("-")[0]
    first = next((of for of in (language, root, *prompt) if of in prompt), "")
    match prompt.get(first):
        case None:
            return ()
        case Recorded(name):
            return (Recording(name),)
        case str():
            # Who speaks zh-TW hears the numbers of zh-TW in a prompt that is written in zh.
            texts = {
                of: fill(said, values, language if of == root else of).strip()
                for of, said in prompt.items()
                if isinstance(said, str)
            }
            return (speech_of(texts, first),) if texts[first] else ()


def speech_of(texts: Mapping[str, str], language: str) -> Speech:
    """One of the texts, by language: in the caller's, or in the first that there is. The others stand behind it, for
    when no voice speaks that."""
    first = language if language in texts else next(iter(texts))
    otherwise = None
    for of in reversed([of for of in texts if of != first and texts[of]]):
        otherwise = Speech(texts[of], of, otherwise)
    return Speech(texts[first], first, otherwise)


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
