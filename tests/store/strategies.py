"""As-run rows, changes and revisions of every shape, for Hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from broadcaster.ports import Change, JournalEntry, Revision
from broadcaster.show.as_run import AsRun, Outcome
from broadcaster.show.rundown import ExhibitorId, ItemId, ItemType

zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# A day from either end: an instant there has no UTC form.
_day = timedelta(days=1)
_first, _last = datetime.min + _day, datetime.max - _day  # noqa: DTZ901  (Hypothesis adds the zone)
instants = st.datetimes(_first, _last, timezones=zones | st.just(UTC))
words = st.text(max_size=40)
json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
json_objects = st.dictionaries(words, json, max_size=4)

rows = st.builds(
    AsRun,
    day=st.dates(),
    item=words.map(ItemId),
    airing=st.integers(1, 2**31 - 1),
    cue=words,
    type=st.sampled_from(ItemType),
    title=words,
    exhibitor=st.none() | words.map(ExhibitorId),
    media=st.none() | words,
    planned_start=st.none() | instants,
    expected_start=st.none() | instants,
    actual_start=st.none() | instants,
    actual_end=st.none() | instants,
    outcome=st.none() | st.sampled_from(Outcome),
    note=words,
)
entries = st.builds(JournalEntry, at=instants, kind=words, values=json_objects)
revisions = st.builds(
    Revision, at=instants, item=st.none() | words.map(ItemId), text=st.text(), state=words, detail=words
)
changes = st.builds(
    Change,
    at=instants,
    show=words,
    snapshot=json_objects,
    rows=st.lists(rows, max_size=3, unique_by=lambda row: (row.item, row.airing)).map(tuple),
    journal=st.lists(entries, max_size=3).map(tuple),
)
