"""The whole service on a YouTube over HTTP: its day's broadcast is made, goes live, is described and ended."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from broadcaster import config
from broadcaster.app import Service
from broadcaster.devices.rehearsal import RehearsalStudio
from tests.emulators.youtube import YouTubeEmulator
from tests.shows_on_disk import write_show

pytestmark = pytest.mark.slow


@pytest.fixture
def youtube():
    with YouTubeEmulator() as emulator:
        emulator.state.appears_after = timedelta(0)
        emulator.state.starting_takes = timedelta(seconds=0.5)
        yield emulator


class OnYouTube(Service):
    """A studio that plays at once, and the channel as it is on the day."""

    async def _studio(self, rundown):
        return RehearsalStudio(self.clock)


@asynccontextmanager
async def running(tmp_path, youtube, start, **more):
    token = tmp_path / "token.json"
    if not token.exists():
        youtube.write_token_file(token)
    settings = config.load(
        tmp_path / "config.toml",
        show=write_show(tmp_path / "schedules", start, (6, 6)),
        language="en",
        web={"port": 0},
        stream={"before": 0, "after": 0},
        youtube={
            "mode": "live",
            "api_root": youtube.root,
            "token_file": token,
            "channel_id": "UCexpo",
            "minimum_interval": 0,
            **more,
        },
    )
    service = OnYouTube(settings)
    await service.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{service.web.port}") as web:
            yield service, web
    finally:
        await service.stop()


async def until(condition, within: float = 20):
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  (it waits for what the service shows, as people do)
            await asyncio.sleep(0.05)


def broadcast(service):
    return service.room.status()["youtube"]["broadcast"]


async def test_a_day_from_preparing_to_the_end(tmp_path, youtube):
    start = datetime.now(UTC) + timedelta(seconds=6)
    async with running(tmp_path, youtube, start, go_live="day", complete="day") as (service, web):
        answer = await web.post("/api/v1/youtube/prepare")
        assert answer.status_code == 200, answer.text
        await until(lambda: broadcast(service)["status"] == "ready")
        video = broadcast(service)["id"]
        youtube.send_video(youtube.broadcast(video).stream_id)
        assert "ready" == youtube.broadcast(video).status
        await until(lambda: broadcast(service)["status"] == "live")
        await until(lambda: "Sedang tayang: Batik Uji" in youtube.description(video))
        await until(lambda: youtube.broadcast(video).status == "complete", 30)
        await until(lambda: broadcast(service)["status"] == "complete")
        assert "Expo Uji – Hari 1" == broadcast(service)["title"]
        told = "\n".join(notice["text"] for notice in service.room.notices())
        assert "is live on YouTube" in told
        assert "has ended on YouTube" in told
        assert youtube.stream(youtube.broadcast(video).stream_id).key not in told


async def test_a_wish_that_cannot_be_fulfilled_is_answered_with_the_reason(tmp_path, youtube):
    async with running(tmp_path, youtube, datetime.now(UTC) + timedelta(hours=1)) as (service, web):
        await until(lambda: "no broadcast" in broadcast(service)["detail"])
        answer = await web.post("/api/v1/youtube/live")
        assert 409 == answer.status_code
        assert "prepare it first" in answer.json()["detail"]
        assert "waiting" == service.room.status()["youtube"]["state"]
