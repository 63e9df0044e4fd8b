"""Messages that callers have left, over HTTP: listed, heard, dealt with, deleted (docs/voicemail.md)."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from acd.center import ContactCenter
from acd.edge.database import DatabaseMisconfigured, DatabaseUnavailable
from acd.edge.voicemails import VoicemailKeeper
from acd.model import VoicemailId
from acd.tasks.kept_voicemails import KeptVoicemail, VoicemailState
from agent_desktop.edge.guard import Boundary, Handler, Refusal, Who, asked, json_response
from agent_desktop.people import Role, User
from agent_desktop.voicemail_view import may_see, queues_of, view_of

Verb = Callable[[web.Request, User], Awaitable[web.StreamResponse]]


class _Listed(msgspec.Struct):
    done: bool = False


class VoicemailRoutes:
    """Agents see what was left in the queues that they serve and what they are to do, supervisors see all."""

    def __init__(self, center: ContactCenter, keeper: VoicemailKeeper, boundary: Boundary) -> None:
        self._center = center
        self._keeper = keeper
        self._boundary = boundary

    def routes(self, who: Who) -> list[web.RouteDef]:
        """For the application; `who` tells who asks."""

        def known(verb: Verb) -> Handler:
            async def handle(request: web.Request) -> web.StreamResponse:
                return await verb(request, await who(request))

            return handle

        return [
            web.get("/api/voicemails", known(self.listed)),
            web.get("/api/voicemails/{id}", known(self.shown)),
            web.get("/api/voicemails/{id}/audio", known(self.audio)),
            web.post("/api/voicemails/{id}/heard", known(self.heard)),
            web.post("/api/voicemails/{id}/done", known(self.done)),
            web.post("/api/voicemails/{id}/undone", known(self.undone)),
            web.post("/api/voicemails/{id}/remove", known(self.remove)),
        ]

    async def listed(self, request: web.Request, user: User) -> web.StreamResponse:
        """The newest first; with `?done=true` also those that are done."""
        with_done = asked(request, _Listed).done
        queues = queues_of(self._center, user)
        try:
            found = await self._keeper.listed(queues, done=with_done)
        except (DatabaseUnavailable, DatabaseMisconfigured) as error:
            raise _storage_down() from error
        plan = self._center.plan
        return json_response({"voicemails": [view_of(plan, each) for each in found]})

    async def shown(self, request: web.Request, user: User) -> web.StreamResponse:
        """One of them."""
        voicemail = await self._find(request, user)
        return json_response({"voicemail": view_of(self._center.plan, voicemail)})

    async def audio(self, request: web.Request, user: User) -> web.StreamResponse:
        """The sound, or the part of it that is asked for (`Range`)."""
        voicemail = await self._find(request, user)
        path = self._keeper.path(voicemail)
        if voicemail.state is not VoicemailState.KEPT or not await asyncio.to_thread(path.is_file):
            raise Refusal(404, "no_sound", "There is no sound of this message.")
        return web.FileResponse(path, headers={"Content-Type": "audio/wav", "Content-Disposition": "inline"})

    async def heard(self, request: web.Request, user: User) -> web.StreamResponse:
        """Somebody listens to it."""
        voicemail = await self._find_to_change(request, user)
        await self._keeper.heard(voicemail, user.id)
        return await self._changed(voicemail)

    async def done(self, request: web.Request, user: User) -> web.StreamResponse:
        """Somebody has dealt with it."""
        voicemail = await self._find_to_change(request, user)
        await self._keeper.done(voicemail, user.id, undone=False)
        return await self._changed(voicemail)

    async def undone(self, request: web.Request, user: User) -> web.StreamResponse:
        """It is to be dealt with after all."""
        voicemail = await self._find_to_change(request, user)
        await self._keeper.done(voicemail, user.id, undone=True)
        return await self._changed(voicemail)

    async def remove(self, request: web.Request, user: User) -> web.StreamResponse:
        """Delete the sound, and forget who called; for supervisors."""
        voicemail = await self._find_to_change(request, user)
        if user.role is not Role.SUPERVISOR:
            raise Refusal(403, "not_allowed", "Only a supervisor deletes messages.")
        await self._keeper.remove(voicemail, user.id)
        return json_response({})

    async def _changed(self, voicemail: KeptVoicemail) -> web.Response:
        """The message as it is now; as it was, if the database is so slow that it does not know yet."""
        now = await self._one(voicemail.id) or voicemail
        return json_response({"voicemail": view_of(self._center.plan, now)})

    async def _find_to_change(self, request: web.Request, user: User) -> KeptVoicemail:
        self._boundary.check_post(request)
        return await self._find(request, user)

    async def _find(self, request: web.Request, user: User) -> KeptVoicemail:
        name = request.match_info["id"]
        voicemail = await self._one(VoicemailId(name)) if name.isprintable() else None  # PostgreSQL takes no NUL
        if voicemail is None or not may_see(self._center, user, voicemail):
            raise Refusal(404, "unknown_voicemail", "There is no such message.")
        return voicemail

    async def _one(self, voicemail: VoicemailId) -> KeptVoicemail | None:
        try:
            return await self._keeper.reader.one(voicemail)
        except (DatabaseUnavailable, DatabaseMisconfigured) as error:
            raise _storage_down() from error


def _storage_down() -> Refusal:
    return Refusal(503, "storage_down", "The database does not answer. Please try again.")
