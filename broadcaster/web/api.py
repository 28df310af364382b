"""The HTTP API: what the control room shows and does, for pages, button panels and scripts."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, WebSocket
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from broadcaster.access import Right
from broadcaster.language import gettext as _
from broadcaster.show.messages import Act
from broadcaster.show.rundown import ItemId
from broadcaster.web import metrics
from broadcaster.web.audit import note
from broadcaster.web.live import USUAL
from broadcaster.web.public import variables
from broadcaster.web.visitor import by, visitor_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from broadcaster.ports import ControlRoom, Json
    from broadcaster.web.live import LiveFeed
    from broadcaster.web.picture import ProgramPicture

ANSWER_SECONDS = 5.0
"""How long the control room may take to decide a press."""

REFUSED: dict[int | str, dict[str, Any]] = {409: {"description": "It cannot be done now; `detail` says why."}}
NO_PICTURE: dict[int | str, dict[str, Any]] = {404: {"description": "OBS has no picture to show."}}
Limit = Annotated[int, Query(ge=1, le=1000)]


class Choice(BaseModel):
    """An item of the rundown, or a broadcast on YouTube."""

    id: str = Field(min_length=1, max_length=200)


class Extension(BaseModel):
    """By how much the end of what is on air moves; negative is earlier."""

    seconds: float = Field(ge=-3600, le=3600, allow_inf_nan=False)


class Switch(BaseModel):
    """On or off."""

    on: bool


class Edit(BaseModel):
    """The days as they should be; `revision` is that of the rundown they were made from."""

    revision: str
    days: list[dict[str, Any]]


class Draft(BaseModel):
    """A description.txt that is being written."""

    template: str = Field(max_length=20_000)


class Unanswered(Exception):  # noqa: N818  (named for what happened)
    """The control room has not decided in time."""


def control_api(room: ControlRoom) -> APIRouter:
    """Status and presses."""
    api = APIRouter(prefix="/api/v1", tags=["control"])

    async def press(request: Request, act: Act, item: str | None = None) -> JSONResponse:
        note(request, item=item)
        return await decided(room.press(act, None if item is None else ItemId(item), by(request)))

    async def decided(status: Awaitable[Json]) -> JSONResponse:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return JSONResponse(await status)
        except TimeoutError as error:
            raise Unanswered from error

    def plain(act: Act) -> Callable[[Request], Awaitable[Response]]:
        async def route(request: Request) -> Response:
            return await press(request, act)

        return route

    @api.get("/status")
    async def status() -> Response:
        return JSONResponse(room.status())

    for act in (Act.TAKE, Act.BACK, Act.HOLD, Act.RESUME, Act.STANDBY):
        api.post(f"/{act}", name=act.value, response_class=JSONResponse, responses=REFUSED)(plain(act))

    @api.post("/skip", responses=REFUSED)
    async def skip(request: Request, choice: Choice | None = None) -> Response:
        """Without a body, the next item."""
        return await press(request, Act.SKIP, choice.id if choice else None)

    @api.post("/jump", responses=REFUSED)
    async def jump(request: Request, choice: Choice) -> Response:
        return await press(request, Act.JUMP, choice.id)

    @api.post("/extend", responses=REFUSED)
    async def extend(request: Request, extension: Extension) -> Response:
        note(request, seconds=extension.seconds)
        length = timedelta(seconds=extension.seconds)
        return await decided(room.press(Act.EXTEND, None, by(request), length=length))

    @api.post("/stream", responses=REFUSED)
    async def stream(request: Request, switch: Switch) -> Response:
        note(request, on=switch.on)
        return await decided(room.stream(on=switch.on, by=by(request)))

    @api.post("/youtube/prepare", responses=REFUSED)
    async def prepare(request: Request) -> Response:
        """Make the broadcast of the day, or mend it, as `youtube plan` says."""
        return await decided(room.youtube("prepare", by=by(request)))

    @api.post("/youtube/live", responses=REFUSED)
    async def go_live(request: Request) -> Response:
        return await decided(room.youtube("live", by=by(request)))

    @api.post("/youtube/complete", responses=REFUSED)
    async def complete(request: Request, choice: Choice) -> Response:
        """Final: the body names the broadcast."""
        return await decided(room.youtube("complete", choice.id, by(request)))

    @api.get("/vars")
    async def flat_variables() -> Response:
        return JSONResponse(variables(room.status()))

    return api


def show_api(room: ControlRoom) -> APIRouter:
    """The rundown, and what has happened."""
    api = APIRouter(prefix="/api/v1", tags=["show"])

    @api.get("/rundown")
    async def rundown() -> Response:
        return JSONResponse(room.rundown())

    @api.put("/rundown", responses=REFUSED)
    async def edit_rundown(request: Request, edit: Edit) -> Response:
        return JSONResponse(
            await room.edit_rundown(
                edit.revision, edit.days, by(request), may_press=visitor_of(request).may(Right.PRESS)
            )
        )

    @api.get("/as-run")
    async def as_run(day: date | None = None) -> Response:
        return JSONResponse(room.as_run(day))

    @api.get("/descriptions")
    async def descriptions(limit: Limit = 50) -> Response:
        return JSONResponse(room.revisions(limit))

    @api.get("/description/preview")
    async def preview() -> Response:
        """With the show's own description.txt."""
        return JSONResponse(await room.preview())

    @api.post("/description/preview")
    async def preview_of(draft: Draft) -> Response:
        return JSONResponse(await room.preview(draft.template))

    @api.put("/description/template", responses=REFUSED)
    async def save_template(request: Request, draft: Draft) -> Response:
        """Into the show's description.txt; an empty one takes it away."""
        return JSONResponse(await room.save_template(draft.template, by(request)))

    @api.get("/notices")
    async def notices(limit: Limit = 50) -> Response:
        return JSONResponse(room.notices(limit))

    return api


def live_api(room: ControlRoom, feed: LiveFeed, picture: ProgramPicture) -> APIRouter:
    """What moves: the live sockets, the picture, and what other programs watch."""
    api = APIRouter(tags=["live"])

    @api.websocket("/api/v1/live")
    async def live(socket: WebSocket) -> None:
        # ?parts= names what a page wants beside the status; with no names in it, nothing.
        asked = socket.query_params.get("parts")
        await feed.attend(socket, parts=USUAL if asked is None else frozenset(asked.split(",")))

    @api.websocket("/overlays/live")
    async def live_for_overlays(socket: WebSocket) -> None:
        await feed.attend(socket, is_public=True)

    @api.get("/api/v1/program.png", response_class=Response, responses=NO_PICTURE)
    async def program(width: Annotated[int, Query(ge=16, le=1920)] = 640) -> Response:
        png = await picture.png(width)
        if png is None:
            return JSONResponse({"detail": _("OBS has no picture to show.")}, 404)
        return Response(png, media_type="image/png")

    @api.get("/now.json")
    async def now() -> Response:
        # Readable by the pages of others: it says what every viewer sees.
        return JSONResponse(feed.now_playing(), headers={"access-control-allow-origin": "*"})

    @api.get("/healthz")
    async def health() -> Response:
        try:
            status = room.status()
        except Exception as error:
            return JSONResponse({"ok": False, "detail": f"{type(error).__name__}: {error}"}, 503)
        return JSONResponse({"ok": True, "now": status.get("now"), "playback": status.get("playback")})

    @api.get("/metrics", response_class=Response)
    async def prometheus() -> Response:
        text = metrics.exposition(room.status(), room.as_run(None), pages=feed.connected, dropped=feed.dropped)
        return Response(text, media_type=metrics.CONTENT_TYPE)

    return api
