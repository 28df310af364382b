"""The shows that come with Broadcaster: they read without a fault, their times add up, their texts can be shown."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from broadcaster import schedule_files
from broadcaster.devices.demo_videos import LENGTHS
from broadcaster.show import timeline
from broadcaster.show.rundown import End, ItemType, Media, Rundown

SCHEDULES = Path(__file__).parent.parent / "schedules"
JAKARTA = ZoneInfo("Asia/Jakarta")
MINUTE = timedelta(minutes=1)


class Lengths:
    """A probe that knows the demo's videos without opening them."""

    def media(self, path: str) -> Media:
        return Media(path, timedelta(seconds=LENGTHS.get(Path(path).stem, 180)))


def read(name: str, folder: Path) -> Rundown:
    """The show as it reads when every video is in its place."""
    show = folder / name
    shutil.copytree(SCHEDULES / name, show, ignore=shutil.ignore_patterns("media"))
    named = [row["video"] for row in rows(name)] + re.findall(
        r'"([^"]+\.mp4)"', "".join(path.read_text("utf-8") for path in show.glob("*.toml"))
    )
    for video in filter(None, named):
        (show / "media" / video).parent.mkdir(parents=True, exist_ok=True)
        (show / "media" / video).touch()
    reading = schedule_files.read(show, Lengths())
    assert () == reading.problems
    assert reading.rundown is not None
    return reading.rundown


