"""The pages for signing in, one's own account, people, machines and the audit log."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from broadcaster.access import MACHINE_RIGHTS, Role
from broadcaster.language import gettext as _
from broadcaster.web.people import LONGEST, SHORTEST
from broadcaster.web.rendering import render
from broadcaster.web.rights import RULES
from broadcaster.web.upload_files import Kind
from broadcaster.web.visitor import NOBODY, visitor_of

if TYPE_CHECKING:
    from starlette.types import Scope

    from broadcaster.web.gate import Refusal
    from broadcaster.web.house import House

DEEDS = 100
KNOWN_ACTS = {rule.act for rule in RULES if rule.act} | {"file checked"}


def people_pages(house: House) -> APIRouter:
    pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @pages.get("/login")
    async def login(request: Request, onward: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> Response:
        onward = _own(onward)
        if visitor_of(request) is not NOBODY:
            return RedirectResponse(onward, 303)
        return render(request, "login.html", onward=onward)

    @pages.get("/account")
    async def account(request: Request) -> Response:
        return render(request, "account.html", shortest=SHORTEST, longest=LONGEST, roles=role_words())

    @pages.get("/people")
    async def people(request: Request) -> Response:
        return render(
            request,
            "people.html",
            people=house.people.all(),
            sessions=house.store.sessions(),
            tokens=house.tokens.all(),
            roles=role_words(),
            rights=MACHINE_RIGHTS,
            shortest=SHORTEST,
            longest=LONGEST,
            is_open=house.sessions.nobody_signs_in(),
        )

    @pages.get("/uploads")
    async def uploads(request: Request) -> Response:
        accepted = {kind.value: ",".join(kind.suffixes) for kind in Kind}
        return render(request, "uploads.html", accepted=accepted, say=upload_words())

    @pages.get("/audit")
    async def audit(
        request: Request,
        before: Annotated[int | None, Query(ge=0, le=2**62)] = None,
        who: Annotated[str, Query(max_length=80)] = "",
        act: Annotated[str, Query(max_length=80)] = "",
    ) -> Response:
        deeds = house.store.deeds(DEEDS, before=before, who=who, act=act)
        earlier = deeds[-1].id if len(deeds) == DEEDS else None
        acts = {act: word for act, word in act_words().items() if act in KNOWN_ACTS}
        return render(
            request,
            "audit.html",
            deeds=deeds,
            earlier=earlier,
            who=who,
            act=act,
            before=before,
            acts=acts,
            keys=value_words(),
            via=via_words(),
        )

    return pages


def refused_page(scope: Scope, refusal: Refusal) -> Response:
    """For a person who may not see a page, or has asked for one that there is not."""
    title = HTTPStatus(refusal.status).phrase if refusal.status != 404 else _("Not found")
    title = _("Not allowed") if refusal.status == 403 else title
    return render(Request(scope), "refused.html", status_code=refusal.status, title=title, detail=refusal.detail)


def role_words() -> dict[Role, tuple[str, str]]:
    """What each role is called, and may do."""
    return {
        Role.VIEWER: (_("viewer"), _("sees everything, changes nothing")),
        Role.ORGANIZER: (_("organizer"), _("also edits rundown and exhibitors, and sends files")),
        Role.OPERATOR: (_("operator"), _("also decides what is on air")),
        Role.ADMIN: (_("admin"), _("also decides who may come in")),
    }


def act_words() -> dict[str, str]:
    """What the acts of the audit log are called."""
    return {
        "sign in": _("sign in"),
        "sign out": _("sign out"),
        "change own password": _("change one's own password"),
        "add person": _("add somebody"),
        "change person": _("change somebody's role or password"),
        "remove person": _("remove somebody"),
        "end session": _("sign somebody out"),
        "make token": _("make a token"),
        "remove token": _("remove a token"),
        "take": _("take"),
        "back": _("back"),
        "hold": _("hold"),
        "resume": _("resume"),
        "skip": _("skip"),
        "jump": _("jump"),
        "standby": _("standby"),
        "extend": _("extend"),
        "stream": _("start or stop the stream"),
        "prepare broadcast": _("prepare the broadcast"),
        "go live": _("go live"),
        "end broadcast": _("end the broadcast"),
        "write description template": _("write the description's template"),
        "edit": _("edit"),
        "undo": _("undo"),
        "redo": _("redo"),
        "edit rundown": _("replace whole days"),
        "send file": _("send a file"),
        "give file up": _("give a file up"),
        "file checked": _("a file was checked"),
    }


def value_words() -> dict[str, str]:
    """What stands beside an act in the audit log, by its key."""
    return {
        "item": _("item"),
        "seconds": _("seconds"),
        "on": _("on"),
        "edits": _("edits"),
        "name": _("name"),
        "role": _("role"),
        "password": _("password"),
        "label": _("name"),
        "rights": _("may"),
        "address": _("from"),
        "token": _("token"),
        "file": _("file"),
        "kind": _("kind"),
        "bytes": _("bytes"),
        "upload": _("upload"),
    }


def via_words() -> dict[str, str]:
    """How somebody was known; nothing for what goes without saying."""
    return {"local": _("at this machine"), "password": _("with the shared password"), "token": _("with a token")}


def upload_words() -> dict[str, str]:
    """What the page's script says of a file."""
    return {
        "waiting": _("waiting"),
        "receiving": _("on its way"),
        "checking": _("is being checked"),
        "ready": _("ready"),
        "refused": _("cannot be used"),
        "again": _("No connection: trying again."),
        "stop": _("Stop"),
        "replace": _("Replace it"),
        "stopped": _("stopped"),
    }


def _own(path: str) -> str:
    """A path of this site; anything that could lead elsewhere becomes the front page."""
    if not path.startswith("/") or path.startswith(("//", "/\\")) or any(ord(letter) < 32 for letter in path):
        return "/"
    return path
