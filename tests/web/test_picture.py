"""The program picture costs OBS the same however many people look at it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from broadcaster.web.picture import ProgramPicture

if TYPE_CHECKING:
    import httpx

    from tests.web.room import FakeRoom


async def test_the_picture_is_a_png(client: httpx.AsyncClient, room: FakeRoom) -> None:
    answer = await client.get("/api/v1/program.png", params={"width": 640})

    assert ("image/png", room.picture) == (answer.headers["content-type"], answer.content)
    assert room.screenshots == [640]


async def test_no_picture_is_404(client: httpx.AsyncClient, room: FakeRoom) -> None:
    room.picture = None

    assert (await client.get("/api/v1/program.png")).status_code == 404


async def test_a_silly_width_is_422(client: httpx.AsyncClient, room: FakeRoom) -> None:
    assert (await client.get("/api/v1/program.png", params={"width": 100_000})).status_code == 422
    assert room.screenshots == []


async def test_many_who_look_at_once_share_one_picture(room: FakeRoom) -> None:
    picture = ProgramPicture(room, clock=lambda: 10.0)

    pictures = await asyncio.gather(*(picture.png(640) for _ in range(20)))

    assert {room.picture} == set(pictures)
    assert room.screenshots == [640]


async def test_a_picture_is_fresh_for_four_tenths_of_a_second(room: FakeRoom) -> None:
    now = 10.0
    picture = ProgramPicture(room, clock=lambda: now)
    await picture.png(640)
    now = 10.39
    await picture.png(640)
    assert room.screenshots == [640]

    now = 10.41
    await picture.png(640)

    assert room.screenshots == [640, 640]


async def test_widths_are_rounded_up_to_a_few_so_that_nobody_can_make_obs_busy(room: FakeRoom) -> None:
    picture = ProgramPicture(room, clock=lambda: 10.0)

    for width in range(481, 640):
        await picture.png(width)

    assert room.screenshots == [640]
