"""What each role finds on the pages, in a real browser: its own controls, no others, and no way around that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from broadcaster.access import Right, Role
from broadcaster.web.rights import RULES
from tests.web.people import with_people
from tests.web.test_people_pages import house

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.web.test_people_pages import House

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

ROWS = 13
SHOWN = """() => [...new Set([...document.querySelectorAll("[data-act], [data-do], form[data-path], #send")]
    .filter((it) => it.offsetParent)
    .map((it) => it.dataset.act ?? it.dataset.do ?? it.dataset.path ?? it.id))].sort()"""
LINKS = """() => [...document.querySelectorAll(".nav a")].map((it) => it.getAttribute("href"))
    .filter((href) => href.startsWith("/")).sort()"""
BY_HAND = """async (deeds) => {
    const told = [];
    for (const [method, path, body] of deeds) {
        const headers = { "Content-Type": "application/json" };
        told.push((await fetch(path, { method, headers, body: JSON.stringify(body) })).status);
    }
    return told;
}"""

DESK = ["back", "extend", "hold", "resume", "skip", "standby", "stream", "take"]
LOOKER = ["current"]
ORGANIZER = ["help", "insert", "redo", "undo"]
OF_ITEM = ["delete", "down", "duplicate", "skip", "up"]
EVERYBODYS = {"/", "/rundown", "/exhibitors", "/timer", "/mc", "/crew", "/account"}
DEEDS: list[tuple[Right, str, str, Any]] = [
    (Right.PRESS, "POST", "/api/v1/jump", {"id": "talkshow"}),
    (Right.PRESS, "POST", "/api/v1/stream", {"on": False}),
    (Right.EDIT, "POST", "/api/v1/edits", {"base": "r1", "edits": [{"op": "delete", "item": "talkshow"}]}),
    (Right.RULE, "PATCH", "/api/v1/people/viewer", {"role": "organizer"}),
]
CARD: dict[str, Any] = {
    **dict.fromkeys(("owner", "city", "category", "tagline", "products", "stand", "video_fault"), ""),
    "id": "sekar",
    "name": "Batik Sekar Nusa",
    "kind": "stand",
    "is_ready": True,
    "lacks": [],
    **dict.fromkeys(("video", "duration_s", "size", "loudness")),
}


@pytest_asyncio.fixture(loop_scope="session")
async def staffed(browser: Browser, tmp_path: Path) -> AsyncIterator[House]:
    async with house(browser, tmp_path, with_people(**{role.value: role for role in Role})) as place:
        place.room.cards = [CARD]
        yield place


def may(role: Role, right: Right, controls: list[str]) -> list[str]:
    return controls if right in role.rights else []


async def shown(page: Page) -> list[str]:
    found: list[str] = await page.evaluate(SHOWN)
    return found


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_finds_its_own_controls_on_every_page_and_no_others(staffed: House, role: Role) -> None:
    page, found = staffed.page, {}
    await staffed.sign_in(role.value)
    await staffed.go("/")
    await expect(page.locator("#rundown tbody tr")).to_have_count(ROWS)
    found["/"] = await shown(page)
    jumps = await page.locator("#rundown tbody button:visible").count()
    await staffed.go("/rundown")
    await expect(page.locator("#items .row")).to_have_count(ROWS)
    found["/rundown"] = await shown(page)
    handles = await page.locator("#items .handle").first.text_content()
    await page.locator("#items .choose").nth(6).click()
    await expect(page.locator("#form")).to_be_visible()
    found["an item"] = await shown(page)
    fields = await page.locator("#form :is(input, select, textarea):visible:enabled").count()
    await staffed.go("/exhibitors")
    await expect(page.locator(".card-button")).to_have_count(1)
    found["/exhibitors"] = await shown(page)
    await page.locator(".card-button").click()
    cells = await page.locator("#exhibitor-form :is(input, select, textarea):visible:enabled").count()
    saves = await page.get_by_role("button", name="Show what this does").count()
    for path in ("/timer", "/mc", "/crew", "/uploads", "/people", "/audit"):
        await staffed.go(path)
        found[path] = await shown(page)
    await staffed.go("/")
    links = set(await page.evaluate(LINKS))
    people = ["/api/v1/people", *(f"/api/v1/people/{name}" for name in sorted(Role)), "/api/v1/tokens"]

    presses, edits = Right.PRESS in role.rights, Right.EDIT in role.rights
    assert {
        "/": may(role, Right.PRESS, DESK),
        "/rundown": sorted({*LOOKER, *may(role, Right.EDIT, ORGANIZER)}),
        "an item": sorted({*LOOKER, *may(role, Right.EDIT, [*ORGANIZER, *OF_ITEM])}),
        "/exhibitors": may(role, Right.EDIT, ["add", "redo", "undo"]),
        "/timer": [],
        "/mc": [],
        "/crew": [],
        "/uploads": may(role, Right.EDIT, ["send"]),
        "/people": may(role, Right.RULE, people),
        "/audit": [],
    } == {path: [each for each in controls if "/sessions/" not in each] for path, controls in found.items()}
    assert (presses, edits, edits, edits, edits) == (jumps > 0, handles != "", fields > 0, cells > 0, saves > 0)
    assert (
        EVERYBODYS | set(may(role, Right.EDIT, ["/uploads"])) | set(may(role, Right.RULE, ["/people", "/audit"]))
        == links
    )
    assert [] == staffed.quarrels()


@pytest.mark.parametrize("role", list(Role))
async def test_what_a_role_may_not_do_is_refused_when_its_page_asks_by_hand(staffed: House, role: Role) -> None:
    """First every rule of the table that is beyond the role, then deeds of which it may do some: only those happen."""
    await staffed.sign_in(role.value)
    beyond: list[tuple[str, str, Any]] = [
        (rule.method, rule.path.replace("{name}", "admin").replace("{", "").replace("}", ""), {})
        for rule in RULES
        if rule.right and rule.right not in role.rights and rule.method not in {"GET", "HEAD", "WS"}
    ]
    assert {403} >= set(await staffed.page.evaluate(BY_HAND, beyond))

    told = await staffed.page.evaluate(BY_HAND, [(method, path, body) for _right, method, path, body in DEEDS])

    assert [200 if right in role.rights else 403 for right, *_deed in DEEDS] == told
    room, people = staffed.room, staffed.app.state.house.people
    assert may(role, Right.PRESS, ["jump", "stream"]) == [press for press, *_what in room.presses]
    assert len(may(role, Right.EDIT, ["edit"])) == len(room.applied)
    assert (Role.ORGANIZER if role is Role.ADMIN else Role.VIEWER) == people.find("viewer").role
    assert {role.value for role in Role} == {account.name for account in people.all()}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ORGANIZER, Role.OPERATOR])
async def test_keys_press_nothing_for_those_who_may_not(staffed: House, role: Role) -> None:
    page = staffed.page
    await staffed.sign_in(role.value, "/")
    await expect(page.locator("#rundown tbody tr")).to_have_count(ROWS)
    asked: list[str] = []
    page.on("request", lambda request: None if request.method == "GET" else asked.append(request.url))
    await page.keyboard.press("Space")
    if role is Role.OPERATOR:
        await staffed.page.wait_for_function("document.querySelector('#current .title').textContent.includes('Kopi')")
        assert ["take"] == [press for press, *_what in staffed.room.presses]
        return
    for key in ("F12", "h", "Shift+B", "Shift+N", "Shift+S", "Shift+L", ",", ".", "<", ">", "ArrowDown", "Enter"):
        await page.keyboard.press(key)
    await expect(page.locator("#ask")).to_be_hidden()
    if role is Role.VIEWER:
        await staffed.go("/rundown")
        await page.locator("#items .choose").nth(6).click()
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("#items .row").nth(7)).to_have_attribute("data-chosen", "")
        for key in ("Delete", "s", "i", "Control+d", "Control+z", "Control+y", "Alt+ArrowUp", "Enter"):
            await page.keyboard.press(key)
        await expect(page.locator("#draft")).to_be_hidden()
        await staffed.go("/exhibitors")
        await page.locator(".card-button").click()
        for key in ("Enter", "Escape", "Control+z", "Control+y"):
            await page.keyboard.press(key)

    assert ([], [], []) == (asked, staffed.room.presses, staffed.room.applied)
