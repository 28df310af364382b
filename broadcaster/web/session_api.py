"""Signing in and out, who one is, and one's own password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from broadcaster.language import gettext as _
from broadcaster.web.audit import note
from broadcaster.web.gate import too_many_tries
from broadcaster.web.people import Unfit
from broadcaster.web.sessions import COOKIE, LONGEST, TooManyTries, WrongPassword
from broadcaster.web.visitor import address_of, visitor_of

if TYPE_CHECKING:
    from broadcaster.web.house import House
    from broadcaster.web.visitor import Visitor


class SignIn(BaseModel):
    """Name and password of an account, or any name and the shared password."""

    name: str = Field(min_length=1, max_length=80)
    password: str = Field(min_length=1, max_length=1000)


class NewPassword(BaseModel):
    old: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


ANSWERS: dict[int | str, dict[str, Any]] = {
    401: {"description": "Wrong name or password."},
    429: {"description": "Too many wrong passwords; `Retry-After` says how long to wait."},
    503: {"description": "Too many sign-ins at once."},
}


def session_api(house: House) -> APIRouter:
    api = APIRouter(prefix="/api/v1", tags=["session"])

    @api.post("/session", responses=ANSWERS)
    async def sign_in(request: Request, given: SignIn) -> Response:
        """Sets the cookie by which the browser is known again."""
        note(request, who=given.name)
        if house.sessions.nobody_signs_in():
            raise Unfit(_("Nobody has to sign in here."))
        try:
            session, secret = await house.sessions.sign_in(
                given.name, given.password, address_of(request), request.headers.get("user-agent", "")
            )
        except WrongPassword:
            return JSONResponse({"detail": _("This is not the password for that name.")}, 401)
        except TooManyTries as error:
            refusal = too_many_tries(error)
            return JSONResponse({"detail": refusal.detail}, refusal.status, dict(refusal.headers))
        answer = JSONResponse({"name": session.name})
        answer.set_cookie(
            COOKIE,
            secret,
            max_age=int(LONGEST.total_seconds()),
            httponly=True,
            # A link from elsewhere still finds one signed in; what a foreign page asks to be done is refused anyway.
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer

    @api.get("/session")
    async def session(request: Request) -> dict[str, Any]:
        """Who one is here."""
        return _told(visitor_of(request))

    @api.delete("/session", status_code=204)
    async def sign_out(request: Request) -> Response:
        await house.sessions.sign_out(visitor_of(request).key)
        answer = Response(status_code=204)
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return answer

    @api.put("/account/password", status_code=204, responses={409: {"description": "`detail` says why."}})
    async def change_password(request: Request, given: NewPassword) -> Response:
        """Ends the other sessions of this account."""
        visitor = visitor_of(request)
        if visitor.account is None:
            raise Unfit(_("You have no account of your own here."))
        try:
            await house.sessions.confirm(visitor.account, given.old, address_of(request))
        except WrongPassword as error:
            raise Unfit(_("The old password is not right.")) from error
        except TooManyTries as error:
            refusal = too_many_tries(error)
            return JSONResponse({"detail": refusal.detail}, refusal.status, dict(refusal.headers))
        await house.clerk.do(house.people.change, visitor.account, password=given.new, keep_session=visitor.key)
        house.sessions.forget()
        return Response(status_code=204)

    return api


def _told(visitor: Visitor) -> dict[str, Any]:
    return {
        "name": visitor.name,
        "role": visitor.role.value if visitor.role else None,
        "rights": sorted(visitor.rights),
        "via": visitor.via,
        "account": visitor.account,
    }
