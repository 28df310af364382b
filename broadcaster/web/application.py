"""Builds the web application: routes, pages, overlays, and the gate around them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from broadcaster.language import gettext as _
from broadcaster.pictures.theme import NAME, Themes
from broadcaster.ports import Refused
from broadcaster.web.api import Unanswered, control_api, live_api, show_api
from broadcaster.web.gate import Gate
from broadcaster.web.house import open_house
from broadcaster.web.live import LiveFeed
from broadcaster.web.look import Look, look_api
from broadcaster.web.openapi import describe
from broadcaster.web.page import pages
from broadcaster.web.people import Busy, Unfit
from broadcaster.web.people_api import audit_api, people_api, token_api
from broadcaster.web.people_pages import people_pages, refused_page
from broadcaster.web.picture import ProgramPicture
from broadcaster.web.session_api import session_api
from broadcaster.web.uploads import Uploads
from broadcaster.web.uploads_api import UNUSUAL, unusual, uploads_api
from broadcaster.web.variables import Variables, variables_api
from broadcaster.web.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from argon2 import PasswordHasher
    from starlette.types import Scope

    from broadcaster.access import AccessStore
    from broadcaster.config import Settings
    from broadcaster.ports import ControlRoom
    from broadcaster.web.house import House
    from broadcaster.web.upload_files import Places, Upload

STATIC = Path(__file__).parent / "static"


class _Files(StaticFiles):
    """Always asked for again, cheaply: a page must not run with yesterday's script."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def create_app(
    room: ControlRoom,
    settings: Settings,
    *,
    overlays: Path,
    access: AccessStore,
    feed: LiveFeed | None = None,
    places: Places | None = None,
    hasher: PasswordHasher | None = None,
) -> FastAPI:
    """The control room's web application. `overlays` holds one folder an overlay, and shared/; files go to `places`.

    `app.state.house` and `app.state.uploads` are closed by whoever has it built, when the server has stopped.

    Raises:
        ConfigError: it would listen beyond this machine without an account or a password.
    """
    house = open_house(access, settings.web, hasher=hasher)
    # The interactive documentation would load its scripts from another host.
    app = FastAPI(title="Broadcaster", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    app.state.house = house
    app.state.uploads = uploads = Uploads(places, _noted(house))
    look = Look(Themes(overlays / NAME, settings.show / NAME))
    for router in (
        control_api(room),
        show_api(room),
        live_api(room, feed or LiveFeed(room, look=look.name), ProgramPicture(room)),
        variables_api(Variables(room)),
        look_api(look),
        session_api(house),
        people_api(house),
        token_api(house),
        audit_api(house),
        uploads_api(uploads),
        people_pages(house),
        *pages(room, settings),
    ):
        app.include_router(router)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # as FastAPI documents it
    app.mount("/static", _Files(directory=STATIC), name="static")
    app.mount("/overlays", _Files(directory=overlays, html=True), name="overlays")
    app.exception_handler(Refused)(_refused)
    app.exception_handler(Unfit)(_refused)
    app.exception_handler(Busy)(_busy)
    for each in UNUSUAL:
        app.exception_handler(each)(unusual)
    app.exception_handler(Unanswered)(_unanswered)
    app.add_middleware(
        Gate, sessions=house.sessions, audit=house.audit, speak=settings.language, refused_page=refused_page
    )
    return app


async def _refused(_request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": str(error)}, 409)


async def _unanswered(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"detail": _("The show did not answer. Look at OBS; try again.")}, 503)


async def _busy(_request: Request, _error: Exception) -> Response:
    detail = _("Too many people sign in at once. Try again in a moment.")
    return JSONResponse({"detail": detail}, 503, {"retry-after": "2"})


def _noted(house: House) -> Callable[[Upload], Awaitable[None]]:
    async def noted(upload: Upload) -> None:
        sender = Visitor(upload.by, frozenset(), "upload")
        values = {"file": upload.name, "kind": upload.kind.value, "why": upload.detail or None}
        await house.audit.write(sender, upload.address, "file checked", 422 if upload.detail else 200, values)

    return noted
