"""Who is ready to be shown, and who still owes what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadcaster.show.readiness import Lack, lacks
from broadcaster.show.rundown import Exhibitor, ExhibitorId, Media

VIDEO = Media("/sekar.mp4", timedelta(minutes=4))
BROKEN = Media("/sekar.mp4", fault="the file is missing")
LINK = "https://sekar.example"


@pytest.mark.parametrize(
    ("given", "is_scheduled", "expected"),
    [
        ({"video": VIDEO, "shop": LINK}, True, ()),
        ({"shop": LINK}, True, (Lack.NO_VIDEO,)),
        ({"video": BROKEN, "shop": LINK}, True, (Lack.BAD_VIDEO,)),
        ({"video": VIDEO}, True, (Lack.NO_LINK,)),
        ({"video": VIDEO, "whatsapp": "https://wa.me/6281234567890"}, True, ()),
        ({"video": VIDEO, "shop": LINK}, False, (Lack.NOT_SCHEDULED,)),
        ({}, False, (Lack.NO_VIDEO, Lack.NO_LINK, Lack.NOT_SCHEDULED)),
        ({"kind": "stand", "shop": LINK}, False, ()),
    ],
)
def test_what_an_exhibitor_still_owes(given, is_scheduled, expected):
    assert lacks(Exhibitor(ExhibitorId("sekar"), "Sekar", **given), is_scheduled=is_scheduled) == expected


@pytest.mark.parametrize(("given", "expected"), [({"shop": LINK}, (Lack.DEAD_LINK,)), ({}, (Lack.NO_LINK,))])
def test_a_link_that_leads_nowhere_is_owed_like_one_that_is_missing(given, expected):
    exhibitor = Exhibitor(ExhibitorId("sekar"), "Sekar", video=VIDEO, **given)
    assert lacks(exhibitor, is_scheduled=True, is_link_dead=True) == expected
