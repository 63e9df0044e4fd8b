"""Judges whether callers can leave messages."""

from acd.plan import CenterPlan
from config.doctor.check_pbx import sentence
from config.doctor.facts import PbxFacts
from config.doctor.findings import Findings
from cti.edge.errors import PbxError
from cti.edge.recording_trial import RecordingTrial
from ivr.nodes.record import RecordNode

SPOOL = "ASTSPOOLDIR"
"""The variable in which Asterisk tells where its spool folder is."""
USUAL_SPOOL = "/var/spool/asterisk"

AFTERWARDS = "a caller who wants to leave a message goes where `none` leads"


def messages_are_left(plan: CenterPlan | None) -> bool:
    """Whether a flow records callers, as far as is known."""
    flows = plan.flows.values() if plan else ()
    return plan is None or any(isinstance(node, RecordNode) for flow in flows for node in flow.nodes.values())


def check_recording(facts: PbxFacts, found: Findings) -> None:
    """Has Asterisk the folder for recordings, can it write there, and does it give them out?"""
    spool = "" if isinstance(facts.ami, PbxError) else facts.ami.values.get(SPOOL, "")
    folder = f"{(spool or USUAL_SPOOL).rstrip('/')}/recording"
    match facts.recording:
        case RecordingTrial.WORKS:
            found.fine("Asterisk can record callers")
        case RecordingTrial.NO_FOLDER:
            found.error(
                f"Asterisk has no folder {folder} and does not make it, so it records nobody: {AFTERWARDS}",
                f"as root on its machine: `install -d -o asterisk -g asterisk -m 750 {folder}` (for the user that "
                "Asterisk runs as)",
            )
        case RecordingTrial.NOT_WRITTEN:
            found.error(
                f"Asterisk can write nothing to {folder}: {AFTERWARDS}",
                f"let the folder belong to the user that Asterisk runs as (`chown asterisk: {folder}`), and see "
                "whether its disk is full; Asterisk's log (/var/log/asterisk) says why",
            )
        case RecordingTrial.NOT_READ:
            found.error(
                f"Asterisk records callers into {folder}, but does not give the file out, so messages stay there",
                "see that the user that Asterisk runs as may read what it writes there, and Asterisk's log",
            )
        case PbxError() as error:
            found.error(
                f"whether callers can leave messages cannot be seen: {sentence(error)}",
                "see Asterisk's log (/var/log/asterisk), and try again",
            )
        case RecordingTrial.NOT_ALLOWED | None:
            pass
