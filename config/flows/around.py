"""What a flow may have around it while somebody tries it: the customers of an installation, and a voice."""

import asyncio
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from acd.events import QuestionAsked
from acd.model import InteractionId, QuestionId
from config.commands.recorded import recorded
from config.flows.playing import Player, player_here
from config.settings import Settings, VoiceSettings
from config.voices import engines_of
from crm_bridge.edge.embedded import EmbeddedCrm
from crm_bridge.edge.flow_questions import FlowQuestions
from crm_bridge.edge.wrong_pins import WrongPins
from cti.model import Recording, Sound
from ivr.edge.speech import Speaker
from ivr.flow.questions import LookUp, Question
from ivr.rehearsal.answering import Reply


class Around:
    """Opened by `with`; what is asked of it waits, as there is nobody else on the line."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._crm: FlowQuestions | None = None
        self._voice: Speaker | None = None
        self._sounds = Path()
        self._folder = Path()
        self._player: Player | None = None
        self._complained = False
        self._count = 0

    def __enter__(self) -> Self:
        self._runner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        try:
            self._runner.run(self._stack.aclose())
        finally:
            self._runner.close()

    # -- the customers of an installation ------------------------------------------------------------------------------

    def open_crm(self, settings: Settings) -> None:
        """Raises what `recorded` raises."""
        engine = self._runner.run(self._stack.enter_async_context(recorded(settings.database_url()))).engine
        self._crm = FlowQuestions(EmbeddedCrm(engine), WrongPins(engine, time.time))

    def answer(self, question: Question) -> Reply | None:
        """Look-ups alone: what is created or verified would stay."""
        if self._crm is None or not isinstance(question, LookUp):
            return None
        asked = QuestionAsked(QuestionId("try"), InteractionId("try"), question)
        answer = self._runner.run(self._crm.answer(asked, question))
        return Reply(answer.way, answer.learnt)

    # -- a voice -------------------------------------------------------------------------------------------------------

    def open_voice(self, folder: Path | None, voices: Mapping[str, VoiceSettings]) -> None:
        """Sounds go into that folder, numbered as they are heard; without one they are played. `voices`: by language.
        Raises `OSError`, `NoPlayer`."""
        if folder is None:
            self._player = self._stack.enter_context(Player(player_here()))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self._folder = folder
        self._sounds = Path(self._stack.enter_context(TemporaryDirectory(prefix="callwright-")))
        voice = Speaker(self._sounds, str(self._sounds), engines=engines_of(voices, os.environ))
        self._voice = self._runner.run(self._stack.enter_async_context(voice))

    def speak(self, sounds: Sequence[Sound]) -> str:
        """Which files they are in now, and what is heard of them by nobody."""
        told = [where for sound in sounds if (where := self._spoken(sound))]
        return ", ".join([*told, *self._complaint()])

    @property
    def aloud(self) -> bool:
        """Whether it is played, and somebody can hear it."""
        return self._player is not None and not self._player.trouble

    def speaks(self) -> bool:
        """Whether something plays."""
        return self._player is not None and self._player.plays()

    def hush(self) -> None:
        """No more of what plays."""
        if self._player is not None:
            self._player.stop()

    def finish(self) -> str:
        """Waits until all has been heard; or says why nothing is, if that has not been said before."""
        if self._player is not None:
            self._player.finish()
        return "".join(self._complaint())

    def _complaint(self) -> Iterator[str]:
        if self._player is not None and self._player.trouble and not self._complained:
            self._complained = True
            yield f"({self._player.trouble}; --voice FOLDER writes sound files)"

    def _spoken(self, sound: Sound) -> str:
        if self._voice is None or isinstance(sound, Recording):
            return "(a sound file of Asterisk's)"
        media = self._runner.run(self._voice.media(sound))
        made = Path(media.removeprefix("sound:") + ".wav")
        if made.parent != self._sounds:
            return "(no voice for it)"
        if self._player is not None:
            self._player.play(made)
            return ""
        self._count += 1
        file = self._folder / f"{self._count:02}.wav"
        shutil.copyfile(made, file)
        return str(file)
