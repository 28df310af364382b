"""Signing in, people, machines, the log and files, in a real browser."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import expect

from broadcaster.access import Role
from broadcaster.show.rundown import Media
from broadcaster.web import create_app, serve
from broadcaster.web.upload_files import FOLDER, Places
from tests.web.browser import Complaints
from tests.web.conftest import OVERLAYS, settings
from tests.web.people import CHEAP, nobody, password_of, with_people
from tests.web.room import FakeRoom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, FilePayload, Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = Path(__file__).parent / "axe" / "axe-4.14.1.min.js"
REFUSED = "Failed to load resource: the server responded with a status of"
"""What Chromium says of an answer that is not 200: here it is the test's own wish."""


class Watched:
    """A probe to which every film is fine."""

    def media(self, path: str) -> Media:
        return Media(path, timedelta(seconds=30))


class House:
    def __init__(self, page: Page, home: str, app: Any, folder: Path, room: FakeRoom) -> None:
        self.page, self.home, self.app, self.folder, self.room = page, home, app, folder, room
        self.complaints = Complaints(page, home)

    async def go(self, path: str) -> None:
        await self.page.goto(f"{self.home}{path}{'&' if '?' in path else '?'}lang=en")

    async def sign_in(self, name: str, path: str = "/account") -> None:
        await self.go(f"/login?next={path}")
        await self.page.get_by_label("Name").fill(name)
        await self.page.get_by_label("Password").fill(password_of(name))
        await self.page.get_by_role("button", name="Sign in").click()
        await self.at(path)

    async def at(self, path: str) -> None:
        """Once that page is shown."""
        await self.page.wait_for_url(lambda url: urlsplit(url).path == path)

    def quarrels(self) -> list[str]:
        return [each for each in self.complaints.heard if REFUSED not in each]

    async def faults(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA."""
        await self.page.evaluate(AXE.read_text("utf-8"))
        found = await self.page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
            ".then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' ')))"
        )
        return list(found)


@asynccontextmanager
async def house(browser: Browser, folder: Path, access: Any) -> AsyncIterator[House]:
    room = FakeRoom(lambda: datetime.now(UTC))
    places = Places(lambda: folder / "media", folder, Watched())
    app = create_app(room, settings(), overlays=OVERLAYS, access=access, places=places, hasher=CHEAP)
    server = await serve(app, "127.0.0.1", 0)
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    try:
        yield House(await context.new_page(), f"http://127.0.0.1:{server.port}", app, folder, room)
    finally:
        await context.close()
        await server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def staffed(browser: Browser, tmp_path: Path) -> AsyncIterator[House]:
    access = with_people(**{role.value: role for role in Role})
    async with house(browser, tmp_path, access) as place:
        yield place


async def test_a_page_asks_who_one_is_and_then_shows_itself(staffed: House) -> None:
    page = staffed.page
    await staffed.go("/people")
    await page.get_by_label("Name").fill("admin")
    await page.get_by_label("Password").fill("a guess")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_have_text("This is not the password for that name.")
    await page.get_by_label("Password").fill(password_of("admin"))
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="People")).to_be_visible()
    assert [] == staffed.quarrels()


async def test_an_admin_adds_somebody_makes_a_token_and_sees_it_in_the_log(staffed: House) -> None:
    page = staffed.page
    await staffed.sign_in("admin", "/people")
    form = page.locator("form[data-path='/api/v1/people']")
    await form.get_by_label("Name").fill("budi")
    await form.get_by_role("radio", name=re.compile("^organizer")).check()
    await form.get_by_label("Password").fill("tenun ikat troso")
    await form.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("rowheader", name="budi", exact=True)).to_be_visible()

    machine = page.locator("form[data-path='/api/v1/tokens']")
    await machine.get_by_label("Name of the machine").fill("Stream Deck")
    await machine.get_by_role("checkbox").check()
    await machine.get_by_role("button").click()
    await expect(machine.locator("code")).to_have_text(re.compile(r"^bct_[\w-]{43}$"))

    remove = page.locator("form[data-path='/api/v1/people/budi'][data-method=DELETE]")
    await remove.get_by_role("button").click()
    await expect(remove.get_by_role("alert")).to_be_visible()
    await remove.get_by_role("button").click()
    await expect(page.get_by_role("rowheader", name="budi", exact=True)).to_have_count(0)

    await staffed.go("/audit")
    await expect(page.locator("tbody tr")).to_have_count(4)
    await expect(page.locator("tbody tr").nth(0)).to_contain_text("remove somebody")
    await expect(page.locator("tbody time").nth(0)).to_contain_text(str(datetime.now(UTC).year))
    assert [] == staffed.quarrels()


async def test_a_role_is_changed_by_choosing_another(staffed: House) -> None:
    await staffed.sign_in("admin", "/people")
    await staffed.page.get_by_label("Role of viewer").select_option("organizer")
    await staffed.page.wait_for_load_state("networkidle")

    await expect(staffed.page.get_by_label("Role of viewer")).to_have_value("organizer")
    assert Role.ORGANIZER == staffed.app.state.house.people.find("viewer").role


async def test_ones_own_password_is_changed_and_one_signs_out(staffed: House) -> None:
    page = staffed.page
    await staffed.sign_in("viewer")
    await page.get_by_label("Old password").fill(password_of("viewer"))
    await page.get_by_label("New password").fill("tenun ikat troso")
    await page.get_by_role("button", name="Change the password").click()
    await expect(page.get_by_text("The password is changed.")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await staffed.at("/login")

    assert [] == staffed.quarrels()


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_sees_the_pages_that_it_may_and_the_others_say_why_not(staffed: House, role: Role) -> None:
    await staffed.sign_in(role.value)
    seen = {}
    for path in ("/account", "/uploads", "/people", "/audit"):
        await staffed.go(path)
        seen[path] = await staffed.page.get_by_role("heading", name="Not allowed").count() == 0

    assert {
        "/account": True,
        "/uploads": role is not Role.VIEWER,
        "/people": role is Role.ADMIN,
        "/audit": role is Role.ADMIN,
    } == seen


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_pages_are_for_everybody(staffed: House, width: int) -> None:
    """axe finds nothing against WCAG 2.2 AA, and nothing sticks out of a phone."""
    await staffed.page.set_viewport_size({"width": width, "height": 800})
    found = {}
    await staffed.go("/login")
    found["/login"] = await staffed.faults()
    await staffed.sign_in("admin")
    for path in ("/account", "/people", "/audit", "/uploads"):
        await staffed.go(path)
        found[path] = await staffed.faults()
        assert await staffed.page.evaluate("document.documentElement.scrollWidth") <= width, path

    assert {"/login": [], "/account": [], "/people": [], "/audit": [], "/uploads": []} == found


async def test_a_file_is_sent_with_progress_and_counts_when_it_is_checked(staffed: House) -> None:
    page = staffed.page
    await staffed.sign_in("organizer", "/uploads")
    film = bytes(range(256)) * 40_000  # three pieces
    file: FilePayload = {"name": "Batik Sekar.mp4", "mimeType": "video/mp4", "buffer": film}
    await page.get_by_label("Choose files, or drop them here").set_input_files(file)

    await expect(page.locator(".upload .state")).to_have_text("ready", timeout=30_000)
    assert film == (staffed.folder / "media" / "Batik Sekar.mp4").read_bytes()
    await page.get_by_label("Choose files, or drop them here").set_input_files({**file, "buffer": b"newer"})
    await expect(page.locator(".upload").nth(0)).to_contain_text("already")
    await page.get_by_role("button", name="Replace it").click()
    await expect(page.locator(".upload .state").nth(0)).to_have_text("ready")
    assert b"newer" == (staffed.folder / "media" / "Batik Sekar.mp4").read_bytes()
    assert [] == staffed.quarrels()


async def test_a_line_that_breaks_costs_one_piece_and_not_the_file(staffed: House) -> None:
    """The second piece is lost twice; after it the page is closed, and the file is chosen again."""
    page = staffed.page
    await staffed.sign_in("organizer", "/uploads")
    film = bytes(range(256)) * 48_000
    file: FilePayload = {"name": "kopi.mp4", "mimeType": "video/mp4", "buffer": film}
    sent: list[str] = []

    async def line(route: Any) -> None:
        offset = route.request.headers.get("upload-offset", "")
        if route.request.method == "PATCH":
            sent.append(offset)
            if offset == "4194304" and sent.count(offset) < 3:
                await route.abort()
                return
        await route.continue_()

    await page.route("**/api/v1/uploads/*", line)
    await page.get_by_label("Choose files, or drop them here").set_input_files(file)

    await expect(page.locator(".upload .state")).to_have_text("ready", timeout=30_000)
    assert ["0", "4194304", "4194304", "4194304", "8388608"] == sent
    assert film == (staffed.folder / "media" / "kopi.mp4").read_bytes()


async def test_one_that_is_stopped_leaves_nothing(staffed: House) -> None:
    page = staffed.page
    await staffed.sign_in("organizer", "/uploads")

    async def slow(route: Any) -> None:
        if route.request.method != "PATCH":
            await route.continue_()

    await page.route("**/api/v1/uploads/*", slow)
    file: FilePayload = {"name": "kopi.mp4", "mimeType": "video/mp4", "buffer": b"x" * 1000}
    await page.get_by_label("Choose files, or drop them here").set_input_files(file)
    await expect(page.locator(".upload .state")).to_have_text("on its way")
    async with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        await page.get_by_role("button", name="Stop").click()

    await expect(page.locator(".upload .state")).to_have_text("stopped")
    assert [] == list((staffed.folder / "media" / FOLDER).iterdir())


async def test_without_accounts_the_first_one_is_made_on_the_page(browser: Browser, tmp_path: Path) -> None:
    async with house(browser, tmp_path, nobody()) as place:
        await place.go("/people")
        await place.page.get_by_label("Name", exact=True).fill("ada")
        await place.page.get_by_label("Password", exact=True).fill("batik tulis lawasan")
        await place.page.get_by_role("button", name="Add").click()

        await place.at("/login")
        assert Role.ADMIN == place.app.state.house.people.find("ada").role
