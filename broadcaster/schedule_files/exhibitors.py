"""exhibitors.csv: one row a business.

It is written in spreadsheets, so `;` and tabs, byte order marks and Indonesian headers are fine.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _
from broadcaster.schedule_files.links import BadLink, https_link, instagram_link, whatsapp_link
from broadcaster.schedule_files.names import cleaned
from broadcaster.schedule_files.problems import ProblemList, did_you_mean, nearest, one_of
from broadcaster.show.edits.values import EXHIBITOR_KEYS
from broadcaster.show.rundown import Exhibitor, ExhibitorId, Media

if TYPE_CHECKING:
    from _csv import Reader

    from broadcaster.schedule_files.media import MediaFolder

FILE = "exhibitors.csv"

COLUMNS = ("id", *EXHIBITOR_KEYS)

_SYNONYMS = {
    "id": "kode, kode peserta, id peserta, id umkm, slug, code",
    "name": "nama, nama usaha, nama umkm, nama peserta, usaha, umkm, merek, brand, business, business name, exhibitor",
    "owner": "pemilik, nama pemilik, pengusaha, pengelola",
    "city": "kota, kabupaten, kab/kota, kota/kabupaten, asal, asal kota, daerah, domisili, town",
    "category": "kategori, bidang, bidang usaha, sektor, jenis usaha, jenis produk",
    "kind": "jenis, tipe, type, keikutsertaan, jenis peserta, kepesertaan",
    "stand": "stan, no stan, nomor stan, no stand, nomor stand, booth, no booth, nomor booth, lapak",
    "tagline": "slogan, semboyan, moto, motto, tag line",
    "products": "produk, product, daftar produk, produk unggulan, barang",
    "video": "vidio, berkas video, file video, video profil, profil video",
    "catalogue": "katalog, catalog, link katalog, katalog produk",
    "shop": "toko, toko online, website, situs, web, link toko, tautan, link",
    "shopee": "link shopee, toko shopee",
    "tokopedia": "link tokopedia, tokped, toko tokopedia",
    "instagram": "ig, akun instagram, akun ig, insta",
    "whatsapp": "wa, no wa, nomor wa, no whatsapp, nomor whatsapp, telepon, telp, no hp, nomor hp, hp, phone",
}
_COLUMN = {name: name for name in COLUMNS} | {
    synonym: column for column, synonyms in _SYNONYMS.items() for synonym in synonyms.split(", ")
}
_KINDS = {"virtual": "virtual", "online": "virtual", "daring": "virtual"} | dict.fromkeys(
    ("stand", "stan", "booth", "fisik", "luring", "offline"), "stand"
)
_LINKS: dict[str, Callable[[str], str | BadLink]] = {
    "catalogue": https_link,
    "shop": https_link,
    "shopee": https_link,
    "tokopedia": https_link,
    "instagram": instagram_link,
    "whatsapp": whatsapp_link,
}
_NOTHING = {"-", "–", "—", "n/a"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells, and the line on which each begins."""

    line: int
    cells: list[str]

    def line_of(self, column: int) -> int:
        return self.line + sum(_line_ends(cell) for cell in self.cells[:column])


@dataclass(frozen=True, slots=True)
class Exhibitors:
    """`lines` are for problems that show only later: an exhibitor that is never scheduled."""

    by_id: dict[ExhibitorId, Exhibitor]
    lines: dict[ExhibitorId, int]
    usable: bool = True
    """False when the file could not be read, so that nobody is told of unknown exhibitors."""


def read_exhibitors(text: str, media: MediaFolder, problems: ProblemList) -> Exhibitors:
    rows = list(_rows(text, problems))
    if not rows or rows[0] is None:
        if not rows:
            problems.error(
                1,
                _("The file is empty."),
                _("The first row names the columns: %(columns)s.", columns=",".join(COLUMNS)),
            )
        return Exhibitors({}, {}, usable=False)
    known = columns(rows[0], problems)
    if known is None:
        return Exhibitors({}, {}, usable=False)
    found = Exhibitors({}, {}, usable=rows[-1] is not None)
    sheet = _Sheet(known, len(rows[0].cells), media, problems)
    for row in rows[1:]:
        if row is not None and any(cell.strip() for cell in row.cells):
            sheet.take(row, found)
    return found


def _rows(text: str, problems: ProblemList) -> Iterator[Row | None]:
    """The rows with their lines, blank ones left out; None in place of the rest when quoting breaks down."""
    delimiter, preamble = dialect(text)
    skipped = 1 if preamble else 0
    reader = reading(io.StringIO(text[preamble:], newline=""), delimiter)
    line = 1 + skipped
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.error(
                line,
                _("The quotation marks of this row do not match; the rest of the file cannot be read."),
                _('Put the whole cell between two ", and write a " inside it as "".'),
            )
            yield None
            return
        if cells:
            yield Row(line, cells)
        line = reader.line_num + 1 + skipped


