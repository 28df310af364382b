"""An edited rundown goes back into the files as if their author had typed it."""

from __future__ import annotations

import errno
import os
import stat
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.schedule_files import FilesChanged, draft
from broadcaster.schedule_files.blocks import cut, join

if TYPE_CHECKING:
    from broadcaster.ports import Probe
    from broadcaster.schedule_files import Draft
    from broadcaster.show.rundown import Media, Rundown
    from tests.schedule_files.conftest import Show

DAY = date(2026, 11, 24)

TYPED = """\
# Rundown hari pertama
# (jangan diubah tanpa kabar ke Rina)

date = 2026-11-24   # Selasa
title = 'Hari 1'

# dibuka wali kota
[[item]]
id = "opening"
type   = "live"     # kamera 1
title = 'Pembukaan'
scene = "Panggung"
start = "09.00"
duration = "45 menit"

# --- Profil UMKM ---

# Bu Ratna minta tampil pertama
[[item]]
id = "p-sekar"
type = "profile"
exhibitor = "sekar"
# skip = true

[[item]]
id = "p-wangi"
type = "profile"
exhibitor = "wangi"

# akhir berkas
"""


@pytest.fixture
def typed(show):
    return show.put("day1.toml", TYPED)


def write(show: Show, items: list[dict[str, Any]], probe: Probe | None = None, day: date = DAY) -> Draft:
    before = show.read(probe).rundown
    assert before is not None
    return put(show, before, {day: items}, probe)


def put(show: Show, before: Rundown, days: Any, probe: Probe | None = None) -> Draft:
    drafted = draft(show.folder, before, days, probe=probe)
    drafted.put()
    return drafted


def text(show: Show, name: str = "day1.toml") -> str:
    return (show.folder / name).read_bytes().decode()


def test_items_given_back_whole_as_they_were_read_change_nothing(typed, probe):
    """A control page sends back all that it shows, defaults and computed times included."""
    items = [
        {
            "id": item.id,
            "type": item.type.value,
            "title": item.title,
            "exhibitor": item.exhibitor,
            "scene": item.scene,
            "media": item.media.path if item.media else None,
            "start": item.start,
            "duration": item.duration,
            "end": item.end.value,
            "skip": item.skip,
            "note": item.note,
        }
        for item in typed.day(probe)
    ]
    assert () == write(typed, items, probe).changed
    assert TYPED == text(typed)


def test_items_given_back_unchanged_leave_the_file_byte_for_byte(typed):
    for content in (TYPED, TYPED.replace("\n", "\r\n"), "\ufeff" + TYPED, TYPED.rstrip()):
        typed.put("day1.toml", content)
        before = os.stat(typed.folder / "day1.toml").st_ino
        writing = write(typed, [{"id": "opening"}, {"id": "p-sekar"}, {"id": "p-wangi"}])
        assert () == writing.changed
        assert content == text(typed)
        assert before == os.stat(typed.folder / "day1.toml").st_ino


def test_values_that_say_the_same_keep_the_authors_way_of_writing_them(typed):
    items: list[dict[str, Any]] = [
        {"id": "opening", "title": "Pembukaan", "start": time(9), "duration": timedelta(minutes=45), "skip": False},
        {"id": "p-sekar", "note": None},
        {"id": "p-wangi"},
    ]
    assert () == write(typed, items).changed
    items[0] |= {"start": datetime(2026, 11, 24, 2, tzinfo=UTC), "duration": 2700}
    assert () == write(typed, items).changed
    assert TYPED == text(typed)


def test_an_item_moves_with_its_comments(typed):
    writing = write(typed, [{"id": "opening"}, {"id": "p-wangi"}, {"id": "p-sekar"}])
    assert [typed.folder / "day1.toml"] == list(writing.changed)
    head, rest = TYPED.split("# --- Profil UMKM ---\n\n")
    sekar, wangi = rest.split("\n\n")[0] + "\n", rest.split("\n\n")[1] + "\n"
    expected = head + wangi + "\n" + "# --- Profil UMKM ---\n\n" + sekar + "\n# akhir berkas\n"
    assert expected == text(typed)
    assert ["opening", "p-wangi", "p-sekar"] == [item.id for item in typed.day()]
    assert typed.read() == writing.reading