def rows(name: str) -> list[dict[str, str]]:
    with (SCHEDULES / name / "exhibitors.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Rundown:
    return read("demo", tmp_path_factory.mktemp("schedules"))


@pytest.fixture(scope="module")
def pekalongan(tmp_path_factory) -> Rundown:
    return read("pekalongan", tmp_path_factory.mktemp("schedules"))


def local(at: datetime | None) -> time:
    assert at is not None
    return at.astimezone(JAKARTA).time()


# ------------------------------------------------------------------ demo


def test_the_demo_runs_to_its_end_without_a_hand_in_under_nine_and_a_half_minutes(demo):
    [day] = demo.days
    plan = timeline.plan(day)
    end = timeline.projected_end(plan)
    assert end is not None
    assert plan[0].start is not None
    assert end - plan[0].start < 9.5 * MINUTE
    assert timedelta(0) == timeline.over_under(plan, day.planned_end)
    assert {End.AUTO} == {item.end for item in day.items}


def test_the_demo_shows_every_kind_of_item_and_each_exhibitor_once(demo):
    [day] = demo.days
    assert set(ItemType) == {item.type for item in day.items}
    assert Counter(demo.exhibitors.keys()) == Counter(item.exhibitor for item in day.items if item.exhibitor)
    assert 12 == len(demo.exhibitors)
    assert 1 == sum(item.skip for item in day.items)


def test_the_demo_has_one_gap_for_its_filler_before_a_hard_start_in_the_middle(demo):
    plan = timeline.plan(demo.days[0])
    gaps = [(planned.item.id, planned.gap) for planned in plan if planned.gap]
    assert [("gelar-wicara", timedelta(seconds=20))] == gaps
    assert all(not planned.overlap for planned in plan)
    assert [timedelta(seconds=10)] == [filler.duration for filler in demo.filler]


def test_the_demos_profiles_last_as_long_as_their_videos(demo):
    profiles = [item for item in demo.days[0].items if item.type is ItemType.PROFILE]
    for item in profiles:
        assert timedelta(seconds=LENGTHS[item.exhibitor]) == item.duration
        assert 15 <= LENGTHS[item.exhibitor] <= 40


def test_the_demo_uses_no_operator_scene_but_the_two_that_are_made_for_it(demo):
    assert {"Panggung Utama", "Meja MC"} == {item.scene for item in demo.days[0].items if item.scene}


# ------------------------------------------------------------- pekalongan


def test_pekalongan_lasts_two_full_days(pekalongan):
    assert [date(2026, 11, 25), date(2026, 11, 26)] == [day.date for day in pekalongan.days]
    for day in pekalongan.days:
        assert 50 <= len(day.items) <= 70
        assert time(16) == local(day.planned_end)


def test_every_virtual_exhibitor_has_one_profile_and_every_stand_one_visit_in_the_two_days(pekalongan):
    items = [item for day in pekalongan.days for item in day.items]
    profiles = Counter(item.exhibitor for item in items if item.type is ItemType.PROFILE)
    visits = Counter(item.exhibitor for item in items if item.type is ItemType.LIVE and item.exhibitor)
    kinds = {kind: {e.id for e in pekalongan.exhibitors.values() if e.kind == kind} for kind in ("virtual", "stand")}
    assert (70, 30) == (len(kinds["virtual"]), len(kinds["stand"]))
    assert Counter(kinds["virtual"]) == profiles
    assert Counter(kinds["stand"]) == visits


def test_pekalongan_has_no_overlap_only_short_gaps_and_ends_on_time(pekalongan):
    for day in pekalongan.days:
        plan = timeline.plan(day)
        assert timedelta(0) == timeline.over_under(plan, day.planned_end)
        assert all(not planned.overlap for planned in plan)
        assert max(planned.gap for planned in plan) <= MINUTE
        assert sum(planned.gap > timedelta(0) for planned in plan) <= 5


def test_pekalongan_rests_for_ishoma_at_noon_on_both_days(pekalongan):
    for day in pekalongan.days:
        [ishoma] = [item for item in day.items if "ISHOMA" in item.title]
        assert (ItemType.BREAK, time(12), timedelta(hours=1)) == (ishoma.type, local(ishoma.start), ishoma.duration)


def test_pekalongan_opens_with_the_ceremony_in_its_order(pekalongan):
    order = ["registrasi", "mc-pembuka", "indonesia-raya", "doa", "laporan", "sambutan", "gong", "peninjauan"]
    first = pekalongan.days[0].items[: len(order)]
    assert [f"h1-{name}" for name in order] == [item.id for item in first]
    assert [End.MANUAL] == [item.end for item in first if item.id == "h1-sambutan"]


def test_a_speech_that_ends_by_hand_is_never_cut_by_what_follows(pekalongan):
    for day in pekalongan.days:
        for item, following in zip(day.items, day.items[1:], strict=False):
            assert item.end is End.AUTO or following.start is None


def test_profiles_last_two_and_a_half_to_four_minutes(pekalongan):
    profiles = [item for day in pekalongan.days for item in day.items if item.type is ItemType.PROFILE]
    assert all(2.5 * MINUTE <= item.duration <= 4 * MINUTE for item in profiles if item.duration)


# ------------------------------------------------------------------- both


@pytest.mark.parametrize("name", ["demo", "pekalongan"])
def test_texts_fit_their_places_on_screen(name):
    for row in rows(name):
        assert len(row["name"]) <= 30, row
        assert 10 <= len(row["tagline"]) <= 60, row
        assert row["owner"], row
        assert row["city"], row


@pytest.mark.parametrize("name", ["demo", "pekalongan"])
def test_prices_are_written_as_indonesians_write_them(name):
    for row in rows(name):
        prices = re.findall(r"Rp\S*?(?=;|\s|$)", row["products"])
        assert prices or "gratis" in row["products"], row
        for price in prices:
            assert re.fullmatch(r"Rp\d{1,3}(\.\d{3})*", price), row


@pytest.mark.parametrize("name", ["demo", "pekalongan"])
def test_every_business_has_a_link_and_all_links_are_https_to_where_people_buy(name, request):
    shops = {
        "www.pekalonganvirtualexpo.com",
        "shopee.co.id",
        "www.tokopedia.com",
        "www.instagram.com",
        "wa.me",
    }
    for exhibitor in request.getfixturevalue(name).exhibitors.values():
        links = [
            exhibitor.link,
            exhibitor.catalogue,
            exhibitor.shop,
            exhibitor.shopee,
            exhibitor.tokopedia,
            exhibitor.instagram,
            exhibitor.whatsapp,
        ]
        assert exhibitor.link, exhibitor
        for link in filter(None, links):
            assert ("https", True) == (urlsplit(link).scheme, urlsplit(link).hostname in shops), link


def test_the_demos_exhibitors_are_those_of_pekalongan():
    """One cast: what is learnt in the demo is met again on the day."""
    known = {row["id"]: row for row in rows("pekalongan")}
    for row in rows("demo"):
        assert known[row["id"]] == row
