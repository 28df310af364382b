"""Edits on the running service: into the files, into the show, and back."""

from __future__ import annotations

import asyncio
import shutil
import tomllib
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from broadcaster import config, schedule_files
from broadcaster.app import Service
from broadcaster.ports import Conflicted, Refused
from broadcaster.show.edits.values import (
    AddExhibitor,
    Change,
    ChangeExhibitor,
    Delete,
    Duplicate,
    Insert,
    Move,
    Spot,
)
from broadcaster.show.messages import Act
from broadcaster.show.rundown import ExhibitorId, ItemId
from tests.shows_on_disk import WIB, write_show

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from broadcaster.show.rundown import Rundown

I0, I1, I2, I3 = (ItemId(f"i{number}") for number in range(4))


class Organizer:
    """Somebody at a page, looking at the rundown as it was when they last looked."""

    def __init__(self, service: Service, name: str) -> None:
        self.service, self.name = service, name
        self.look()

    def look(self) -> None:
        self.base = self.service.room.status()["revision"]

    async def preview(self, *edits: Any) -> Any:
        return await self.service.room.preview_edits(edits, self.base)

    async def edit(self, *edits: Any) -> Any:
        answer = await self.service.room.apply_edits(edits, self.base, self.name)
        self.base = answer["revision"]
        return answer

    async def undo(self) -> Any:
        return await self.service.room.undo_edit(self.name)

    async def redo(self) -> Any:
        return await self.service.room.redo_edit(self.name)


class Stage:
    def __init__(self, service: Service, settings: config.Settings) -> None:
        self.service, self.show = service, settings.show
        self.ani, self.budi = Organizer(service, "ani"), Organizer(service, "budi")

    @property
    def order(self) -> list[str]:
        return [item["id"] for item in self.service.room.rundown()["days"][0]["items"]]

    @property
    def today(self) -> date:
        return date.fromisoformat(self.service.room.rundown()["days"][0]["day"])

    def item(self, name: str) -> Any:
        items = self.service.room.rundown()["days"][0]["items"]
        return next(item for item in items if item["id"] == name)

    @property
    def day_file(self) -> str:
        return (self.show / "hari-1.toml").read_text()

    @property
    def exhibitors(self) -> str:
        return (self.show / "exhibitors.csv").read_text()

    def behind(self, name: str | None, before: str | None = None) -> Spot:
        return Spot(self.today, ItemId(name) if name else None, ItemId(before) if before else None)


@pytest.fixture
def settings(tmp_path):
    show = write_show(tmp_path / "schedules", seconds=(120, 120, 120, 120))
    return config.load(
        tmp_path / "config.toml", show=show, language="en", web={"port": 0}, youtube={"mode": "rehearsal"}
    )


@asynccontextmanager
async def running(settings) -> AsyncIterator[Stage]:
    service = Service(settings, rehearsal=True)
    await service.start()
    try:
        yield Stage(service, settings)
    finally:
        await service.stop()


@pytest.fixture
async def stage(settings):
    async with running(settings) as stage:
        yield stage


def on_disk(stage: Stage) -> Rundown:
    rundown = schedule_files.read(stage.show).rundown
    assert rundown is not None
    return rundown


async def test_a_preview_tells_what_happens_and_changes_nothing(stage):
    before = stage.day_file
    told = await stage.ani.preview(Change(I1, {"duration": "5m"}))
    assert [each["text"].partition(" at ")[0] for each in told["consequences"]] == [
        "The day ends",
        "2 items begin later, by up to 3:00.",
    ]
    assert [item["duration_s"] for item in told["rundown"]["days"][0]["items"]] == [120, 300, 120, 120]
    assert (stage.day_file, stage.item("i1")["duration_s"]) == (before, 120)


