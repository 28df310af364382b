"""The managed block: what it says, that it always fits, and that people's own text survives it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.show.description import (
    CLOSING,
    MAX_BYTES,
    OPENING,
    DescriptionWish,
    Entry,
    NoRoom,
    clean,
    clean_hashtags,
    clean_link,
    clean_title,
    compose,
    local_time,
    managed,
    merge,
    room,
)
from broadcaster.show.rundown import ExhibitorId, ItemId
from tests.entries import NINE, SHOP, entry


def wish(on_air: Entry | None = None, **changes) -> DescriptionWish:
    values = {
        "at": NINE,
        "item": on_air.item if on_air else None,
        "expo_title": "Pekalongan Hybrid Expo UMKM",
        "shop_url": SHOP,
        "timezone": "Asia/Jakarta",
        "hashtags": ("#UMKM", "Pekalongan"),
        "on_air": on_air,
        "following": (),
        "others": (),
    }
    return DescriptionWish(**{**values, **changes})


SEVENTY = tuple(entry(number) for number in range(1, 71))


class TestLineOne:
    def test_it_names_the_exhibitor_on_air_with_its_shop_link(self):
        text = compose(wish(entry(7)), 5000)
        assert "🔴 Sedang tayang: Batik Sekar 7 – https://toko.example/umkm-7" == text.split("\n")[0]

    def test_an_item_without_exhibitor_shows_its_title_and_the_expos_shop(self):
        opening = entry(exhibitor=None, name="Pembukaan oleh Wali Kota", link="", city="", tagline="")
        text = compose(wish(opening), 5000)
        assert f"🔴 Sedang tayang: Pembukaan oleh Wali Kota – {SHOP}" == text.split("\n")[0]
        assert 1 == text.count(SHOP)

    def test_an_exhibitor_without_a_shop_sends_viewers_to_the_expos(self):
        assert compose(wish(entry(link="")), 5000).split("\n")[0].endswith(f" – {SHOP}")

    def test_with_nothing_on_air_it_shows_the_expo_and_its_shop(self):
        assert f"📺 Pekalongan Hybrid Expo UMKM – {SHOP}" == compose(wish(), 5000).split("\n")[0]

    def test_without_any_link_it_still_names_what_is_on_air(self):
        text = compose(wish(entry(link=""), shop_url=""), 5000)
        assert "🔴 Sedang tayang: Batik Sekar 1" == text.split("\n")[0]

    def test_a_very_long_name_leaves_the_link_before_the_fold(self):
        """YouTube shows some 100 characters before "more"."""
        line = compose(wish(entry(name="Kelompok Usaha Bersama " * 20)), 5000).split("\n")[0]
        assert line.index("https://") < 100
        assert "… – https://" in line

    def test_a_link_that_is_not_https_is_never_shown(self):
        text = compose(wish(entry(link="http://toko.example"), others=(entry(2, link="javascript:alert(1)"),)), 5000)
        assert {SHOP} == set(re.findall(r"\S+:\S+", text)) - {"tayang:"}


class TestTheRest:
    def test_what_comes_next_has_its_local_time_zone_and_link(self):
        text = compose(wish(entry(1), following=(entry(2), entry(3))), 5000)
        assert [
            "Berikutnya:",
            "09.08 WIB · Batik Sekar 2 – https://toko.example/umkm-2",
            "09.12 WIB · Batik Sekar 3 – https://toko.example/umkm-3",
        ] == text.split("\n\n")[1].split("\n")

    def test_something_that_has_no_expected_time_is_listed_without_one(self):
        assert "• Batik Sekar 2 – https" in compose(wish(entry(1), following=(entry(2, start=None),)), 5000)

    def test_a_small_expo_has_every_link(self):
        text = compose(wish(entry(1), others=SEVENTY[:12]), 5000)
        assert all(f"https://toko.example/umkm-{n}" in text for n in range(1, 13))

    def test_seventy_exhibitors_are_all_named_with_one_link_for_the_rest(self):
        seventy = [replace(one, link=f"{one.link}-dengan-nama-yang-panjang") for one in SEVENTY]
        text = compose(wish(seventy[0], following=tuple(seventy[1:4]), others=tuple(seventy)), 4970)
        assert all(re.search(rf"Batik Sekar {n}\b", text) for n in range(1, 71))
        assert f"Peserta lainnya – semua tautan: {SHOP}" in text
        assert len(re.findall("https://", text)) == 1 + 1 + 3 + 1

    def test_with_no_exhibitor_named_above_they_are_not_called_the_others(self):
        assert "Peserta hari ini:" in compose(wish(others=SEVENTY[:3]), 5000)
        assert "Peserta lainnya:" in compose(wish(entry(9), others=SEVENTY[:3]), 5000)

    def test_nobody_is_listed_twice(self):
        text = compose(wish(SEVENTY[0], following=SEVENTY[1:4], others=SEVENTY), 4970)
        assert all(1 == len(re.findall(rf"Batik Sekar {n}\b", text)) for n in range(1, 71))

    def test_when_names_do_not_fit_those_still_to_come_are_kept_and_the_others_counted(self):
        past = tuple(entry(n, start=NINE - timedelta(hours=1)) for n in range(1, 36))
        text = compose(wish(entry(99), others=past + SEVENTY[35:]), 900)
        listed = [int(n) for n in re.findall(r"^• Batik Sekar (\d+)$", text, re.MULTILINE)]
        assert sorted(listed) == listed
        assert min(listed) == 36
        assert f"… dan {70 - len(listed)} peserta lainnya" in text

    def test_hashtags_stay_last_when_others_are_cut(self):
        text = compose(wish(SEVENTY[0], following=SEVENTY[1:4], others=SEVENTY), 700)
        assert "#UMKM #Pekalongan" == text.split("\n")[-1]
        assert "Batik Sekar 60" not in text

    def test_the_line_of_what_follows_outlives_the_others(self):
        text = compose(wish(SEVENTY[0], following=SEVENTY[1:4], others=SEVENTY), 420)
        assert "Berikutnya:" in text
        assert "Peserta lainnya" not in text

    def test_hashtags_are_words_each_once(self):
        assert ("#batikpekalongan", "#UMKM") == clean_hashtags(["batik pekalongan", "#umkm", "#UMKM", "##", "<>"])


class TestTimes:
    @pytest.mark.parametrize(
        ("zone", "shown"),
        [
            ("Asia/Jakarta", "09.00 WIB"),
            ("Asia/Pontianak", "09.00 WIB"),
            ("Asia/Makassar", "10.00 WITA"),
            ("Asia/Jayapura", "11.00 WIT"),
            ("Europe/Amsterdam", "03.00 CET"),
            ("Asia/Dubai", "06.00 UTC+04"),
            ("Not/AZone", "02.00 UTC"),
            ("../etc/passwd", "02.00 UTC"),
        ],
    )
    def test_a_time_has_its_zone_beside_it(self, zone, shown):
        assert shown == local_time(NINE, zone, NINE)

    def test_another_day_is_named(self):
        """Wednesday 25 and Thursday 26 November 2026."""
        assert "besok 09.00 WIB" == local_time(NINE + timedelta(days=1), "Asia/Jakarta", NINE)
        assert "Kamis, 26 Nov 09.00 WIB" == local_time(NINE + timedelta(days=2), "Asia/Jakarta", NINE)


class TestCleaning:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("Kopi <3 Pekalongan", "Kopi ♥ Pekalongan"),
            ("Promo <30 ribu", "Promo ‹30 ribu"),
            ("<b>Batik</b>", "‹b›Batik‹/b›"),
            ("A -> B => C", "A → B → C"),
            ("x >= 3, y <= 4", "x ≥ 3, y ≤ 4"),
            ("<<Lestari>>", "«Lestari»"),
            ("Baris\r\nsatu\tdua\x0b\u2028tiga", "Baris satu dua tiga"),
            ("Nol\x00bel\x07", "Nolbel"),
            ("Rusak\ud83d", "Rusak"),
            ("Balik\u202egnauk", "Balikgnauk"),
            ("Keluarga 👩‍👩‍👧", "Keluarga 👩‍👩‍👧"),
        ],
    )
    def test_forbidden_characters_go_and_the_meaning_stays(self, written, shown):
        assert shown == clean(written)

    def test_a_title_is_never_too_long_and_never_empty(self):
        assert "Pekalongan Hybrid Expo UMKM" == clean_title("Pekalongan Hybrid\nExpo UMKM")
        assert "Siaran langsung" == clean_title(" \x00 ")
        assert clean_title("panjang " * 30).endswith("panjang…")

    @given(st.text(st.characters()))
    def test_any_title_is_one_that_youtube_accepts(self, text):
        title = clean_title(text)
        assert 1 <= len(title.encode("utf-16-le")) // 2 <= 100
        assert_acceptable(title)

    @pytest.mark.parametrize(
        "link",
        [
            "http://a.example",
            "https://",
            "https://a b",
            "https://a.example/<x>",
            "https://good@evil.example",
            "//a.example",
            "https://a.example/\u202e",
        ],
    )
    def test_an_unsafe_link_is_dropped(self, link):
        assert "" == clean_link(link)


def assert_acceptable(text: str) -> None:
    assert not set("<>") & set(text)
    assert not [c for c in text if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"]
    text.encode()


nasty = st.text(
    st.one_of(st.characters(), st.sampled_from("<>3-=\n\r\x00\x1b\u202e▼▲#👩\u200d\ud800 ")), max_size=80
) | st.sampled_from([OPENING, CLOSING, f"\n{CLOSING}\n", "▼EXPO", "<3"])
links = st.one_of(st.just(""), st.builds("https://t.example/{}".format, st.text("abc-/?=%é<\n ", max_size=40)), nasty)
instants = st.none() | st.integers(-3000, 3000).map(lambda m: NINE + timedelta(minutes=m))
zones = st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "America/Los_Angeles", "", "x"])
entries = st.builds(
    Entry,
    item=st.integers(0, 99).map(lambda n: ItemId(str(n))),
    exhibitor=st.none() | st.integers(0, 99).map(lambda n: ExhibitorId(str(n))),
    name=nasty,
    city=nasty,
    tagline=nasty,
    link=links,
    start=instants,
)
wishes = st.builds(
    DescriptionWish,
    at=st.just(NINE),
    item=st.none(),
    expo_title=nasty,
    shop_url=links,
    timezone=zones,
    hashtags=st.lists(nasty, max_size=4).map(tuple),
    on_air=st.none() | entries,
    following=st.lists(entries, max_size=3).map(tuple),
    # Many are made of few: what matters is their sizes, and generating 70 takes its time.
    others=st.builds(lambda some, times: tuple(some * times), st.lists(entries, max_size=3), st.integers(1, 25)),
)
budgets = st.one_of(st.integers(0, 400), st.integers(0, 5000))


# 40 each here, and `make test` runs them with a new seed each time.
law = settings(max_examples=40, deadline=None)


class TestLaws:
    @law
    @given(wishes, budgets)
    def test_the_block_never_exceeds_its_budget_nor_holds_a_forbidden_character(self, wish, budget):
        text = compose(wish, budget)
        assert len(text.encode()) <= budget
        assert_acceptable(text)

    @law
    @given(wishes, budgets)
    def test_line_one_has_the_link_of_what_is_on_air_whenever_it_fits_at_all(self, wish, budget):
        link = clean_link(wish.on_air.link if wish.on_air else "") or clean_link(wish.shop_url)
        if link and len(link.encode()) <= budget:
            assert compose(wish, budget).split("\n")[0].endswith(link)

    @law
    @given(wishes)
    def test_a_line_of_the_block_never_reads_like_a_marker(self, wish):
        block = compose(wish, 3000)
        kept = managed(merge("teks orang", block))
        assert kept is not None
        assert kept.split("\n")[0] == block.split("\n")[0] or not clean_link(wish.shop_url)

    @law
    @given(st.text(st.characters(exclude_categories=["Cs"])), wishes)
    def test_a_description_without_a_block_gets_it_on_top_and_keeps_its_own_text(self, existing, wish):
        own = existing.replace("EXPO", "").replace("expo", "")[:600]
        block = compose(wish, room(own))
        merged = merge(own, block)
        assert merged.endswith(own)
        assert merged.startswith(OPENING)
        assert len(merged.encode()) <= MAX_BYTES

    @law
    @given(
        st.text("ab ▼▲\r\n•#", max_size=60),
        st.text("ab ▼▲\r\n•#", max_size=60),
        st.text("kopi \n", max_size=60),
        wishes,
    )
    def test_text_before_and_after_the_block_stays_byte_for_byte(self, before, after, old, wish):
        existing = f"{before}\n{OPENING}\n{old}\n{CLOSING}\r\n{after}"
        merged = merge(existing, compose(wish, room(existing)))
        assert merged.startswith(f"{before}\n{OPENING}\n")
        assert merged.endswith(f"\n{CLOSING}\r\n{after}")

    @law
    @given(
        st.lists(
            st.sampled_from(
                [OPENING, CLOSING, "▼▼ expo", "EXPO ▲", "Teks orang", "", "\r", "Berikutnya:", "• Batik", "#UMKM"]
            ),
            max_size=14,
        ).map("\n".join),
        wishes,
        st.sampled_from(["", "Berikutnya:\n• Batik\n\n#UMKM"]),
    )
    def test_merging_twice_changes_nothing_however_damaged_the_text_was(self, existing, wish, previous):
        block = compose(wish, room(existing, previous))
        merged = merge(existing, block, previous)
        assert merged == merge(merged, block, block)
        assert merged == merge(merged, block)
        lines = merged.split("\n")
        assert 1 == lines.count(OPENING) == lines.count(CLOSING)


class TestDamagedMarkers:
    """Between intact markers everything is the block's; where one is missing, people's lines are spared."""

    OLD = compose(wish(entry(1), following=(entry(2),), others=(entry(3),)), 4000)
    NEW = compose(wish(entry(2), following=(entry(3),)), 4000)
    WHOLE = f"{OPENING}\n{NEW}\n{CLOSING}"

    @pytest.mark.parametrize("previous", [OLD, ""])
    def test_a_missing_end_is_mended_and_the_text_below_stays(self, previous):
        existing = f"Di atas\n{OPENING}\n{self.OLD}\n\nAlamat: Jalan Jetayu 1\n"
        merged = merge(existing, self.NEW, previous)
        # Without memory hashtags might be anybody's: they stay.
        tags = "" if previous else "\n\n#UMKM #Pekalongan"
        assert f"Di atas\n{self.WHOLE}{tags}\n\nAlamat: Jalan Jetayu 1\n" == merged

    def test_a_missing_start_is_mended_and_the_text_above_stays(self):
        existing = f"Selamat datang\n\n{self.OLD}\n{CLOSING}\nDi bawah"
        assert f"Selamat datang\n\n{self.WHOLE}\nDi bawah" == merge(existing, self.NEW, self.OLD)

    def test_a_marker_that_somebody_typed_into_is_still_one(self):
        existing = f"▼▼ Expo ▼▼▼▼ \r\n{self.OLD}\r\n▲▲EXPO\r\nDi bawah"
        assert f"{self.WHOLE}\r\nDi bawah" == merge(existing, self.NEW)

    def test_a_block_that_stands_there_twice_stays_once(self):
        existing = f"{OPENING}\n{self.OLD}\n{CLOSING}\nTengah\n{OPENING}\n{self.OLD}\n{CLOSING}\nAkhir"
        assert f"{self.WHOLE}\nTengah\nAkhir" == merge(existing, self.NEW)

    def test_a_block_without_any_marker_is_known_by_its_text(self):
        assert f"Atas\n{self.WHOLE}\nBawah" == merge(f"Atas\n{self.OLD}\nBawah", self.NEW, self.OLD)

    def test_a_description_cut_off_inside_the_block_is_mended(self):
        existing = f"Atas\n{OPENING}\n{self.OLD[:150]}"
        assert f"Atas\n{self.WHOLE}" == merge(existing, self.NEW)

    def test_words_about_an_expo_are_not_a_marker(self):
        own = "EXPO\n▼▼▼\nPekalongan ▼ EXPO ▼\n"
        assert merge(own, self.NEW).endswith(f"{CLOSING}\n\n{own}")


def test_people_who_wrote_5000_bytes_are_told_instead_of_cut():
    own = "é" * 2500
    assert 0 == room(own)
    with pytest.raises(NoRoom):
        merge(own, "x")


def test_forbidden_characters_outside_the_block_are_not_rewritten():
    assert merge("a < b", "x").endswith("a < b")


class TestSchedule:
    """What the block says while nobody can update it: nothing that stops being true."""

    def test_nobody_is_said_to_be_on_air_and_those_on_now_and_next_have_their_times(self):
        moment = wish(entry(1, start=NINE), following=(entry(2), entry(3)))
        lines = compose(moment.as_schedule(), 5000).split("\n")
        assert f"📺 Pekalongan Hybrid Expo UMKM – {SHOP}" == lines[0]
        assert "Jadwal:" == lines[2]
        assert "09.00 WIB · Batik Sekar 1 – https://toko.example/umkm-1" == lines[3]
        assert lines[4].startswith("09.08 WIB · Batik Sekar 2")

    def test_with_nothing_on_air_it_is_the_text_between_items(self):
        assert compose(wish(following=(entry(2),)), 5000) == compose(wish(following=(entry(2),)).as_schedule(), 5000)
