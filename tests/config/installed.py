"""A new installation as `callwright asterisk config` writes it, with a real Asterisk that runs on those very files."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from click.testing import CliRunner, Result

from config.commands.asterisk import asterisk as asterisk_command
from config.commands.doctor import doctor
from config.doctor.findings import Finding, Level
from tests.parts.asterisk import Asterisk, free_ports
from tests.parts.sites import trial_site


class Installed:
    """`folder` holds what the command wrote; `asterisk` runs on a copy of it (`files`) once it is started."""

    def __init__(self, *arguments: str) -> None:
        self._parent = Path(tempfile.mkdtemp(prefix="callwright-installed-"))
        self._parent.chmod(0o755)  # Asterisk's user must get to the prompts.
        self.folder = self._parent / "new"
        self.settings = self.folder / "callwright.toml"
        http, ami, sip, self.web_port = free_ports(4)
        self.arguments = [
            *("config", str(self.folder), "--http", str(http), "--ami", str(ami)),
            *("--bind", f"127.0.0.1:{sip}", "--trunk", "127.0.0.1:5999", *arguments),
        ]
        self.written = CliRunner().invoke(asterisk_command, self.arguments)
        assert self.written.exit_code == 0, self.written.output
        self.asterisk = Asterisk(trial_site())
        self.files = self.asterisk.folder / "etc"
        for file in self.folder.glob("*.conf"):
            shutil.copy(file, self.files / file.name)

    def __enter__(self) -> Self:
        self.asterisk.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop Asterisk and remove everything."""
        self.asterisk.close()
        shutil.rmtree(self._parent, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this installation needs: a port for the page that is free."""
        return {"CALLWRIGHT_WEB__PORT": str(self.web_port)}

    def run_doctor(self, *arguments: str, **environment: str) -> Result:
        """`callwright doctor`; settings may be overruled, `CALLWRIGHT_PBX__PBX1__ARI__PASSWORD="wrong"`."""
        return CliRunner().invoke(
            doctor, ["--config", str(self.settings), *arguments], env=self.environment | environment
        )

    def troubles(self, **environment: str) -> list[Finding]:
        """What the doctor finds wrong."""
        told = self.run_doctor("--json", **environment)
        findings = msgspec.convert(json.loads(told.output)["findings"], list[Finding])
        wrong = [finding for finding in findings if finding.level is not Level.FINE]
        assert told.exit_code == any(finding.level is Level.ERROR for finding in wrong)
        return wrong

    def edit(self, name: str, old: str, new: str, *reload: str) -> None:
        """Change one of Asterisk's files, then say something at its console."""
        path = self.files / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        for command in reload:
            self.asterisk.console(command)