def dialect(text: str) -> tuple[str, int]:
    """What parts the cells, and how many characters Excel's own first line takes, "sep=;", where there is one."""
    separator = re.match(r"\"?sep=([,;\t|])?[^\r\n]*(?:\r\n|\r|\n)", text, re.IGNORECASE)
    preamble = 0 if separator is None else separator.end()
    if separator is not None and separator[1] is not None:
        return separator[1], preamble
    head = re.sub(r'"[^"]*"', "", text[preamble : preamble + 20_000]).lstrip().partition("\n")[0]
    return max(",;\t", key=head.count), preamble


def reading(lines: Iterable[str], delimiter: str) -> Reader:
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)


def columns(header: Row, problems: ProblemList) -> dict[str, int] | None:
    """Where each known column stands; None when no rows can be made of it."""
    found: dict[str, int] = {}
    failed = False
    for place, cell in enumerate(header.cells):
        title = re.sub(r"[\s_.:]+", " ", cell).strip().casefold()
        if not title:
            continue
        column = _COLUMN.get(title)
        line = header.line_of(place)
        if column is None:
            near = nearest(title, _COLUMN)
            problems.warning(
                line,
                _("Unknown column “%(column)s”; it is ignored.", column=cell.strip()),
                did_you_mean(title, COLUMNS) if near is None else _("Did you mean “%(word)s”?", word=near),
            )
        elif column in found:
            failed = True
            problems.error(
                line,
                _(
                    "Column “%(column)s” stands for “%(meaning)s”, which is there already.",
                    column=cell.strip(),
                    meaning=column,
                ),
                _("Remove or rename one of the two columns."),
            )
        else:
            found[column] = place
    for column, hint in (
        ("id", _("Add a column “id” with a short, stable name for each exhibitor, like batik-sekar.")),
        ("name", _("Add a column “name” with the name that viewers read.")),
    ):
        if column not in found:
            failed = True
            problems.error(header.line, _("Column “%(column)s” is missing.", column=column), hint)
    return None if failed else found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The sheet below its header."""

    columns: dict[str, int]
    width: int
    media: MediaFolder
    problems: ProblemList

    def take(self, row: Row, found: Exhibitors) -> None:
        """Add the row's exhibitor to `found`, or tell why it can't be."""
        cells = row.cells
        while len(cells) > self.width and not cells[-1].strip():
            cells.pop()
        whole = len(cells) == self.width
        if not whole:
            self.problems.error(
                row.line,
                _("The row has %(found)s cells, the header has %(wanted)s.", found=len(cells), wanted=self.width),
                _("Put cells that contain a comma or semicolon between quotation marks."),
            )
        values = {name: cells[place] for name, place in self.columns.items() if place < len(cells)}
        identifier = ExhibitorId(values.get("id", "").strip())
        if not identifier:
            self.problems.error(
                row.line_of(self.columns["id"]),
                _("The exhibitor has no id."),
                _("Give each exhibitor a short, stable id, like batik-sekar."),
            )
        elif identifier in found.by_id:
            self.problems.error(
                row.line_of(self.columns["id"]),
                _("Exhibitor “%(id)s” is already on line %(line)s.", id=identifier, line=found.lines[identifier]),
                _("Give each exhibitor an id of its own."),
            )
        else:
            found.lines[identifier] = row.line
            # A row of the wrong width still counts, so that items that name it are not called wrong as well.
            found.by_id[identifier] = (
                self._exhibitor(identifier, row, values) if whole else Exhibitor(identifier, identifier, kind="stand")
            )

    def _exhibitor(self, identifier: ExhibitorId, row: Row, values: dict[str, str]) -> Exhibitor:
        def line(column: str) -> int:
            return row.line_of(self.columns[column])

        def words(column: str) -> str:
            return cleaned(values[column], line(column), column, self.problems) if column in values else ""

        def link(column: str) -> str:
            text = values.get(column, "").strip()
            if not text or text in _NOTHING:
                return ""
            answer = _LINKS[column](text)
            if isinstance(answer, BadLink):
                self.problems.fault(line(column), f"{column}: {answer.message}", answer.hint)
                return ""
            return answer

        name = words("name")
        if not name:
            self.problems.error(
                line("name"), _("Exhibitor “%(id)s” has no name.", id=identifier), _("Fill in its name.")
            )
        kind_word = values.get("kind", "").strip()
        kind = _KINDS.get(kind_word.casefold() or "virtual")
        if kind is None:
            self.problems.error(
                line("kind"),
                _("kind cannot be “%(kind)s”.", kind=kind_word),
                one_of(("virtual", "stand")),
            )
        video_path = values.get("video", "").strip()
        video: Media | None = None
        if video_path and video_path not in _NOTHING:
            video = self.media.take(video_path, line("video"), self.problems)
        return Exhibitor(
            id=identifier,
            name=name or identifier,
            owner=words("owner"),
            city=words("city"),
            category=words("category"),
            kind=kind or "virtual",
            stand=words("stand"),
            tagline=words("tagline"),
            products=words("products"),
            video=video,
            **{column: link(column) for column in _LINKS},
        )


def _line_ends(cell: str) -> int:
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")
