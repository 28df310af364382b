"""The whole service with rehearsal devices: files in, pages out, and what survives."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from broadcaster import config
from broadcaster.app import Service
from broadcaster.ports import Change, Refused
from broadcaster.running_files import ShowUnusable
from broadcaster.show.messages import Act
from broadcaster.show.rundown import ItemId
from broadcaster.store import SqlStore
from tests.shows_on_disk import day_file, write_show


@pytest.fixture
def settings(tmp_path):
    show = write_show(tmp_path / "schedules")
    return config.load(
        tmp_path / "config.toml", show=show, language="en", web={"port": 0}, youtube={"mode": "rehearsal"}
    )


@asynccontextmanager
async def running(settings, **options):
    service = Service(settings, rehearsal=True, **options)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


async def until(condition, within: float = 10):
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  (it waits for what the service shows, as people do)
            await asyncio.sleep(0.02)


def texts(service) -> str:
    return "\n".join(notice["text"] for notice in service.room.notices())


async def test_the_page_and_the_api_answer(settings):
    async with running(settings) as service, httpx.AsyncClient(base_url=f"http://127.0.0.1:{service.web.port}") as web:
        status = (await web.get("/api/v1/status")).json()
        assert (status["playback"], status["next"]["id"], status["obs"]["state"]) == ("standby", "i0", "rehearsal")
        assert (await web.get("/")).status_code == 200
        assert (await web.get("/healthz")).status_code == 200
        taken = await web.post("/api/v1/take", json={})
        assert taken.json()["current"]["id"] == "i0"
        refused = await web.post("/api/v1/resume", json={})
        assert (refused.status_code, refused.json()) == (409, {"detail": "Automation is running already."})


async def test_a_template_is_previewed_with_the_show_as_it_stands(settings):
    """Before anything is on air, the item that is next stands for it."""
    async with running(settings) as service:
        shown = await service.room.preview("Tayang: {{ on_air.name }}")
        own = await service.room.preview()
    assert (shown["item"], shown["fault"]) == ("i0", None)
    assert shown["block"].startswith("Tayang: ")
    assert own["block"].startswith("🔴 Sedang tayang: ")
    assert own["bytes"] == len(own["text"].encode()) <= own["limit"]


@pytest.mark.slow
async def test_a_template_is_saved_and_what_viewers_read_follows(settings):
    async with running(settings) as service:
        await service.room.press(Act.TAKE)
        await until(service.room.revisions)
        with pytest.raises(Refused, match=r"description\.txt:1"):
            await service.room.save_template("{{ toko }", by="Rina")
        saved = await service.room.save_template("Kini: {{ on_air.name }}", by="Rina")
        assert saved["template"] == (settings.show / "description.txt").read_text() == "Kini: {{ on_air.name }}"
        await until(lambda: service.room.revisions()[-1]["text"].startswith("Kini: "))
        assert (await service.room.save_template(" "))["template"] is None
        assert not (settings.show / "description.txt").exists()


async def test_the_next_start_of_the_service_goes_on_where_it_was(settings):
    async with running(settings) as service:
        await service.room.press(Act.TAKE)
        await until(lambda: service.room.status()["current"]["actual_start"])
        before = service.room.status()["current"]
    async with running(settings) as service:
        after = service.room.status()["current"]
    assert (after["id"], after["actual_start"]) == ("i0", before["actual_start"])


async def test_a_fresh_start_has_forgotten_everything(settings):
    async with running(settings) as service:
        await service.room.press(Act.TAKE)
    async with running(settings, fresh=True) as service:
        assert service.room.status()["current"] is None
        assert service.room.as_run() == []


@pytest.mark.slow
async def test_a_show_whose_position_is_lost_keeps_the_record_of_what_aired(settings):
    async with running(settings) as service:
        await service.room.press(Act.TAKE)
        await until(lambda: service.room.as_run() and service.room.as_run()[0]["actual_start"])
        await asyncio.sleep(1.1)  # a take that soon would count as a double press
        await service.room.press(Act.TAKE)
        await until(lambda: len(service.room.as_run()) == 2 and service.room.as_run()[0]["actual_end"])
        aired = service.room.as_run()[0]
    store = SqlStore(settings.store.url)
    store.commit(Change(datetime.now(UTC), "expo~rehearsal", {"format": "of another age"}))
    store.close()
    async with running(settings) as service:
        assert service.room.as_run()[0] == aired
        assert service.room.status()["next"]["id"] == "i2"


@pytest.mark.slow
async def test_a_service_whose_loop_has_ended_says_so_by_its_end(settings):
    async with running(settings) as service:
        service.conductor._clock = None
        await asyncio.wait({service.loop}, timeout=10)
        assert service.loop.done()


@pytest.mark.slow
async def test_an_edit_from_outside_is_taken_in(settings):
    async with running(settings) as service:
        start = datetime.now(UTC) + timedelta(hours=2)
        (settings.show / "hari-1.toml").write_text(day_file(start, (20, 20, 20, 20)))
        await until(lambda: len(service.room.rundown()["days"][0]["items"]) == 4)


@pytest.mark.slow
async def test_a_bad_edit_keeps_the_last_good_rundown_and_says_where_it_is_bad(settings):
    good = (settings.show / "hari-1.toml").read_bytes()
    async with running(settings) as service:
        revision = service.room.status()["revision"]
        (settings.show / "hari-1.toml").write_text("date = 2026-11-25\n[[item]]\nid = \n")
        await until(lambda: "hari-1.toml:3" in texts(service))
        assert service.room.status()["revision"] == revision
        (settings.show / "hari-1.toml").write_bytes(good)
        await until(lambda: "can be used again" in texts(service))


async def test_a_show_whose_days_are_over_says_so_at_its_start(settings):
    (settings.show / "hari-1.toml").write_text(day_file(datetime.now(UTC) - timedelta(days=2), (20, 20)))
    async with running(settings) as service:
        assert "Is the date in its files right?" in texts(service)


async def test_a_service_that_starts_on_bad_files_goes_on_with_the_last_good_ones(settings):
    async with running(settings):
        pass
    (settings.show / "expo.toml").write_text("title = \n")
    async with running(settings) as service:
        assert service.room.status()["next"]["id"] == "i0"
        assert "last good rundown" in texts(service)


async def test_a_service_that_never_saw_good_files_names_every_problem(settings):
    (settings.show / "expo.toml").write_text("title = \n")
    with pytest.raises(ShowUnusable) as told:
        await Service(settings, rehearsal=True).start()
    assert any(problem.file.endswith("expo.toml") and problem.line == 1 for problem in told.value.problems)


class TestEditing:
    async def test_an_edit_goes_into_the_files_and_into_the_show(self, settings):
        async with running(settings) as service:
            rundown = service.room.rundown()
            items = rundown["days"][0]["items"]
            items[1]["skip"] = True
            items.append({"id": "baru", "type": "slate", "title": "Baru", "duration": "15s"})
            day = {"day": rundown["days"][0]["day"], "items": items}
            after = await service.room.edit_rundown(rundown["revision"], [day], "organizer")
            assert [item["state"] for item in after["days"][0]["items"]] == ["next", "skipped", "upcoming", "upcoming"]
        text = (settings.show / "hari-1.toml").read_text()
        assert "# item 2" in text
        assert 'id = "baru"' in text

    async def test_an_item_given_back_as_it_was_changes_nothing(self, settings):
        before = (settings.show / "hari-1.toml").read_bytes()
        async with running(settings) as service:
            rundown = service.room.rundown()
            days = [{"day": day["day"], "items": day["items"]} for day in rundown["days"]]
            await service.room.edit_rundown(rundown["revision"], days)
        assert (settings.show / "hari-1.toml").read_bytes() == before

    async def test_an_edit_of_an_old_version_is_refused(self, settings):
        async with running(settings) as service:
            with pytest.raises(Refused, match="changed meanwhile"):
                await service.room.edit_rundown("old", [])

    async def test_an_edit_with_errors_is_refused_with_all_of_them_and_writes_nothing(self, settings):
        before = (settings.show / "hari-1.toml").read_bytes()
        async with running(settings) as service:
            rundown = service.room.rundown()
            bad = [{"id": "i0", "duration": "soon"}, {"id": "i1", "exhibitor": "nobody"}]
            with pytest.raises(Refused) as told:
                await service.room.edit_rundown(rundown["revision"], [{"day": rundown["days"][0]["day"], "items": bad}])
        assert "soon" in str(told.value)
        assert "nobody" in str(told.value)
        assert (settings.show / "hari-1.toml").read_bytes() == before

    @pytest.mark.parametrize("days", [[{}], [{"day": "x", "items": []}], [{"day": "2026-11-25", "items": [1]}]])
    async def test_an_edit_that_cannot_be_read_is_refused(self, settings, days):
        async with running(settings) as service:
            with pytest.raises(Refused):
                await service.room.edit_rundown(service.room.status()["revision"], days)


@pytest.mark.slow
async def test_a_show_day_starts_by_itself(settings):
    (settings.show / "hari-1.toml").write_text(day_file(datetime.now(UTC) + timedelta(seconds=1), (60,)))
    async with running(settings) as service:
        assert service.room.status()["playback"] == "standby"
        await until(lambda: service.room.status()["playback"] == "running")
        await until(service.room.as_run)
        row = service.room.as_run()[0]
        assert (row["item"], row["planned_start"]) == ("i0", row["expected_start"])
        await until(lambda: service.room.revisions() and service.room.revisions()[-1]["item"] == "i0")


async def test_skip_of_an_item_by_name(settings):
    async with running(settings) as service:
        status = await service.room.press(Act.SKIP, ItemId("i1"))
        assert status["next"]["id"] == "i0"
        with pytest.raises(Refused):
            await service.room.press(Act.SKIP, ItemId("i1"))


async def test_the_database_is_for_its_owner_only(settings):
    async with running(settings):
        path = settings.store.url.removeprefix("sqlite:///")
        assert oct((await asyncio.to_thread(__import__("os").stat, path)).st_mode)[-3:] == "600"