def test_only_the_edited_value_changes_and_its_comment_stays(typed):
    write(typed, [{"id": "opening", "type": "slate", "scene": None}, {"id": "p-sekar"}, {"id": "p-wangi"}])
    expected = TYPED.replace('type   = "live"     # kamera 1', 'type   = "slate"     # kamera 1')
    assert expected.replace('scene = "Panggung"\n', "") == text(typed)


def test_a_new_key_stands_where_people_look_for_it(typed):
    write(typed, [{"id": "opening"}, {"id": "p-sekar", "skip": True, "title": "Sekar"}, {"id": "p-wangi"}])
    expected = TYPED.replace(
        'id = "p-sekar"\ntype = "profile"\nexhibitor = "sekar"\n',
        'id = "p-sekar"\ntype = "profile"\ntitle = "Sekar"\nexhibitor = "sekar"\nskip = true\n',
    )
    assert expected == text(typed)


def test_starts_and_durations_are_written_in_the_shows_own_zone(typed):
    items: list[dict[str, Any]] = [
        {"id": "opening", "start": datetime(2026, 11, 24, 2, 30, tzinfo=UTC), "duration": timedelta(minutes=75)},
        {"id": "p-sekar"},
        {"id": "p-wangi", "start": datetime(2026, 11, 24, 17, 30, tzinfo=UTC), "duration": 90},
    ]
    write(typed, items)
    expected = TYPED.replace('start = "09.00"', "start = 09:30:00").replace('"45 menit"', '"1h15m"')
    expected = expected.replace(
        'exhibitor = "wangi"\n', 'exhibitor = "wangi"\nstart = 2026-11-25T00:30:00\nduration = 90\n'
    )
    assert expected == text(typed)
    assert datetime(2026, 11, 24, 17, 30, tzinfo=UTC) == typed.day()[2].start


def test_an_item_that_is_not_given_is_deleted_and_a_new_one_added(typed):
    new: dict[str, Any] = {"id": "jeda", "type": "break", "title": 'Jeda "kopi"', "duration": timedelta(minutes=15)}
    write(typed, [{"id": "opening"}, new, {"id": "p-wangi"}])
    begin, end = TYPED.index("# --- Profil"), TYPED.index('[[item]]\nid = "p-wangi"')
    block = '[[item]]\nid = "jeda"\ntype = "break"\ntitle = "Jeda \\"kopi\\""\nduration = "15m"\n\n'
    assert TYPED[:begin] + block + TYPED[end:] == text(typed)


def test_an_item_moves_to_another_day_with_its_comments(typed):
    typed.items(
        'id = "besok"\ntype = "slate"\ntitle = "Besok"\nstart = 09:00:00\nduration = "1m"',
        date="2026-11-25",
        name="day2.toml",
    )
    rundown = typed.read().rundown
    other = date(2026, 11, 25)
    writing = put(
        typed,
        rundown,
        {DAY: [{"id": "opening"}, {"id": "p-wangi"}], other: [{"id": "besok"}, {"id": "p-sekar"}]},
    )
    assert 2 == len(writing.changed)
    assert "Bu Ratna" not in text(typed)
    assert '# Bu Ratna minta tampil pertama\n[[item]]\nid = "p-sekar"\n' in text(typed, "day2.toml")
    assert writing.reading.rundown is not None
    assert [2, 2] == [len(day.items) for day in writing.reading.rundown.days]


def test_windows_line_ends_stay(typed):
    typed.put("day1.toml", TYPED.replace("\n", "\r\n"))
    write(typed, [{"id": "opening", "note": "cek suara"}, {"id": "p-wangi"}, {"id": "p-sekar", "duration": 60}])
    assert 0 == text(typed).replace("\r\n", "").count("\n")
    assert "cek suara" == typed.day()[0].note


