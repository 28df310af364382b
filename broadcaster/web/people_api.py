"""Accounts, who is signed in, machines' tokens and the audit log, for admins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from broadcaster.access import Right, Role
from broadcaster.answers import instant
from broadcaster.language import gettext as _
from broadcaster.web.audit import note
from broadcaster.web.people import Unfit
from broadcaster.web.visitor import visitor_of

if TYPE_CHECKING:
    from broadcaster.access import Account, Deed, Session, Token
    from broadcaster.web.house import House

CONFLICT: dict[int | str, dict[str, Any]] = {409: {"description": "It cannot be done; `detail` says why."}}


class NewAccount(BaseModel):
    name: str = Field(max_length=80)
    role: Role
    password: str = Field(max_length=1000)


class ChangedAccount(BaseModel):
    """What is given is changed. A new password ends the account's sessions."""

    role: Role | None = None
    password: str | None = Field(None, max_length=1000)


class NewToken(BaseModel):
    """`rights`: look, and for a machine that presses buttons, press."""

    label: str = Field(max_length=200)
    rights: list[Right] = [Right.LOOK]


def people_api(house: House) -> APIRouter:
    api = APIRouter(prefix="/api/v1", tags=["people"])

    @api.get("/people")
    async def people() -> list[dict[str, Any]]:
        return [account_json(account) for account in house.people.all()]

    @api.post("/people", status_code=201, responses=CONFLICT)
    async def add_person(request: Request, given: NewAccount) -> Response:
        """The first account must be an admin's: from then on everybody signs in."""
        note(request, name=given.name, role=given.role)
        account = await house.clerk.do(house.people.add, given.name, given.role, given.password)
        house.sessions.forget()
        return JSONResponse(account_json(account), 201)

    @api.patch("/people/{name}", responses=CONFLICT)
    async def change_person(request: Request, name: str, given: ChangedAccount) -> Response:
        note(request, name=name, role=given.role, password="new" if given.password else None)
        kept = visitor_of(request)
        own = kept.key if kept.account == name.strip().lower() else ""
        account = await house.clerk.do(
            house.people.change, name, role=given.role, password=given.password, keep_session=own
        )
        house.sessions.forget()
        return JSONResponse(account_json(account))

    @api.delete("/people/{name}", status_code=204, responses=CONFLICT)
    async def remove_person(request: Request, name: str) -> Response:
        """And end all sessions of that account."""
        note(request, name=name)
        await house.clerk.do(house.people.remove, name)
        house.sessions.forget()
        return Response(status_code=204)

    @api.get("/sessions")
    async def sessions() -> list[dict[str, Any]]:
        return [session_json(session) for session in house.store.sessions()]

    @api.delete("/sessions/{session_id}", status_code=204, responses=CONFLICT)
    async def end_session(request: Request, session_id: str) -> Response:
        found = next((each for each in house.store.sessions() if each.key[:16] == session_id), None)
        if found is None:
            raise Unfit(_("That session has ended already."))
        note(request, name=found.name, address=found.address)
        await house.sessions.sign_out(found.key)
        return Response(status_code=204)

    return api


def token_api(house: House) -> APIRouter:
    api = APIRouter(prefix="/api/v1", tags=["tokens"])

    @api.get("/tokens")
    async def tokens() -> list[dict[str, Any]]:
        return [token_json(token) for token in house.tokens.all()]

    @api.post("/tokens", status_code=201, responses=CONFLICT)
    async def make_token(request: Request, given: NewToken) -> Response:
        """`token` is in this answer, and never shown again."""
        note(request, label=given.label, rights=sorted(given.rights))
        token, secret = await house.clerk.do(house.tokens.make, given.label, given.rights, visitor_of(request).name)
        return JSONResponse({**token_json(token), "token": secret}, 201)

    @api.delete("/tokens/{token_id}", status_code=204, responses=CONFLICT)
    async def remove_token(request: Request, token_id: str) -> Response:
        note(request, token=token_id)
        await house.clerk.do(house.tokens.remove, token_id)
        house.sessions.forget()
        return Response(status_code=204)

    return api


def audit_api(house: House) -> APIRouter:
    api = APIRouter(prefix="/api/v1", tags=["audit"])

    @api.get("/audit")
    async def audit(
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        before: Annotated[int | None, Query(ge=0, le=2**62)] = None,
        who: Annotated[str, Query(max_length=80)] = "",
        act: Annotated[str, Query(max_length=80)] = "",
    ) -> list[dict[str, Any]]:
        """Who did what, when, and from where: the newest first; `before` an id, for what came earlier."""
        return [deed_json(deed) for deed in house.store.deeds(limit, before=before, who=who, act=act)]

    return api


def account_json(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": account.role.value,
        "created_at": instant(account.created_at),
        "password_changed_at": instant(account.changed_at),
    }


def session_json(session: Session) -> dict[str, Any]:
    """Its id says nothing about its cookie."""
    return {
        "id": session.key[:16],
        "name": session.name,
        "account": session.account,
        "address": session.address,
        "browser": session.browser,
        "created_at": instant(session.created_at),
        "seen_at": instant(session.seen_at),
        "expires_at": instant(session.expires_at),
    }


def token_json(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "label": token.label,
        "rights": sorted(token.rights),
        "created_by": token.created_by,
        "created_at": instant(token.created_at),
        "used_at": instant(token.used_at),
    }


def deed_json(deed: Deed) -> dict[str, Any]:
    return {
        "id": deed.id,
        "at": instant(deed.at),
        "who": deed.who,
        "via": deed.via,
        "address": deed.address,
        "act": deed.act,
        "status": deed.status,
        "values": {key: value for key, value in deed.values.items() if value is not None},
    }
