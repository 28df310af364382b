"""Changed exhibitors go back into exhibitors.csv cell by cell; all else stays byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.schedule_files.exhibitor_rows import cells_of, with_changes
from broadcaster.show.rundown import ExhibitorId

SEKAR, WANGI = ExhibitorId("sekar"), ExhibitorId("wangi")

TYPED = """\ufeffsep=;
kode;Nama Usaha;Kota ;toko;"catatan; lain"
sekar; "Batik ""Sekar"" Jagad";Pekalongan;;"pukul 9; pagi"

wangi;Kopi Wangi;"Kota
Semarang";https://wangi.example;-
"""


def test_nothing_is_touched_but_the_cells_that_change():
    changed = with_changes(TYPED, {WANGI: {"city": "Batang", "shop": "https://wangi.example"}})
    assert changed == TYPED.replace('"Kota\nSemarang"', "Batang")


def test_a_cell_in_quotation_marks_beside_it_stays_as_it_is_written():
    changed = with_changes(TYPED, {SEKAR: {"shop": "https://sekar.example/a;b"}})
    assert changed == TYPED.replace("Pekalongan;;", 'Pekalongan;"https://sekar.example/a;b";')


def test_a_column_that_is_not_there_is_added_at_the_end():
    changed = with_changes("id,name\r\nsekar,Batik\r\n\r\nwangi,Kopi\r\n", {SEKAR: {"tagline": "Tulis, cap"}})
    assert changed == 'id,name,tagline\r\nsekar,Batik,"Tulis, cap"\r\n\r\nwangi,Kopi,\r\n'


def test_a_new_exhibitor_is_the_last_row_and_one_that_goes_takes_its_row_along():
    changed = with_changes(TYPED, {ExhibitorId("baru"): {"name": 'Tenun "Baru"'}, SEKAR: None})
    head, _, rest = TYPED.partition("sekar;")
    assert changed == head + "\nwangi;" + rest.partition("\nwangi;")[2] + 'baru;"Tenun ""Baru""";;;\n'


def test_a_file_without_a_last_line_end_gets_one_before_the_new_row():
    assert with_changes("id,name\nsekar,Batik", {WANGI: {"name": "Kopi"}}) == "id,name\nsekar,Batik\nwangi,Kopi\n"


def test_a_show_without_exhibitors_gets_the_file():
    made = with_changes("", {SEKAR: {"name": "Batik"}})
    assert cells_of(made)[SEKAR]["name"] == "Batik"


def test_what_the_file_says_is_read_as_it_is_written():
    assert cells_of(TYPED) == {
        SEKAR: {"name": 'Batik "Sekar" Jagad', "city": "Pekalongan", "shop": ""},
        WANGI: {"name": "Kopi Wangi", "city": "Kota\nSemarang", "shop": "https://wangi.example"},
    }


cells = st.text(st.sampled_from(list("ab\",;\t \n'")), max_size=6)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=4), cells, st.data())
def test_whatever_is_in_the_cells_one_changes_and_the_others_do_not(delimiter, rows, new, data):
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    text = delimiter.join(["id", "name", "city"]) + "\n"
    for number, (name, city) in enumerate(rows):
        text += delimiter.join([f"x{number}", quoted(name), quoted(city)]) + "\n"
    which = data.draw(st.integers(0, len(rows) - 1))
    after = cells_of(with_changes(text, {ExhibitorId(f"x{which}"): {"city": new}}))
    for number, (name, city) in enumerate(rows):
        expected = new if number == which else city
        assert after[ExhibitorId(f"x{number}")] == {"name": name.strip(), "city": expected.strip()}
