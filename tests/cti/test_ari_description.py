"""What we ask of ARI and read from it exists in the installed Asterisk's own description of ARI."""

import json
import re
from typing import Any, get_args

import msgspec
import pytest

from cti.asterisk.ari_events import AnyAriEvent
from cti.asterisk.ari_objects import ApplicationInfo, Bridge, Channel, DialplanPlace, LiveRecording, Party, Playback
from cti.asterisk.ari_requests import AriRequest, destroy_bridge, requests_for
from cti.commands import (
    Answer,
    AnyCommand,
    HangUp,
    LeaveBridge,
    Play,
    Record,
    Remember,
    ReturnToDialplan,
    Ring,
    StartMusic,
    StopMusic,
    StopPlayback,
    StopRecording,
)
from cti.commands import Bridge as BridgeCommand
from cti.model import CallerId, CallId, CommandId, Endpoint, HangupCause, LegId, PlaybackId, Recording, RecordingName
from tests.parts.asterisk import Asterisk

pytestmark = pytest.mark.asterisk

ID, LEG, CALL, PLAYBACK = CommandId("c1"), LegId("pbx1/LEG"), CallId("pbx1/LEG"), PlaybackId("PLAYBACK")
RECORDING = RecordingName("RECORDING")
COMMANDS: tuple[AnyCommand, ...] = (
    Answer(ID, LEG),
    Play(ID, LEG, PLAYBACK, (Recording("beep"),)),
    StopPlayback(ID, LEG, PLAYBACK),
    Record(ID, LEG, RECORDING, 120.0, silence=5.0, ends_with="#"),
    StopRecording(ID, LEG, RECORDING),
    StartMusic(ID, LEG),
    StopMusic(ID, LEG),
    Remember(ID, LEG, "x"),
    Ring(ID, LEG, CALL, Endpoint("PJSIP/alice"), CallerId(), 20.0),
    BridgeCommand(ID, LEG, CALL, ()),
    LeaveBridge(ID, LEG, CALL),
    *(HangUp(ID, LEG, cause) for cause in HangupCause),
    ReturnToDialplan(ID, LEG),
    ReturnToDialplan(ID, LEG, "+49301234567"),
)
REQUESTS = [request for command in COMMANDS for request in requests_for(command, "callwright", ["sound:beep"])]
_OPTIONAL = {"channelvars", "tech_cause", "soft", "cause", "app_data", "app_name"}


def described(asterisk: Asterisk, resource: str) -> Any:  # noqa: ANN401 -- Asterisk's JSON, of any shape
    return json.loads((asterisk.rest_api / f"{resource}.json").read_text(encoding="utf-8"))


def operation_of(asterisk: Asterisk, request: AriRequest) -> dict[str, Any]:
    resource = request.path.split("/")[1]
    concrete = {
        "LEG": "channelId",
        "callwright-LEG": "bridgeId",
        "PLAYBACK": "playbackId",
        "RECORDING": "recordingName",
    }
    for api in described(asterisk, resource)["apis"]:
        names = re.sub(r"\{\w+\}", "{}", api["path"])
        ours = "/".join("{}" if part in concrete else part for part in request.path.split("/"))
        if names == ours:
            for operation in api["operations"]:
                if operation["httpMethod"] == request.method:
                    found: dict[str, Any] = operation
                    return found
    pytest.fail(f"ARI has no {request.method} {request.path}")


@pytest.mark.parametrize("request_", [*REQUESTS, destroy_bridge("callwright-LEG")], ids=lambda r: r.target)
def test_a_request_is_documented(asterisk: Asterisk, request_: AriRequest) -> None:
    parameters = {each["name"]: each for each in operation_of(asterisk, request_).get("parameters", [])}
    assert {*request_.query, *request_.body} <= set(parameters)
    required = {name for name, each in parameters.items() if each.get("required") and each["paramType"] == "query"}
    assert required <= {*request_.query, *request_.body}
    for name, value in request_.query.items():
        allowed = parameters[name].get("allowableValues", {}).get("values")
        assert not allowed or value in allowed


@pytest.mark.parametrize("event", get_args(AnyAriEvent), ids=lambda event: event.__name__)
def test_an_event_is_documented(asterisk: Asterisk, event: type[msgspec.Struct]) -> None:
    models = described(asterisk, "events")["models"]
    told = {*models["Event"]["properties"], *models[event.__name__]["properties"]}
    assert set(event.__struct_fields__) - _OPTIONAL <= told


@pytest.mark.parametrize(
    ("resource", "model", "ours"),
    [
        ("channels", "Channel", Channel),
        ("channels", "CallerID", Party),
        ("channels", "DialplanCEP", DialplanPlace),
        ("bridges", "Bridge", Bridge),
        ("playbacks", "Playback", Playback),
        ("recordings", "LiveRecording", LiveRecording),
        ("applications", "Application", ApplicationInfo),
    ],
)
def test_a_thing_is_documented(asterisk: Asterisk, resource: str, model: str, ours: type[msgspec.Struct]) -> None:
    properties = described(asterisk, resource)["models"][model]["properties"]
    assert set(ours.__struct_fields__) - _OPTIONAL <= set(properties)
