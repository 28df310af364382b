"""What a template makes of the show, before viewers see it."""

from __future__ import annotations

from broadcaster.devices.youtube.preview import preview
from broadcaster.show.description import CLOSING, OPENING, compose, room
from tests.devices.youtube.doubles import wish

OWN = "Siaran langsung pameran UMKM.\n"


def test_a_template_that_is_still_being_written_is_shown_within_peoples_own_text(tmp_path):
    shown = preview(wish(1), tmp_path / "description.txt", "Tayang: {{ on_air.name }}", OWN)
    assert f"{OPENING}\nTayang: Batik Sekar 1\n{CLOSING}\n\n{OWN}" == shown.text
    assert ("Tayang: Batik Sekar 1", "") == (shown.block, shown.fault)
    assert len(shown.text.encode()) == shown.bytes
    assert shown.bytes == shown.own_bytes + len(b"Tayang: Batik Sekar 1")


def test_without_one_the_shows_own_file_is_used(tmp_path):
    path = tmp_path / "description.txt"
    assert compose(wish(1), room("")) == preview(wish(1), path).block
    path.write_text("Halo", "utf-8")
    assert "Halo" == preview(wish(1), path).block


def test_a_fault_names_its_line_and_the_built_in_words_are_shown(tmp_path):
    shown = preview(wish(1), tmp_path / "description.txt", "Halo\n{{ toko }}")
    assert (2, True) == (shown.line, "toko" in shown.fault)
    assert compose(wish(1), room("")) == shown.block


def test_what_is_too_long_is_cut_as_it_will_be(tmp_path):
    shown = preview(wish(1), tmp_path / "description.txt", "baris panjang\n" * 1000, OWN)
    assert 4900 < shown.bytes <= 5000
