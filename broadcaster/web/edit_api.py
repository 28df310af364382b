"""Editing over HTTP: what an edit would do, doing it, taking it back; and what pages show of exhibitors."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, field_validator

from broadcaster.language import gettext as _
from broadcaster.ports import Conflicted, Refused
from broadcaster.show.edits.values import Edit, Insert
from broadcaster.show.rundown import ExhibitorId
from broadcaster.web.audit import note
from broadcaster.web.picture import Pictures
from broadcaster.web.visitor import by

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from broadcaster.ports import ControlRoom, Json

MOST_EDITS = 500
REFUSED: dict[int | str, dict[str, Any]] = {
    409: {"description": "It cannot be done; `detail` says why. `conflicts` are what somebody else has changed."}
}
NO_PICTURE: dict[int | str, dict[str, Any]] = {404: {"description": "There is no picture."}}
Width = Annotated[int, Query(ge=16, le=1920)]


class Editing(BaseModel):
    """Edits, one after the other; all are made, or none. `base` is the revision of the rundown they were made from.

    `key` is the sender's own: what is sent again under it, as its answer was lost, is not made twice.

    The `block` of an insert is the service's own, and taken from nobody: it goes into the show's files as it is.
    """

    base: str = Field(max_length=64)
    key: str = Field("", max_length=64)
    edits: list[Annotated[Edit, Field(discriminator="op")]] = Field(min_length=1, max_length=MOST_EDITS)

    @field_validator("edits")
    @classmethod
    def without_blocks(cls, edits: list[Edit]) -> list[Edit]:
        return [replace(edit, block="") if isinstance(edit, Insert) else edit for edit in edits]


def edit_api(room: ControlRoom) -> APIRouter:
    api = APIRouter(prefix="/api/v1", tags=["editing"])
    upcoming = Pictures(room.upcoming_picture)

    @api.get("/edits")
    async def history(request: Request) -> Response:
        """Who did what, the newest first; and what an undo or redo of the caller would do."""
        return JSONResponse(room.edits(by(request)))

    @api.post("/edits/preview", responses=REFUSED)
    async def preview(editing: Editing) -> Response:
        return JSONResponse(await room.preview_edits(editing.edits, editing.base))

    @api.post("/edits", responses=REFUSED)
    async def apply(request: Request, editing: Editing) -> Response:
        note(request, edits=[edit.op for edit in editing.edits[:20]])
        return await _answered(room.apply_edits(editing.edits, editing.base, by(request), editing.key))

    @api.post("/edits/undo", responses=REFUSED)
    async def undo(request: Request) -> Response:
        return await _answered(room.undo_edit(by(request)))

    @api.post("/edits/redo", responses=REFUSED)
    async def redo(request: Request) -> Response:
        return await _answered(room.redo_edit(by(request)))

    @api.get("/exhibitors")
    async def exhibitors() -> Response:
        return JSONResponse(room.exhibitors())

    @api.get("/exhibitors/{exhibitor}/thumbnail.jpg", response_class=Response, responses=NO_PICTURE)
    async def thumbnail(exhibitor: str, width: Width = 320) -> Response:
        return _picture(await asyncio.to_thread(room.thumbnail, ExhibitorId(exhibitor), width), age=60)

    @api.get("/preview.jpg", response_class=Response, responses=NO_PICTURE)
    async def preview_picture(width: Width = 640) -> Response:
        return _picture(await upcoming.taken(width), age=0)

    return api


async def _answered(edit: Awaitable[Json]) -> Response:
    try:
        return JSONResponse(await edit)
    except Conflicted as error:
        return JSONResponse({"detail": str(error), "conflicts": error.conflicts}, 409)
    except Refused as error:
        return JSONResponse({"detail": str(error), "conflicts": []}, 409)


def _picture(picture: bytes | None, *, age: int) -> Response:
    if picture is None:
        return JSONResponse({"detail": _("There is no picture to show.")}, 404)
    kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
    return Response(picture, media_type=kind, headers={"cache-control": f"private, max-age={age}"})
