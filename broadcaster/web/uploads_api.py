"""Sending files over HTTP, as the tus protocol has it (tus.io, 1.0.0: core, creation, checksum, termination)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from broadcaster.answers import instant
from broadcaster.language import gettext as _
from broadcaster.web.audit import note
from broadcaster.web.people import Unfit
from broadcaster.web.upload_files import LARGEST, Kind, NoSpace, Unknown
from broadcaster.web.uploads import CHECKSUMS, Occupied, Silent, WrongChecksum, WrongOffset, checksum_of
from broadcaster.web.visitor import address_of, visitor_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from broadcaster.web.upload_files import Upload
    from broadcaster.web.uploads import Uploads

VERSION = "1.0.0"
PATH = "/api/v1/uploads"
OFFSET_TYPE = "application/offset+octet-stream"


class Told(BaseModel):
    """`state`: receiving | checking | ready | refused; `detail` says why it was refused."""

    id: str
    kind: Kind
    name: str
    length: int
    offset: int
    state: str
    detail: str
    duration_s: float | None
    by: str
    created_at: str | None


def _answers(*codes: int) -> dict[int | str, dict[str, Any]]:
    meanings = {
        404: "There is no such upload, or no longer.",
        408: "Nothing more has come of the piece.",
        409: "It cannot be taken, or it does not go on where the file ends (`Upload-Offset`).",
        412: "Another version of the protocol.",
        415: f"A piece is sent as {OFFSET_TYPE}.",
        423: "Another piece of it is on its way.",
        460: "The piece was damaged on its way; nothing of it is kept.",
        507: "The disk has no room.",
    }
    return {code: {"description": meanings[code]} for code in codes}


def uploads_api(uploads: Uploads) -> APIRouter:
    api = APIRouter(prefix="/api/v1", tags=["uploads"])

    @api.get("/uploads")
    async def list_uploads() -> list[Told]:
        """What is on its way, and what has come in the last day; the newest first."""
        return [told(upload) for upload in await uploads.all()]

    @api.options("/uploads", status_code=204)
    async def capabilities() -> Response:
        more = {
            "tus-version": VERSION,
            "tus-extension": "creation,checksum,termination",
            "tus-checksum-algorithm": ",".join(CHECKSUMS),
            "tus-max-size": str(LARGEST),
        }
        return _empty(204, **more)

    @api.post("/uploads", status_code=201, responses=_answers(409, 412, 507))
    async def begin_upload(
        request: Request,
        upload_length: Annotated[int, Header(ge=0, le=2**53)],
        upload_metadata: Annotated[str, Header(max_length=4000)],
        tus_resumable: Annotated[str, Header()] = VERSION,
    ) -> Response:
        """`Upload-Metadata`: `filename`, `kind` (video or logo) and, to replace a file, `replace`; values in base64."""
        _expect_version(tus_resumable)
        given = _metadata(upload_metadata)
        name, kind = given.get("filename", ""), given.get("kind", Kind.VIDEO)
        note(request, file=name[:200], kind=kind[:20], bytes=upload_length)
        if kind not in set(Kind):
            raise Unfit(_("A file is a video or a logo."))
        upload = await uploads.begin(
            Kind(kind),
            name,
            upload_length,
            by=visitor_of(request).name,
            address=address_of(request),
            replaces=given.get("replace") in {"", "1", "true", "yes"},
        )
        note(request, upload=upload.id, file=upload.name)
        return _empty(201, location=f"{PATH}/{upload.id}", upload_offset=0)

    @api.get("/uploads/{upload_id}", responses=_answers(404))
    async def one_upload(upload_id: str) -> Told:
        return told(await uploads.find(upload_id))

    @api.head("/uploads/{upload_id}", responses=_answers(404))
    async def where_to_go_on(upload_id: str) -> Response:
        """`Upload-Offset` says how much has arrived."""
        upload = await uploads.find(upload_id)
        return _empty(200, upload_offset=upload.offset, upload_length=upload.length)

    @api.patch(
        "/uploads/{upload_id}",
        status_code=204,
        responses=_answers(404, 408, 409, 412, 415, 423, 460, 507),
        openapi_extra={
            "requestBody": {
                "content": {OFFSET_TYPE: {"schema": {"type": "string", "format": "binary"}}},
                "required": True,
            }
        },
    )
    async def go_on(
        request: Request,
        upload_id: str,
        upload_offset: Annotated[int, Header(ge=0, le=2**53)],
        upload_checksum: Annotated[str | None, Header(max_length=200)] = None,
        tus_resumable: Annotated[str, Header()] = VERSION,
    ) -> Response:
        """The next piece, of at most 16 MB. With the last one the file is checked: ask for its state."""
        _expect_version(tus_resumable)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != OFFSET_TYPE:
            return JSONResponse({"detail": _("Send the piece as %(type)s.", type=OFFSET_TYPE)}, 415)
        try:
            checksum = checksum_of(upload_checksum) if upload_checksum is not None else None
        except ValueError as error:
            raise Unfit(
                _("Upload-Checksum is one of %(names)s, then the sum in base64.", names=", ".join(CHECKSUMS))
            ) from error
        try:
            upload = await uploads.append(upload_id, upload_offset, _pieces(request), checksum)
        except ClientDisconnect:
            return _empty(204)  # nobody hears it; what has come is kept
        return _empty(204, upload_offset=upload.offset)

    @api.delete("/uploads/{upload_id}", status_code=204, responses=_answers(404, 409))
    async def give_up(request: Request, upload_id: str) -> Response:
        note(request, upload=upload_id)
        await uploads.give_up(upload_id)
        return _empty(204)

    return api


class WrongVersion(Exception):  # noqa: N818  (an answer)
    """Of the protocol."""


async def unusual(_request: Request, error: Exception) -> Response:
    """The answers of the protocol that are not 200 or 409."""
    match error:
        case Unknown():
            return _told(404, _("There is no such upload, or no longer."))
        case WrongOffset():
            detail = _("The file goes on at byte %(offset)s.", offset=error.offset)
            return _told(409, detail, upload_offset=error.offset)
        case WrongChecksum():
            return _told(460, _("The piece was damaged on its way. Send it again."))
        case Occupied():
            return _told(423, _("Another piece of this file is on its way."))
        case Silent():
            return _told(408, _("Nothing more has come of this piece. Send it again."))
        case NoSpace():
            return _told(507, str(error))
        case _:
            return _told(412, _("This service speaks version %(version)s of tus.", version=VERSION))


UNUSUAL = (Unknown, WrongOffset, WrongChecksum, Occupied, Silent, NoSpace, WrongVersion)


def told(upload: Upload) -> Told:
    return Told(
        id=upload.id,
        kind=upload.kind,
        name=upload.name,
        length=upload.length,
        offset=upload.offset,
        state=upload.state.value,
        detail=upload.detail,
        duration_s=upload.duration_s,
        by=upload.by,
        created_at=instant(upload.created_at),
    )


def _expect_version(asked: str) -> None:
    if asked != VERSION:
        raise WrongVersion


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        if piece:
            yield piece


def _metadata(header: str) -> dict[str, str]:
    """`key base64,key base64`; a key alone has an empty value."""
    given: dict[str, str] = {}
    for pair in header.split(","):
        key, _space, encoded = pair.strip().partition(" ")
        try:
            given[key] = base64.b64decode(encoded, validate=True).decode("utf-8")
        except ValueError as error:
            raise Unfit(_("Upload-Metadata cannot be read: its values are base64.")) from error
    return given


def _headers(given: dict[str, object]) -> dict[str, str]:
    return {"tus-resumable": VERSION, **{name.replace("_", "-"): str(value) for name, value in given.items()}}


def _empty(status: int, **headers: object) -> Response:
    return Response(status_code=status, headers=_headers(headers))


def _told(status: int, detail: str, **headers: object) -> Response:
    return JSONResponse({"detail": detail}, status, _headers(headers))
