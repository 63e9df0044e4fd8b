"""REST requests about the PBX itself, its applications, phones and devices."""

from cti.simulator.arguments import Arguments, Refused
from cti.simulator.wire import NO_CONTENT, JsonValue, Response, timestamp
from cti.simulator.world import StasisApp, Telephone, World, add_interest, drop_interest


def info(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /asterisk/info`."""
    settings = world.settings
    parts: dict[str, JsonValue] = {
        "build": {
            "os": "Linux",
            "kernel": "unknown",
            "machine": "unknown",
            "options": "OPTIONAL_API",
            "date": timestamp(world.started),
            "user": "simulated",
        },
        "system": {"version": settings.version, "entity_id": settings.asterisk_id},
        "config": {"name": "", "default_language": "en", "setid": {"user": "", "group": ""}},
        "status": {
            "startup_time": timestamp(world.started),
            "last_reload_time": timestamp(world.started),
        },
    }
    only = asked.texts("only")
    return Response(200, {name: part for name, part in parts.items() if not only or name in only})


def ping(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /asterisk/ping`."""
    return Response(200, {"ping": "pong", "timestamp": timestamp(world.now), "asterisk_id": world.settings.asterisk_id})


def get_variable(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /asterisk/variable`."""
    name = asked.text("variable")
    if not name:
        raise Refused(400, "Variable name is required")
    return Response(200, {"value": world.global_variables.get(name, "")})


def set_variable(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`POST /asterisk/variable`."""
    name = asked.text("variable")
    if not name:
        raise Refused(400, "Variable name is required")
    world.global_variables[name] = asked.text("value")
    return NO_CONTENT


def module(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /asterisk/modules/{name}`: all that anybody asks for is there."""
    return Response(
        200,
        {
            "name": ids[0],
            "description": "Simulated",
            "use_count": 0,
            "status": "Running",
            "support_level": "core",
        },
    )


def _app(world: World, name: str) -> StasisApp:
    """An application lives while it is connected, or interested in something that lives."""
    app = world.apps.get(name)
    if app is None or not (app.connected or _interests(world, app)):
        raise Refused(404, "Application not found")
    return app


def _interests(world: World, app: StasisApp) -> bool:
    return (
        bool(app.endpoints or app.devices)
        or any(app.name in channel.interest for channel in world.channels.values())
        or any(app.name in bridge.interest for bridge in world.bridges.values())
    )


def _app_json(world: World, app: StasisApp) -> dict[str, JsonValue]:
    channels: list[str] = [channel.id for channel in world.channels.values() if app.name in channel.interest]
    bridges: list[str] = [bridge.id for bridge in world.bridges.values() if app.name in bridge.interest]
    endpoints, devices = sorted(app.endpoints), sorted(app.devices)
    if app.subscribe_all:
        channels, bridges = ["__AST_CHANNEL_ALL_TOPIC"], ["__AST_BRIDGE_ALL_TOPIC"]
        endpoints, devices = ["__AST_ENDPOINT_ALL_TOPIC"], ["__AST_DEVICE_STATE_ALL_TOPIC"]
    return {
        "name": app.name,
        "channel_ids": channels,
        "bridge_ids": bridges,
        "endpoint_ids": endpoints,
        "device_names": devices,
        "events_allowed": [{"type": kind} for kind in sorted(app.allowed)],
        "events_disallowed": [{"type": kind} for kind in sorted(app.disallowed)],
    }


def list_apps(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /applications`."""
    living = [app for app in world.apps.values() if app.connected or _interests(world, app)]
    return Response(200, [_app_json(world, app) for app in living])


def show_app(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /applications/{name}`."""
    return Response(200, _app_json(world, _app(world, ids[0])))


def subscribe(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`POST /applications/{name}/subscription`."""
    app = _app(world, ids[0])
    for kind, name in _sources(world, asked):
        if kind == "channel":
            add_interest(world.channels[name].interest, app.name)
        elif kind == "bridge":
            add_interest(world.bridges[name].interest, app.name)
        else:
            (app.endpoints if kind == "endpoint" else app.devices).add(name)
    return Response(200, _app_json(world, app))


def unsubscribe(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`DELETE /applications/{name}/subscription`."""
    app = _app(world, ids[0])
    for kind, name in _sources(world, asked, gone="Event source was not subscribed to"):
        if kind == "channel":
            dropped = drop_interest(world.channels[name].interest, app.name)
        elif kind == "bridge":
            dropped = drop_interest(world.bridges[name].interest, app.name)
        else:
            names = app.endpoints if kind == "endpoint" else app.devices
            dropped = name in names
            names.discard(name)
        if not dropped:
            raise Refused(422, "Event source was not subscribed to")
    return Response(200, _app_json(world, app))


def _sources(world: World, asked: Arguments, gone: str = "Event source does not exist") -> list[tuple[str, str]]:
    given = asked.texts("eventSource")
    if not given:
        raise Refused(400, "Missing parameter eventSource")
    sources = []
    for source in given:
        kind, _, name = source.partition(":")
        known = {
            "channel": name in world.channels,
            "bridge": name in world.bridges,
            "endpoint": name.partition("/")[2] in world.phones or name == "PJSIP",
            "deviceState": True,
        }
        if kind not in known:
            raise Refused(400, "Invalid event source URI scheme")
        if not known[kind]:
            raise Refused(422, gone)
        sources.append((kind, name))
    return sources


def list_endpoints(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /endpoints`, or `GET /endpoints/PJSIP`."""
    if ids and ids[0] != "PJSIP":
        raise Refused(404, "No Endpoints found - invalid tech specified")
    return Response(200, [endpoint_json(phone) for phone in world.phones.values()])


def show_endpoint(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /endpoints/PJSIP/{name}`."""
    if ids[0] != "PJSIP" or ids[1] not in world.phones:
        raise Refused(404, "Endpoint not found")
    return Response(200, endpoint_json(world.phones[ids[1]]))


def endpoint_json(phone: Telephone) -> dict[str, JsonValue]:
    """A phone as ARI shows it."""
    return {
        "technology": "PJSIP",
        "resource": phone.name,
        "state": "online" if phone.registered else "offline",
        "channel_ids": list(phone.legs),
    }


def list_devices(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /deviceStates` lists devices made over ARI; there are none."""
    return Response(200, [])


def show_device(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /deviceStates/{name}`."""
    phone = world.phones.get(ids[0].partition("/")[2])
    return Response(200, {"name": ids[0], "state": phone.device_state if phone else "UNKNOWN"})


def filter_events(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`PUT /applications/{name}/eventFilter`. A list that is absent stays as it is; without both all events come."""
    app = _app(world, ids[0])
    allowed, disallowed = asked.types("allowed"), asked.types("disallowed")
    if allowed is None and disallowed is None:
        allowed = disallowed = frozenset()
    app.allowed = app.allowed if allowed is None else allowed
    app.disallowed = app.disallowed if disallowed is None else disallowed
    return Response(200, _app_json(world, app))
