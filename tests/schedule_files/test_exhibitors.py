"""exhibitors.csv as it comes out of spreadsheets."""

from __future__ import annotations

import pytest

from broadcaster.schedule_files.links import BadLink, https_link, instagram_link, whatsapp_link
from broadcaster.show.rundown import Exhibitor, ExhibitorId

INDONESIAN = (
    "Kode;Nama Usaha;Pemilik;Kota;Kategori;Jenis;No. Stan;Slogan;Produk;Video;Katalog;Toko;Shopee;Tokopedia;IG;No. WA\n"
    'sekar;Batik Sekar;Bu Ratna;Pekalongan;batik/fesyen;stan;A-07;Sejak 1987;"kain, selendang";sekar.mp4;'
    "https://sekar.example/katalog.pdf;https://sekar.example;https://shopee.example/sekar;-;@batik.sekar;0812-3456-7890\n"
    "wangi;Kopi Wangi;;;;daring;;;;wangi.mp4;;;;;;\n"
)


def test_a_sheet_from_an_indonesian_excel_is_understood(show, probe):
    show.put("exhibitors.csv", b"\xef\xbb\xbf" + INDONESIAN.replace("\n", "\r\n").encode())
    reading = show.read(probe)
    assert () == reading.problems
    sekar = reading.rundown.exhibitors["sekar"]
    expected = Exhibitor(
        id=ExhibitorId("sekar"),
        name="Batik Sekar",
        owner="Bu Ratna",
        city="Pekalongan",
        category="batik/fesyen",
        kind="stand",
        stand="A-07",
        tagline="Sejak 1987",
        products="kain, selendang",
        video=sekar.video,
        catalogue="https://sekar.example/katalog.pdf",
        shop="https://sekar.example",
        shopee="https://shopee.example/sekar",
        instagram="https://www.instagram.com/batik.sekar",
        whatsapp="https://wa.me/6281234567890",
    )
    assert expected == sekar
    assert "virtual" == reading.rundown.exhibitors["wangi"].kind


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_usual_separator_will_do(show, probe, separator):
    text = (show.folder / "exhibitors.csv").read_text().replace(",", separator)
    show.put("exhibitors.csv", text)
    assert () == show.problems(probe)


def test_the_line_that_excel_puts_first_is_counted_and_not_read(show, probe):
    text = (show.folder / "exhibitors.csv").read_text().replace("sekar.mp4", "skr.mp4")
    show.put("exhibitors.csv", "sep=,\r\n" + text)
    assert [3] == [problem.line for problem in show.problems(probe)]


@pytest.mark.parametrize("odd", ['"', "'", " ", "x", "", "\r", '""'])
def test_an_odd_separator_in_excels_line_does_not_stop_the_reading(show, probe, odd):
    """The line is skipped, and the separator found out from the header."""
    show.put("exhibitors.csv", f"sep={odd}\n" + (show.folder / "exhibitors.csv").read_text())
    assert () == show.problems(probe)


def test_lines_are_counted_through_cells_of_several_lines(show, probe):
    show.put(
        "exhibitors.csv",
        'id,name,products,shop,video\nsekar,Batik Sekar,"kain\r\nselendang\n\nbaju",http://sekar.example,sekar.mp4\n'
        "\n\nwangi,Kopi Wangi,,http://wangi.example,wangi.mp4\n",
    )
    assert [5, 8] == [problem.line for problem in show.problems(probe)]
    assert "kain selendang baju" == show.read(probe).rundown.exhibitors["sekar"].products


def test_a_link_that_is_not_fit_is_not_shown_and_the_show_goes_on(show, probe):
    show.put(
        "exhibitors.csv",
        "id,name,video,shop,shopee\nsekar,Batik Sekar,sekar.mp4,javascript:alert(1),https://shopee.example/s\n"
        "wangi,Kopi Wangi,wangi.mp4,,\n",
    )
    reading = show.read(probe)
    assert [("error", False, 2)] == [(p.severity, p.blocking, p.line) for p in reading.problems]
    sekar = reading.rundown.exhibitors["sekar"]
    assert ("", "https://shopee.example/s") == (sekar.shop, sekar.link)


def test_a_password_in_a_link_is_not_repeated_in_the_message(show, probe):
    show.put(
        "exhibitors.csv",
        "id,name,video,shop\nsekar,Sekar,sekar.mp4,https://admin:rahasia@sekar.example\nwangi,Wangi,wangi.mp4,\n",
    )
    (problem,) = show.problems(probe)
    assert "rahasia" not in f"{problem.message}{problem.hint}"


def test_a_stand_in_the_hall_is_not_missed_in_the_rundown(show, probe):
    show.put("exhibitors.csv", (show.folder / "exhibitors.csv").read_text() + "x,Stan X,stand,\ny,Virtual Y,virtual,\n")
    assert [("warning", 5)] == [(problem.severity, problem.line) for problem in show.problems(probe)]


@pytest.mark.parametrize(
    "link",
    [
        "https://toko.example",
        "https://www.toko.example:8443/a/b?c=d&e=f#g",
        "https://münchen.example/",
        "HTTPS://toko.example/100%25",
    ],
)
def test_complete_https_links_stay_as_they_are(link):
    assert link == https_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "http://toko.example",
        "toko.example",
        "//toko.example",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:toko.example",
        "https:///toko",
        "https://localhost",
        "https://a b.example",
        "https://toko.example/\u202egpj",
        "https://toko.example/\u200b",
        "https://user@toko.example",
        "https://user:pw@toko.example",
        "https://toko.example\\@jahat.example",
        "https://[::1",
        "https://toko..example",
        "https://-toko.example",
        "https://toko.example:99999",
        'https://toko.example/"><script>',
        "https://" + "a" * 64 + ".example",
        "",
    ],
)
def test_any_other_link_is_refused(link):
    assert isinstance(https_link(link), BadLink)


@pytest.mark.parametrize(
    "number",
    [
        "0812-3456-7890",
        "0812 3456 7890",
        "(0812) 3456.7890",
        "+6281234567890",
        "+62 812-3456-7890",
        "+62 (0)812 3456 7890",
        "6281234567890",
        "81234567890",
        "006281234567890",
        "https://wa.me/6281234567890",
        "wa.me/6281234567890?text=Halo",
        "https://api.whatsapp.com/send?phone=6281234567890&text=Halo",
    ],
)
def test_a_whatsapp_number_in_any_usual_writing_is_one_link(number):
    assert "https://wa.me/6281234567890" == whatsapp_link(number)


def test_a_number_abroad_stays_abroad():
    assert "https://wa.me/6591234567" == whatsapp_link("+65 9123 4567")


@pytest.mark.parametrize(
    "number", ["12", "tanya Bu Ratna", "6.28123E+12", "https://wa.link/abc", "+62 812 3456 7890 / 0813", "٠٨١٢٣٤٥٦٧٨٩"]
)
def test_what_is_no_whatsapp_number_is_refused(number):
    assert isinstance(whatsapp_link(number), BadLink)


@pytest.mark.parametrize(
    "name",
    ["@batik.sekar", "batik.sekar", "instagram.com/batik.sekar", "https://www.instagram.com/batik.sekar/?hl=id"],
)
def test_an_instagram_name_in_any_usual_writing_is_one_link(name):
    assert "https://www.instagram.com/batik.sekar" == instagram_link(name)


@pytest.mark.parametrize(
    "name", ["batik sekar", "@", "https://jahat.example/instagram.com/x", "javascript:alert(1)", "a" * 31]
)
def test_what_is_no_instagram_name_is_refused(name):
    assert isinstance(instagram_link(name), BadLink)
