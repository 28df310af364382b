"""The HTTP API of the contract, over a fake control room."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

import pytest

from broadcaster.access import Role
from broadcaster.show.edits.values import Insert, Spot
from broadcaster.web import api
from tests.web.room import STREAM_IS_ON

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from tests.web.room import FakeRoom


async def test_status_is_the_control_rooms_own(client: httpx.AsyncClient, room: FakeRoom) -> None:
    answer = await client.get("/api/v1/status")

    assert answer.status_code == 200
    assert answer.json() == room.status()
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("act", ["take", "back", "hold", "resume", "skip", "standby"])
async def test_a_press_without_a_body_is_done_and_answers_with_the_new_status(
    client: httpx.AsyncClient, room: FakeRoom, act: str
) -> None:
    """A button panel sends nothing but the address."""
    answer = await client.post(f"/api/v1/{act}")

    assert answer.status_code == 200
    assert [(act, None, "127.0.0.1")] == room.presses
    assert answer.json() == room.status()


async def test_jump_goes_to_the_named_item(client: httpx.AsyncClient, room: FakeRoom) -> None:
    answer = await client.post("/api/v1/jump", json={"id": "talkshow"})

    assert answer.status_code == 200
    assert answer.json()["current"]["id"] == "talkshow"


async def test_skip_passes_over_the_named_item(client: httpx.AsyncClient, room: FakeRoom) -> None:
    await client.post("/api/v1/skip", json={"id": "ishoma"})

    assert [("skip", "ishoma", "127.0.0.1")] == room.presses


@pytest.mark.parametrize("act", ["take", "back", "hold", "resume", "skip", "standby"])
async def test_a_refused_press_says_why(client: httpx.AsyncClient, room: FakeRoom, act: str) -> None:
    room.refuse = "There is nothing to take."

    answer = await client.post(f"/api/v1/{act}")

    assert (409, {"detail": "There is nothing to take."}) == (answer.status_code, answer.json())


async def test_a_jump_to_an_unknown_item_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/jump", json={"id": "nobody"})

    assert (409, {"detail": "no item nobody"}) == (answer.status_code, answer.json())


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"id": 7}', b'{"id": ""}', b'{"id": null}', b"\xff\xfe"])
async def test_a_malformed_jump_is_422(client: httpx.AsyncClient, room: FakeRoom, body: bytes) -> None:
    answer = await client.post("/api/v1/jump", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 422
    assert room.presses == []


async def test_a_show_that_does_not_answer_is_503_and_not_a_hanging_button(
    client: httpx.AsyncClient, room: FakeRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "ANSWER_SECONDS", 0.01)
    monkeypatch.setattr(room, "press", lambda *_: asyncio.sleep(60))

    assert (await client.post("/api/v1/take")).status_code == 503


async def test_the_stream_is_started_and_stopped(client: httpx.AsyncClient, room: FakeRoom) -> None:
    off = await client.post("/api/v1/stream", json={"on": False})
    on = await client.post("/api/v1/stream", json={"on": True})

    assert [False, True] == [answer.json()["obs"]["streaming"] for answer in (off, on)]
    assert [("stream", "off", "127.0.0.1"), ("stream", "on", "127.0.0.1")] == room.presses


async def test_youtubes_broadcast_is_prepared_started_and_by_its_id_ended(
    client: httpx.AsyncClient, room: FakeRoom
) -> None:
    for act in ("prepare", "live"):
        assert (await client.post(f"/api/v1/youtube/{act}")).status_code == 200
    assert (await client.post("/api/v1/youtube/complete")).status_code == 422
    refused = await client.post("/api/v1/youtube/complete", json={"id": "another"})
    assert (409, "Name the broadcast by its id, expo-video-1.") == (refused.status_code, refused.json()["detail"])
    assert (await client.post("/api/v1/youtube/complete", json={"id": "expo-video-1"})).status_code == 200
    assert [
        ("youtube prepare", None, "127.0.0.1"),
        ("youtube live", None, "127.0.0.1"),
        ("youtube complete", "expo-video-1", "127.0.0.1"),
    ] == room.presses


async def test_a_stream_that_is_on_already_is_not_started(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/stream", json={"on": True})

    assert (409, STREAM_IS_ON) == (answer.status_code, answer.json()["detail"])


@pytest.mark.parametrize("body", [{}, {"on": None}, {"on": "perhaps"}])
async def test_a_stream_is_on_or_off_and_nothing_else(client: httpx.AsyncClient, room: FakeRoom, body: object) -> None:
    assert (await client.post("/api/v1/stream", json=body)).status_code == 422
    assert [] == room.presses


async def test_the_rundown_is_read_and_written(client: httpx.AsyncClient, room: FakeRoom) -> None:
    rundown = (await client.get("/api/v1/rundown")).json()
    assert rundown == room.rundown()

    answer = await client.put("/api/v1/rundown", json={"revision": rundown["revision"], "days": rundown["days"]})

    assert (200, "r2") == (answer.status_code, answer.json()["revision"])
    assert [("r1", rundown["days"], "127.0.0.1")] == room.edited


async def test_only_who_may_press_changes_what_is_on_air_with_whole_days(
    signed_in: Callable[[Role], Awaitable[httpx.AsyncClient]], room: FakeRoom
) -> None:
    for role in (Role.ORGANIZER, Role.OPERATOR):
        browser = await signed_in(role)
        await browser.put("/api/v1/rundown", json={"revision": "r1", "days": []}, headers={"x-broadcaster": "page"})
    assert [False, True] == room.pressed_through


async def test_an_edit_of_an_old_rundown_is_refused(client: httpx.AsyncClient, room: FakeRoom) -> None:
    answer = await client.put("/api/v1/rundown", json={"revision": "r0", "days": []})

    assert (409, "Somebody else has changed the rundown meanwhile.") == (
        answer.status_code,
        answer.json()["detail"],
    )


async def test_an_edit_without_a_revision_is_422(client: httpx.AsyncClient, room: FakeRoom) -> None:
    assert (await client.put("/api/v1/rundown", json={"days": []})).status_code == 422
    assert room.edited == []


async def test_as_run_is_for_all_days_or_one(client: httpx.AsyncClient) -> None:
    assert len((await client.get("/api/v1/as-run")).json()) == 3
    second_day = (await client.get("/api/v1/as-run", params={"day": "2026-11-25"})).json()
    assert [row["item"] for row in second_day] == ["p-tenun-laras"]
    assert (await client.get("/api/v1/as-run", params={"day": "tomorrow"})).status_code == 422


async def test_descriptions_and_notices_are_what_the_room_has(client: httpx.AsyncClient, room: FakeRoom) -> None:
    assert (await client.get("/api/v1/descriptions")).json() == room.revisions()
    assert (await client.get("/api/v1/notices", params={"limit": 2})).json() == room.notices(2)


async def test_a_description_is_shown_before_it_is_used(client: httpx.AsyncClient) -> None:
    own = (await client.get("/api/v1/description/preview")).json()
    draft = (await client.post("/api/v1/description/preview", json={"template": "Tayang"})).json()
    assert (own["text"], draft["text"], draft["bytes"]) == ("🔴 Sedang tayang: Bandeng Presto Juwita", "Tayang", 6)


async def test_a_template_is_saved_with_the_name_of_who_did_it(client: httpx.AsyncClient, room: FakeRoom) -> None:
    saved = await client.put("/api/v1/description/template", json={"template": "Tayang"})
    assert (saved.status_code, saved.json()["template"]) == (200, "Tayang")
    assert [press[:2] for press in room.presses] == [("template", "Tayang")]
    room.refuse = "description.txt:1: no"
    assert (await client.put("/api/v1/description/template", json={"template": "{{"})).status_code == 409


async def test_a_template_that_is_too_long_is_422(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/description/preview", json={"template": "x" * 20_001})
    assert answer.status_code == 422


async def test_variables_are_flat_and_ready_to_be_put_on_a_button(client: httpx.AsyncClient) -> None:
    values = (await client.get("/api/v1/vars")).json()

    assert all(isinstance(value, str | int | float) for value in values.values())
    assert values["current_title"] == "Bandeng Presto Juwita"
    assert values["current_remaining"] == "1:47"
    assert values["next_in_s"] == 107
    assert values["over_under"] == "+0:42"
    assert values["clock"] == "12:00:00 WIB"
    assert values["obs_streaming"] == "yes"
    assert (values["stream_state"], values["stream_kbps"], values["alarms"]) == ("on", 4012, "")


async def test_variables_are_empty_when_nothing_is_on_air(client: httpx.AsyncClient, room: FakeRoom) -> None:
    room.playback = "standby"

    values = (await client.get("/api/v1/vars")).json()

    assert ("", "") == (values["current_title"], values["current_remaining_s"])


async def test_now_json_tells_viewers_who_is_on_air_and_who_follows(client: httpx.AsyncClient) -> None:
    answer = await client.get("/now.json")

    now = answer.json()
    assert now["on_air"] == {
        "id": "p-bandeng-juwita",
        "type": "profile",
        "title": "Bandeng Presto Juwita",
        "name": "Bandeng Presto Juwita",
        "owner": "Ibu Juwita Rahma",
        "city": "Kota Semarang",
        "tagline": "Dibuat dengan tangan, dikirim ke seluruh Indonesia",
        "link": "https://p-bandeng-juwita.example/toko",
        "start": "2026-11-24T04:57:47Z",
        "end": "2026-11-24T05:01:47Z",
    }
    assert now["next"]["id"] == "p-kopi-petung"
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_no_time_is_promised_for_an_item_that_waits_for_a_take(client: httpx.AsyncClient, room: FakeRoom) -> None:
    room.next_waits = True

    assert (await client.get("/now.json")).json()["next"]["start"] is None
    assert (await client.get("/api/v1/vars")).json()["next_in"] == ""


async def test_now_json_names_nobody_while_the_standby_scene_is_on(client: httpx.AsyncClient, room: FakeRoom) -> None:
    room.playback = "standby"

    assert (await client.get("/now.json")).json()["on_air"] is None


async def test_now_json_passes_only_https_links_on(client: httpx.AsyncClient, room: FakeRoom) -> None:
    room._items[room.place]["link"] = "javascript:alert(1)"

    assert (await client.get("/now.json")).json()["on_air"]["link"] == ""


async def test_health_is_ok_while_the_conductor_answers(client: httpx.AsyncClient, room: FakeRoom) -> None:
    answer = await client.get("/healthz")
    assert (200, True) == (answer.status_code, answer.json()["ok"])

    room.broken = True

    answer = await client.get("/healthz")
    assert (503, False) == (answer.status_code, answer.json()["ok"])


async def test_the_api_describes_itself(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/api/v1/openapi.json")).json()["paths"]

    assert {"/api/v1/take", "/api/v1/jump", "/api/v1/rundown", "/now.json"} <= paths.keys()


async def test_no_text_of_a_file_is_taken_from_outside(client: httpx.AsyncClient, room: FakeRoom) -> None:
    """An insert carries one when it takes a delete back: then it comes from the service's own history."""
    spot = {"day": "2026-11-24"}
    insert = {"op": "insert", "spot": spot, "values": {"title": "Lomba"}, "block": '[[item]]\nid = "b"\n[[item]]\n'}

    answer = await client.post("/api/v1/edits", json={"base": "r1", "edits": [insert]})

    spot_there = Spot(date(2026, 11, 24))
    assert (200, [Insert(spot_there, values={"title": "Lomba"})]) == (answer.status_code, room.applied[0][0])
