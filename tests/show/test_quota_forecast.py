"""What a show will cost, before anything is spent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from broadcaster.show.quota import day_end
from broadcaster.show.quota_forecast import BROADCAST, CHAT, LAST_WORD, LINE_1, WATCHING, Use, forecast
from broadcaster.show.rundown import Day, Exhibitor, ExhibitorId, Item, ItemId, ItemType, Rundown

NINE = datetime(2026, 11, 24, 2, tzinfo=UTC)
"""09.00 in Pekalongan; the quota is whole again at 15.00."""


def show(exhibitors: int, days: int = 1, *, each: timedelta = timedelta(minutes=6), link="https://toko.example/a"):
    """So many exhibitors on each day from 09.00, one after the other."""
    known = {
        (key := ExhibitorId(f"x-{d}-{n}")): Exhibitor(key, f"Usaha {n}", shop=link)
        for d in range(days)
        for n in range(exhibitors)
    }
    return Rundown(
        "Expo",
        "Asia/Jakarta",
        tuple(
            Day(
                date(2026, 11, 24 + d),
                f"Hari {d + 1}",
                tuple(
                    Item(
                        ItemId(f"p-{d}-{n}"),
                        str(n),
                        ItemType.PROFILE,
                        f"Usaha {n}",
                        exhibitor=ExhibitorId(f"x-{d}-{n}"),
                        start=NINE + timedelta(days=d) if n == 0 else None,
                        duration=each,
                    )
                    for n in range(exhibitors)
                ),
            )
            for d in range(days)
        ),
        exhibitors=known,
    )


def test_a_show_that_goes_past_the_reset_spends_from_two_days():
    """70 exhibitors of 6 minutes from 09.00: 60 of them until 15.00 WIB, when it is midnight in Los Angeles."""
    first, second = forecast(show(70), watch_every=None)
    assert day_end(NINE) == first.ends == second.begins
    assert (60 * 51, 10 * 51) == (first.units[LINE_1], second.units[LINE_1])
    assert (0, 52) == (first.units.get(LAST_WORD, 0), second.units[LAST_WORD])


def test_chat_costs_only_where_it_is_wanted_and_there_is_a_link():
    assert CHAT not in forecast(show(3))[0].units
    assert 3 * 20 == forecast(show(3), chat=True)[0].units[CHAT]
    assert CHAT not in forecast(show(3, link="http://toko.example"), chat=True)[0].units


def test_a_two_day_show_of_seventy_exhibitors_each_day_stays_within_ten_thousand_units_a_day():
    """Everything on, and at the older price of a chat message."""
    live = ("liveBroadcasts.insert", "liveBroadcasts.bind", "thumbnails.set", "liveBroadcasts.transition")
    further = [Use(NINE + timedelta(days=d), BROADCAST, live) for d in range(2)]
    days = forecast(show(70, 2), chat=True, further=further, costs={"liveChatMessages.insert": 50})
    assert 3 == len(days)
    assert all(day.total <= 10_000 - 500 for day in days), [day.total for day in days]


def test_watching_costs_two_units_a_look_and_reading_back_one():
    (day,) = forecast(show(10), watch_every=timedelta(minutes=1))
    assert 60 * 2 + 10 == day.units[WATCHING]


def test_what_is_skipped_costs_nothing():
    (day,) = show(2).days
    rundown = replace(show(2), days=(replace(day, items=(day.items[0], replace(day.items[1], skip=True))),))
    assert 51 == forecast(rundown)[0].units[LINE_1]


def test_a_show_without_times_has_no_forecast():
    assert () == forecast(Rundown("Expo", "Asia/Jakarta", ()))