async def test_an_edit_is_in_the_files_with_their_comments_and_in_the_show_when_it_is_acknowledged(stage):
    answer = await stage.ani.edit(Move(I3, stage.behind("i0")), Change(I1, {"skip": True, "note": "sakit"}))
    assert stage.order == ["i0", "i3", "i1", "i2"]
    assert stage.item("i1")["state"] == "skipped"
    assert stage.day_file.index("# item 3") < stage.day_file.index("# item 1")
    assert answer["revision"] == stage.service.room.status()["revision"]
    assert on_disk(stage).revision == answer["revision"]


async def test_a_new_item_and_a_copy(stage):
    await stage.ani.edit(
        Insert(stage.behind("i1"), values={"type": "slate", "title": "Pengumuman", "duration": "30s"}), Duplicate(I0)
    )
    assert stage.order == ["i0", "i0-2", "i1", "pengumuman", "i2", "i3"]
    assert stage.item("i0-2")["hard"] is False


async def test_a_deleted_item_comes_back_with_its_comments_byte_for_byte(stage):
    before = stage.day_file
    await stage.ani.edit(Delete(I1))
    assert "i1" not in stage.order
    assert "# item 1" not in stage.day_file
    await stage.ani.undo()
    assert stage.day_file == before


async def test_undo_and_redo_of_everything(stage):
    texts = [stage.day_file]
    for edit in (
        Move(I3, stage.behind("i0")),
        Change(I2, {"duration": "90s", "title": "Baru"}),
        Change(I2, {"duration": "60s"}),
        Insert(stage.behind("i2"), values={"type": "slate", "title": "Kartu", "duration": "30s"}),
    ):
        await stage.ani.edit(edit)
        texts.append(stage.day_file)
    for text in reversed(texts[:-1]):
        await stage.ani.undo()
        assert tomllib.loads(stage.day_file) == tomllib.loads(text)
    with pytest.raises(Refused, match="nothing of yours to undo"):
        await stage.ani.undo()
    for text in texts[1:]:
        await stage.ani.redo()
        assert tomllib.loads(stage.day_file) == tomllib.loads(text)
    with pytest.raises(Refused, match="nothing of yours to redo"):
        await stage.ani.redo()


async def test_exhibitors_are_edited_in_their_file_and_back(stage):
    before = stage.exhibitors
    told = await stage.ani.preview(ChangeExhibitor(ExhibitorId("batik"), {"shop": ""}, {"shop": "x"}))
    assert [each["text"] for each in told["consequences"]] == ["Viewers find no link any more for: Batik Uji."]
    await stage.ani.edit(ChangeExhibitor(ExhibitorId("batik"), {"city": "Batang"}))
    await stage.ani.edit(AddExhibitor(values={"name": "Tenun Baru", "city": "Kudus"}))
    cards = {card["id"]: card for card in stage.service.room.exhibitors()["exhibitors"]}
    assert (cards["batik"]["city"], cards["tenun-baru"]["city"]) == ("Batang", "Kudus")
    assert [lack["text"] for lack in cards["tenun-baru"]["lacks"]] == ["no video", "no link", "not in the rundown"]
    await stage.ani.undo()
    await stage.ani.undo()
    assert stage.exhibitors == before


async def test_an_edit_with_errors_is_shown_in_the_preview_and_refused(stage):
    before = stage.day_file
    edit = Change(I1, {"duration": "soon"})
    told = await stage.ani.preview(edit)
    assert ["soon" in problem["text"] for problem in told["problems"]] == [True]
    with pytest.raises(Refused, match="soon"):
        await stage.ani.edit(edit)
    with pytest.raises(Refused, match="no item"):
        await stage.ani.edit(Delete(ItemId("nothing")))
    assert stage.day_file == before


async def test_what_is_on_air_is_protected(stage):
    await stage.service.room.press(Act.TAKE)
    told = await stage.ani.preview(Delete(I0))
    assert told["refusal"].endswith("is on air: it can be changed when it has left.")
    with pytest.raises(Refused, match="is on air"):
        await stage.ani.edit(Delete(I0))
    assert (await stage.ani.preview(Move(I3, stage.behind("i0"))))["refusal"] == ""


