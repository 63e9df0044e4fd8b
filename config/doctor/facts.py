"""What the doctor has seen, before it is judged. Gathered by the `look_*` modules."""

from collections.abc import Mapping

import msgspec

from acd.plan import CenterPlan
from config.settings import Pbx, Settings
from cti.edge.errors import PbxError
from cti.edge.inspection import AmiFacts, AriFacts
from cti.edge.recording_trial import RecordingTrial


class PbxFacts(msgspec.Struct, frozen=True):
    """One Asterisk, and what we want of it."""

    settings: Pbx
    wanted: Settings
    plan: CenterPlan | None
    """`None` if center.yaml has mistakes; then less can be said."""
    ari: AriFacts | PbxError
    ami: AmiFacts | PbxError
    now: float
    phone_socket_trouble: str = ""
    """Why a browser phone could not connect to `phone_socket`; empty if it could, or if there is none."""
    we_run: bool = False
    """Whether the centre of these settings runs now."""
    prompts: str = ""
    """The folder with prompts, as Asterisk sees it."""
    probe: str = ""
    """The dialplan function by which it would find our probe among the prompts; empty if there is none."""
    recording: RecordingTrial | PbxError | None = None
    """Whether it can record callers; `None` if that was not tried, as no flow wants it."""


class MachineFacts(msgspec.Struct, frozen=True):
    """The machine and the folders that the centre runs in."""

    programs: Mapping[str, bool]
    """Programs that the voice needs, and whether they are there."""
    prompts: str
    voices: Mapping[str, str] = {}
    """Languages that were tried, each with why nobody speaks it; empty if somebody does."""
    prompts_trouble: str = ""
    """Why we cannot write there."""
    data_trouble: str = ""
    """The same of the folder for all the rest."""
    page_built: bool = True
    free_bytes: int = 1 << 40
    address_trouble: str = ""
    """Why we could not listen for browsers."""
    we_run: bool = False
    settings_open_to_others: bool = False
    """Whether others than the owner and his group can read the settings file."""


class DatabaseFacts(msgspec.Struct, frozen=True):
    """The database."""

    shown: str
    """Its URL without the password."""
    trouble: str = ""
    misconfigured: bool = False
    """Whether the trouble is one that does not pass by itself."""
    new: bool = False
    """It is not there yet and will be made."""
