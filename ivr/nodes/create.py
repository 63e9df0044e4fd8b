"""Has something made in the CRM: a ticket, a payment link, a wish."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from msgspec import Meta
from msgspec.structs import replace

from ivr.files.mistakes import instead, quoted
from ivr.flow.filling import filled
from ivr.flow.node import Asking, Path, Settling, Way
from ivr.flow.questions import Create
from ivr.flow.settings import Language, NodeId, NodeRef
from ivr.flow.variables import CREATIONS
from ivr.speech.words import slots, stray_brace

CreationKind = Annotated[str, Meta(title="what is made", extra={"name_of": "creation"})]
FieldName = Annotated[str, Meta(title="the name of a field", pattern=r"^[a-z_]{1,32}$")]
FieldText = Annotated[str, Meta(title="a text, which may hold slots", max_length=1000)]
FieldTexts = Annotated[
    Annotated[dict[Language, FieldText], Meta(min_length=1)] | FieldText,
    Meta(title="a text, which may hold slots, or texts by language"),
]


class CreateNode(Asking, frozen=True, tag="create"):
    """One, however often it is asked for: a restart makes no second one."""

    create: CreationKind
    then: NodeRef
    fields: dict[FieldName, FieldTexts] = {}  # noqa: RUF012 - msgspec copies it
    """Of texts by language the one in the caller's is taken, else the first."""
    failed: NodeRef = NodeId("")

    def settled(self, by: Settling) -> Self:
        """Who does not get it goes where nobody can be helped."""
        return replace(self, failed=self.failed or by.otherwise)

    def ways(self) -> Iterator[Way]:
        """With what was made, or without."""
        learns = CREATIONS[self.create].learns if self.create in CREATIONS else {}
        yield Way("then", self.then, learns=learns)
        yield Way("failed", self.failed)

    def speaks_of(self) -> Iterator[tuple[Path, str]]:
        """What stands in the fields."""
        yield from super().speaks_of()
        for path, text in self._texts():
            yield from ((path, variable) for variable, _ in slots(text))

    def contradictions(self) -> Iterator[tuple[Path, str]]:
        """Fields that there are not, and those that are missing."""
        if (kind := CREATIONS.get(self.create)) is None:
            return
        known = kind.needs | kind.may
        for name in self.fields.keys() - known:
            yield ("fields", name), f"a {self.create} has no field {quoted(name)}; {instead(name, known)}"
        for path, text in self._texts():
            if stray_brace(text) or any(form for _, form in slots(text)):
                yield path, "slots look like {name} here: the value is written as it is"
        for name in sorted(kind.needs - self.fields.keys()):
            yield ("fields",), f"a {self.create} needs `{name}`"

    def question(self, values: Mapping[str, str], language: str, secrets: frozenset[str]) -> Create | str:
        """With its slots filled in; in the caller's language, unless it says another."""
        del secrets
        if said := self.fields.get("language"):
            language = filled(_in_language(said, language), values) or language
        fields = {name: filled(_in_language(text, language), values) for name, text in self.fields.items()}
        if "language" in CREATIONS[self.create].may:
            fields["language"] = language
        return Create(self.create, {name: value for name, value in fields.items() if value}, "", self.timeout)

    def _texts(self) -> Iterator[tuple[Path, str]]:
        """All texts, each with its place."""
        for name, texts in self.fields.items():
            if isinstance(texts, str):
                yield ("fields", name), texts
            else:
                yield from ((("fields", name, language), text) for language, text in texts.items())


def _in_language(texts: Mapping[str, str] | str, language: str) -> str:
    if isinstance(texts, str):
        return texts
    return texts.get(language) or next(iter(texts.values()))