async def test_whole_days_change_what_is_on_air_or_near_it_only_for_those_who_may_press(stage):
    await stage.service.room.press(Act.TAKE)
    day = stage.service.room.rundown()["days"][0]

    def days(**titles: str) -> list[Any]:
        return [
            {
                "day": day["day"],
                "items": [{**item, "title": titles.get(item["id"], item["title"])} for item in day["items"]],
            }
        ]

    room, base = stage.service.room, stage.ani.base
    with pytest.raises(Refused, match="is on air"):
        await room.edit_rundown(base, days(i0="Lain"), "ani", may_press=False)
    far = await room.edit_rundown(base, days(i3="Lain"), "ani", may_press=False)
    assert "Lain" == stage.item("i3")["title"]
    await room.edit_rundown(far["revision"], days(i0="Lain", i3="Lain"), "ani", may_press=True)
    assert "Lain" == stage.item("i0")["title"]


async def test_an_edit_that_is_sent_again_because_its_answer_was_lost_is_made_once(stage):
    edit = Insert(stage.behind("i1"), values={"type": "slate", "title": "Jeda", "duration": "1m"})
    room, base = stage.service.room, stage.ani.base
    first = await room.apply_edits([edit], base, "ani@10.0.0.2", "k1")
    again = await room.apply_edits([edit], base, "ani@10.0.0.2", "k1")
    assert (first["id"], first["revision"]) == (again["id"], again["revision"])
    assert 5 == len(stage.order)
    await room.apply_edits([edit], base, "ani@10.0.0.2", "k2")
    assert 6 == len(stage.order)


class TestTwoAtOnce:
    async def test_changes_of_different_items_and_different_fields_merge(self, stage):
        await stage.ani.edit(Change(I1, {"title": "Satu"}, {"title": "Kopi Uji"}))
        await stage.budi.edit(Change(I1, {"note": "hati-hati"}, {"note": ""}), Move(I3, stage.behind("i1")))
        assert (stage.item("i1")["title"], stage.item("i1")["note"]) == ("Satu", "hati-hati")
        assert stage.order == ["i0", "i1", "i3", "i2"]

    async def test_of_the_same_field_the_second_is_told_and_nothing_of_theirs_is_done(self, stage):
        was = {"title": stage.item("i1")["title"]}
        await stage.ani.edit(Change(I1, {"title": "Satu"}, was))
        with pytest.raises(Conflicted) as told:
            await stage.budi.edit(Change(I1, {"title": "Uno"}, was), Change(I2, {"note": "x"}))
        (conflict,) = told.value.conflicts
        assert (conflict["by"], conflict["theirs"], conflict["yours"]) == ("ani", "Satu", "Uno")
        assert conflict["text"].startswith("ani (")
        assert conflict["text"].endswith(") has changed title of “Satu” to “Satu” meanwhile.")
        assert (stage.item("i1")["title"], stage.item("i2")["note"]) == ("Satu", "")
        await stage.budi.edit(Change(I1, {"title": "Uno"}, {"title": "Satu"}))
        assert stage.item("i1")["title"] == "Uno"

    async def test_of_two_who_move_the_same_item_the_second_is_told_from_the_very_first_edit_on(self, stage):
        await stage.ani.edit(Move(I3, stage.behind("i0")))
        with pytest.raises(Conflicted) as told:
            await stage.budi.edit(Move(I3, stage.behind("i1")))
        assert [("place", "ani")] == [(each["key"], each["by"]) for each in told.value.conflicts]

    async def test_an_edit_of_what_somebody_else_deleted_names_them_and_the_rest_is_not_lost(self, stage):
        await stage.ani.edit(Delete(I2))
        edits = (Change(I2, {"title": "Dua"}), Change(I3, {"note": "x"}))
        preview = await stage.budi.preview(*edits)
        with pytest.raises(Conflicted) as told:
            await stage.budi.edit(*edits)
        for conflicts in (preview["conflicts"], told.value.conflicts):
            assert [("deleted", "i2", "ani")] == [(each["key"], each["target"], each["by"]) for each in conflicts]
        assert ("", None, "") == (preview["refusal"], preview["rundown"], stage.item("i3")["note"])

    async def test_a_new_item_by_the_name_of_one_that_was_deleted_is_no_conflict(self, stage):
        new = Insert(stage.behind("i1"), values={"type": "slate", "title": "Lomba", "duration": "1m"})
        await stage.ani.edit(new)
        await stage.ani.edit(Delete(ItemId("lomba")))
        await stage.ani.edit(new, Change(ItemId("lomba"), {"note": "x"}))
        assert "x" == stage.item("lomba")["note"]

    async def test_an_undo_does_not_run_over_what_somebody_else_did_since(self, stage):
        await stage.ani.edit(Change(I1, {"title": "Satu"}))
        await stage.budi.edit(Change(I1, {"title": "Uno"}))
        with pytest.raises(Conflicted) as told:
            await stage.ani.undo()
        assert told.value.conflicts[0]["by"] == "budi"
        await stage.budi.undo()
        assert stage.item("i1")["title"] == "Satu"

    async def test_an_edit_is_laid_over_files_that_were_saved_a_moment_ago(self, stage):
        """Nobody waits for the watch to notice."""
        path = stage.show / "hari-1.toml"
        path.write_text(path.read_text().replace('id = "i3"', 'id = "i3"\ntitle = "Dari Editor"'))
        await stage.ani.edit(Change(I1, {"note": "x"}))
        assert (stage.item("i3")["title"], stage.item("i1")["note"]) == ("Dari Editor", "x")