def test_an_edit_with_errors_is_refused_and_nothing_is_written(typed):
    writing = write(typed, [{"id": "opening", "start": "besok"}, {"id": "p-sekar"}, {"id": "p-wangi"}])
    assert (None, ()) == (writing.reading.rundown, writing.changed)
    assert ["start" in problem.message for problem in writing.reading.problems] == [True]
    assert TYPED == text(typed)
    assert ["day1.toml", "exhibitors.csv", "expo.toml", "media"] == sorted(os.listdir(typed.folder))


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([{"id": "opening"}, {"id": "opening"}], "given twice"),
        ([{"title": "Tanpa id"}], "without id"),
        ([{"id": ""}], "without id"),
        ([{"id": "opening", "tittle": "x"}], "Unknown key"),
        ([{"id": "opening", "title": "\ud800"}], "cannot be written"),
        ([{"id": "opening", "title": ["x"]}], "cannot be written"),
        ([{"id": "opening"}, {"id": "new", "type": "profile", "exhibitor": "nobody"}], "nobody"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(typed, items, why):
    writing = write(typed, items)
    assert writing.reading.rundown is None
    assert any(why in problem.message for problem in writing.reading.problems)
    assert TYPED == text(typed)


def test_an_item_cannot_be_on_two_days(typed):
    typed.items(
        'id = "besok"\ntype = "slate"\ntitle = "Besok"\nstart = 09:00:00\nduration = "1m"',
        date="2026-11-25",
        name="day2.toml",
    )
    writing = write(typed, [{"id": "opening"}, {"id": "besok"}])
    assert ["2026-11-25 as well" in problem.message for problem in writing.reading.problems] == [True]
    assert () == writing.changed


def test_a_day_without_a_file_is_refused(typed):
    assert write(typed, [{"id": "opening"}], day=date(2026, 12, 1)).reading.rundown is None


def test_items_written_as_one_list_are_not_touched(typed):
    content = 'date = 2026-11-24\nitem = [{id = "a", type = "slate", title = "A", start = 09:00:00, duration = 60}]\n'
    typed.put("day1.toml", content)
    assert "one list" in write(typed, [{"id": "a", "title": "B"}]).reading.problems[0].message
    assert content == text(typed)


def test_an_edit_of_files_that_changed_meanwhile_is_refused(typed):
    before = typed.read().rundown
    typed.change("day1.toml", "Pembukaan", "Pembukaan resmi")
    with pytest.raises(FilesChanged):
        put(typed, before, {DAY: [{"id": "opening"}]})
    assert "resmi" in text(typed)


def test_the_files_mode_and_a_symbolic_link_stay(typed, tmp_path):
    real = tmp_path / "real.toml"
    (typed.folder / "day1.toml").rename(real)
    (typed.folder / "day1.toml").symlink_to(real)
    real.chmod(0o640)
    write(typed, [{"id": "opening"}, {"id": "p-wangi"}])
    assert (typed.folder / "day1.toml").is_symlink()
    assert 0o640 == stat.S_IMODE(real.stat().st_mode)
    assert "p-sekar" not in real.read_text()


def test_a_missing_video_does_not_stand_in_the_way_of_an_edit(typed, probe):
    (typed.folder / "media" / "sekar.mp4").unlink()
    writing = write(typed, [{"id": "p-wangi", "start": "08:30"}, {"id": "opening"}, {"id": "p-sekar"}], probe)
    assert writing.reading.rundown is not None
    assert 1 == len(writing.changed)


comment = st.sampled_from(["# satu\n", "#\n", "\n", "  \n", "\r\n", "# dua\r\n"])
body = st.sampled_from(
    ['title = "a"\n', 'note = """\n[[item]]\n\n# bukan komentar\n"""\n', "skip = true # ya\n", "[item.x]\n"]
)
block = st.builds(
    lambda above, keys, below: "".join(above) + "[[item]]\n" + "".join(dict.fromkeys(keys)) + "".join(below),
    st.lists(comment, max_size=3),
    st.lists(body, max_size=3),
    st.lists(comment, max_size=3),
)


@given(st.lists(comment, max_size=3), st.lists(block, max_size=5))
def test_cutting_loses_nothing_and_joining_restores_everything(head, items):
    content = "".join(head) + "date = 2026-11-24\n" + "".join(items)
    blocks = cut(content)
    assert content == blocks.head + "".join(blocks.items) + blocks.tail
    assert content == join(blocks, blocks.items)
    assert len(items) == len(blocks.items)


@given(st.permutations(["opening", "p-sekar", "p-wangi"]))
def test_any_order_keeps_every_line_of_the_author(order):
    blocks = cut(TYPED)
    by_name = dict(zip(["opening", "p-sekar", "p-wangi"], blocks.items, strict=True))
    joined = join(blocks, [by_name[name] for name in order])
    lines = [line for line in TYPED.splitlines() if line]
    assert sorted(lines) == sorted(line for line in joined.splitlines() if line)
    assert "\n\n\n" not in joined


@pytest.fixture
def two_days(typed):
    return typed.items(
        'id = "besok"\ntype = "slate"\ntitle = "Besok"\nstart = 09:00:00\nduration = "1m"',
        date="2026-11-25",
        name="day2.toml",
    )


MOVED = {DAY: [{"id": "opening"}, {"id": "p-wangi"}], date(2026, 11, 25): [{"id": "besok"}, {"id": "p-sekar"}]}


def contents(show: Show) -> dict[str, str]:
    return {path.name: path.read_text() for path in show.folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_an_item_that_moves_is_not_lost_when_the_second_file_cannot_be_written(two_days, monkeypatch, failing):
    """A full disk is noticed in the middle: then nothing has changed at all."""
    before, was = two_days.read().rundown, contents(two_days)
    owner = os if failing == "fsync" else Path
    real, calls = getattr(owner, failing), []

    def full(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(owner, failing, full)
    with pytest.raises(OSError, match="No space"):
        put(two_days, before, MOVED)
    assert was == contents(two_days)


def test_a_power_cut_between_two_files_leaves_an_item_that_moves_in_both_and_not_in_neither(two_days, monkeypatch):
    before = two_days.read().rundown
    real, first = Path.replace, []

    def watched(path: Path, target: Path) -> Path:
        first.append(target.name)
        return real(path, target)

    monkeypatch.setattr(Path, "replace", watched)
    put(two_days, before, MOVED)
    assert ["day2.toml", "day1.toml"] == first


def test_a_file_that_is_saved_while_the_videos_are_probed_is_not_overwritten(typed, probe):
    before = typed.read(probe).rundown

    class Slow:
        def media(self, path: str) -> Media:
            if "resmi" not in text(typed):
                typed.change("day1.toml", "Pembukaan", "Pembukaan resmi")
            media: Media = probe.media(path)
            return media

    with pytest.raises(FilesChanged):
        put(typed, before, {DAY: [{"id": "opening", "note": "x"}, {"id": "p-sekar"}]}, Slow())
    assert TYPED.replace("Pembukaan", "Pembukaan resmi") == text(typed)
    assert [] == [name for name in os.listdir(typed.folder) if name.startswith(".")]


@pytest.mark.parametrize(
    "start",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59-12:00",
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    ],
)
def test_a_start_at_the_end_of_the_calendar_is_a_problem_and_not_a_breakdown(typed, start):
    writing = write(typed, [{"id": "opening", "start": start}, {"id": "p-sekar"}, {"id": "p-wangi"}])
    assert (None, ()) == (writing.reading.rundown, writing.changed)
    assert ["“start” of item 'opening' cannot be written."] == [p.message for p in writing.reading.problems]
