"""The exhibitor's link in the live chat."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.show.chat_message import MAX_MESSAGE, chat_message
from tests.devices.youtube.doubles import wish
from tests.entries import entry


def test_it_names_the_exhibitor_and_its_link():
    assert "🔴 Batik Sekar 1 – https://toko.example/umkm-1" == chat_message(wish(1))


@pytest.mark.parametrize(
    "on_air",
    [None, entry(exhibitor=None), entry(link=""), entry(link="http://toko.example"), entry(link="javascript:x")],
)
def test_without_an_exhibitor_and_a_safe_link_there_is_nothing_to_say(on_air):
    assert "" == chat_message(replace(wish(1), on_air=on_air))


def test_a_link_that_fits_only_alone_stands_alone():
    link = "https://toko.example/" + "a" * (MAX_MESSAGE - 21)
    assert link == chat_message(replace(wish(1), on_air=entry(link=link)))
    assert "" == chat_message(replace(wish(1), on_air=entry(link=f"{link}a")))


@given(st.text(max_size=300), st.integers(0, 250))
def test_it_never_exceeds_200_characters_and_never_cuts_the_link(name, length):
    link = "https://toko.example/" + "a" * length
    text = chat_message(replace(wish(1), on_air=entry(name=name, link=link)))
    assert len(text.encode("utf-16-le")) // 2 <= MAX_MESSAGE
    assert not text or text.endswith(link)
    assert not {"<", ">", "\n"}.intersection(text)