async def test_undo_works_after_a_restart(settings):
    async with running(settings) as stage:
        before = stage.day_file
        await stage.ani.edit(Delete(I2))
    async with running(settings) as stage:
        assert stage.service.room.edits("ani")["undo"]["what"] == ["“Batik Uji” deleted"]
        await stage.ani.undo()
        assert stage.day_file == before


async def test_the_history_tells_who_did_what(stage):
    await stage.ani.edit(Move(I3, stage.behind("i0")))
    await stage.budi.edit(Change(I1, {"note": "x", "skip": True}))
    await stage.ani.undo()
    told = stage.service.room.edits("ani")
    assert [(each["by"], each["what"], each["undoes"], each["is_undone"]) for each in told["edits"]] == [
        ("ani", ["“Kopi Uji” moved"], True, False),
        ("budi", ["“Kopi Uji”: note, skip changed"], False, False),
        ("ani", ["“Kopi Uji” moved"], False, True),
    ]
    assert (told["undo"], told["redo"]["id"]) == (None, 3)
    notices = [notice["text"] for notice in stage.service.room.notices()]
    assert "budi edited the rundown: Kopi Uji." in notices


async def test_edits_of_many_at_once_are_all_there_in_the_end(stage):
    """Each is laid over what the others have done meanwhile."""

    async def add(number: int) -> None:
        values = {"type": "slate", "title": f"Kartu {number}", "duration": "30s"}
        await stage.service.room.apply_edits([Insert(stage.behind("i1"), values=values)], "", f"p{number}")

    await asyncio.gather(*(add(number) for number in range(12)))
    assert len(stage.order) == 16
    assert len(on_disk(stage).days[0].items) == 16


async def test_a_day_that_the_page_made_is_one_that_people_can_still_read(settings):
    """The text of an item that a page inserts is as people write it."""
    start = datetime.now(UTC).astimezone(WIB) + timedelta(hours=1)
    async with running(settings) as stage:
        values = {"type": "live", "title": "Bincang", "scene": "Panggung", "start": f"{start:%H}:59", "duration": "1h"}
        await stage.ani.edit(Insert(stage.behind("i3"), values=values))
        assert stage.day_file.endswith(
            f'[[item]]\nid = "bincang"\ntype = "live"\ntitle = "Bincang"\nscene = "Panggung"\n'
            f'start = {start:%H}:59:00\nduration = "1h"\n'
        )
    shutil.rmtree(settings.state_dir)
