"""People, files and machines at the whole service, in rehearsal."""

from __future__ import annotations

import asyncio
import base64
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pythonosc.udp_client import SimpleUDPClient

from broadcaster import config
from broadcaster.access import Role
from broadcaster.app import Service
from broadcaster.config import ConfigError
from broadcaster.store import Database, SqlAccess
from broadcaster.web import ServerError
from broadcaster.web.people import People
from tests.devices.media.making import pattern, tone, video
from tests.shows_on_disk import write_show
from tests.web.people import CHEAP

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from broadcaster.config import Settings

PASSWORD = "kain batik tulis"


def settings(place: Path, **more: Any) -> Settings:
    write_show(place / "schedules")
    given = {"language": "en", "web": {"port": 0}, **more}
    return config.load(place / "config.toml", show=place / "schedules" / "expo", **given)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Service]:
    service = Service(settings, rehearsal=True)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  (it waits for what the service shows, as people do)
            await asyncio.sleep(0.02)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def test_a_panel_takes_over_osc_and_it_is_on_record_after_a_restart(tmp_path: Path) -> None:
    port = free_port()
    chosen = settings(tmp_path, osc={"port": port})
    async with running(chosen) as service:
        SimpleUDPClient("127.0.0.1", port).send_message("/broadcaster/take", 1)
        await until(lambda: service.room.status()["current"])
    async with running(chosen) as service:
        assert [("OSC", "take", 200)] == [(deed.who, deed.act, deed.status) for deed in service.access.deeds()]


async def test_whoever_was_signed_in_is_so_after_a_restart(tmp_path: Path) -> None:
    """A service that is started again in the middle of the show asks nobody for a password."""
    chosen = settings(tmp_path)
    people = People(SqlAccess(Database(chosen.store.url)), hasher=CHEAP)
    people.add("ada", Role.ADMIN, PASSWORD)
    people.close()
    async with running(chosen) as service, httpx.AsyncClient() as browser:
        home = f"http://127.0.0.1:{service.web.port}"
        assert 401 == (await browser.get(f"{home}/api/v1/status")).status_code
        await browser.post(f"{home}/api/v1/session", json={"name": "ada", "password": PASSWORD})
        cookies = browser.cookies
    async with running(chosen) as service, httpx.AsyncClient(cookies=cookies) as browser:
        home = f"http://127.0.0.1:{service.web.port}"
        assert 200 == (await browser.get(f"{home}/api/v1/status")).status_code


async def test_a_video_that_is_sent_is_in_the_media_folder_of_the_show(tmp_path: Path) -> None:
    film = video(tmp_path / "made.mp4", pattern(1), tone(1, -14)).read_bytes()
    encoded = base64.b64encode(b"batik.mp4").decode()
    async with running(settings(tmp_path)) as service, httpx.AsyncClient() as browser:
        home = f"http://127.0.0.1:{service.web.port}"
        headers = {"upload-length": str(len(film)), "upload-metadata": f"filename {encoded}"}
        there = (await browser.post(f"{home}/api/v1/uploads", headers=headers)).headers["location"]
        piece = {"upload-offset": "0", "content-type": "application/offset+octet-stream"}
        await browser.patch(f"{home}{there}", content=film, headers=piece)
        await until((tmp_path / "schedules/expo/media/batik.mp4").exists)

    assert film == (tmp_path / "schedules/expo/media/batik.mp4").read_bytes()


async def test_the_network_is_not_let_in_before_there_is_an_account(tmp_path: Path) -> None:
    chosen = settings(tmp_path, web={"port": 0, "host": "0.0.0.0"})
    with pytest.raises(ConfigError, match="people add"):
        await Service(chosen, rehearsal=True).start()


async def test_a_panel_that_cannot_be_listened_to_ends_the_start_and_leaves_nothing(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        service = Service(settings(tmp_path, osc={"port": taken.getsockname()[1]}), rehearsal=True)
        with pytest.raises(ServerError, match=r"\[osc\] port"):
            await service.start()
