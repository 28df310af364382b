"""Builds the web application: routes, pages, overlays, and the gate around them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from broadcaster.config import ConfigError
from broadcaster.language import gettext as _
from broadcaster.pictures.theme import NAME, Themes
from broadcaster.ports import Refused
from broadcaster.web.api import Unanswered, control_api, live_api, show_api
from broadcaster.web.gate import Gate, is_loopback
from broadcaster.web.live import LiveFeed
from broadcaster.web.look import Look, look_api
from broadcaster.web.page import control_page
from broadcaster.web.password import Password
from broadcaster.web.picture import ProgramPicture

if TYPE_CHECKING:
    from starlette.types import Scope

    from broadcaster.config import Settings
    from broadcaster.ports import ControlRoom

STATIC = Path(__file__).parent / "static"


class _Files(StaticFiles):
    """Always asked for again, cheaply: a page must not run with yesterday's script."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def create_app(room: ControlRoom, settings: Settings, *, overlays: Path, feed: LiveFeed | None = None) -> FastAPI:
    """The control room's web application. `overlays` holds one folder an overlay, and shared/.

    Raises:
        ConfigError: it would listen beyond this machine without a password.
    """
    secret = settings.web.password
    has_password = secret is not None and bool(secret.get_secret_value())
    if not has_password and not is_loopback(settings.web.host):
        raise ConfigError(
            _(
                "[web] host = %(host)s lets other machines in, and there is no password. "
                "Set BROADCASTER_WEB__PASSWORD in the environment, or host = 127.0.0.1.",
                host=settings.web.host,
            )
        )
    # The interactive documentation would load its scripts from another host.
    app = FastAPI(title="Broadcaster", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    app.include_router(control_api(room))
    app.include_router(show_api(room))
    look = Look(Themes(overlays / NAME, settings.show / NAME))
    app.include_router(live_api(room, feed or LiveFeed(room, look=look.name), ProgramPicture(room)))
    app.include_router(look_api(look))
    app.include_router(control_page())
    app.mount("/static", _Files(directory=STATIC), name="static")
    app.mount("/overlays", _Files(directory=overlays, html=True), name="overlays")
    app.exception_handler(Refused)(_refused)
    app.exception_handler(Unanswered)(_unanswered)
    app.add_middleware(
        Gate,
        password=Password(secret) if secret is not None and has_password else None,
        speak=settings.language,
    )
    return app


async def _refused(_request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": str(error)}, 409)


async def _unanswered(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"detail": _("The show did not answer. Look at OBS; try again.")}, 503)
