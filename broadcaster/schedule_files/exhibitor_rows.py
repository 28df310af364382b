"""Changed exhibitors back into exhibitors.csv: their cells only, every other byte as it was."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.schedule_files.exhibitors import COLUMNS, FILE, Row, columns, dialect, reading
from broadcaster.schedule_files.problems import ProblemList
from broadcaster.schedule_files.text import BOM
from broadcaster.show.rundown import ExhibitorId

if TYPE_CHECKING:
    from collections.abc import Mapping

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet that could be read: `rows` are the raw text of each and its cells; the first is the header."""

    head: str
    delimiter: str
    newline: str
    rows: list[tuple[str, list[str]]]
    columns: dict[str, int]


def cells_of(text: str) -> dict[ExhibitorId, Cells]:
    """What the file says of each exhibitor, column by column, as it is written."""
    sheet = _sheet(text)
    if sheet is None:
        return {}
    found: dict[ExhibitorId, Cells] = {}
    for _raw, cells in sheet.rows[1:]:
        values = {name: cells[place].strip() for name, place in sheet.columns.items() if place < len(cells)}
        identifier = values.pop("id", "")
        if identifier:
            found.setdefault(ExhibitorId(identifier), values)
    return found


def with_changes(text: str, changes: Mapping[ExhibitorId, Mapping[str, str] | None]) -> str:
    """The text with cells changed, new rows at its end, and without the rows of those that are None.

    `text` may be empty, for a show that had no exhibitors. A column that is not there yet is added.
    """
    sheet = _sheet(text) if text.strip(BOM).strip() else _sheet(",".join(COLUMNS) + "\n")
    if sheet is None:
        raise ValueError(f"{FILE} cannot be read")
    wanted = {key for values in changes.values() for key in values or ()} - sheet.columns.keys()
    for key in sorted(wanted, key=COLUMNS.index):
        sheet = _with_column(sheet, key)
    left = dict(changes)
    lines = [sheet.rows[0][0]]
    for raw, cells in sheet.rows[1:]:
        place = sheet.columns["id"]
        identifier = ExhibitorId(cells[place].strip()) if place < len(cells) else ExhibitorId("")
        if identifier not in left:
            lines.append(raw)
            continue
        values = left.pop(identifier)
        if values is not None:
            lines.append(_changed(raw, cells, values, sheet))
    for identifier, values in left.items():
        if values is not None:
            if not lines[-1].endswith(("\n", "\r")):
                lines[-1] += sheet.newline
            lines.append(_new(identifier, values, sheet))
    return sheet.head + "".join(lines)


def _sheet(text: str) -> _Sheet | None:
    mark = BOM if text.startswith(BOM) else ""
    text = text.removeprefix(BOM)
    delimiter, preamble = dialect(text)
    lines = io.StringIO(text[preamble:], newline="").readlines()
    reader = reading(iter(lines), delimiter)
    rows: list[tuple[str, list[str]]] = []
    head = mark + text[:preamble]
    begin = 0
    try:
        for cells in reader:
            raw = "".join(lines[begin : reader.line_num])
            begin = reader.line_num
            if rows or any(cell.strip() for cell in cells):
                rows.append((raw, cells))
            else:
                head += raw  # blank lines above the header
    except csv.Error:
        return None
    known = columns(Row(1, rows[0][1]), ProblemList(FILE, [])) if rows else None
    if known is None:
        return None
    ends = [line[len(line.rstrip("\r\n")) :] for line in lines]
    return _Sheet(head, delimiter, next((end for end in ends if end), "\n"), rows, known)


def _with_column(sheet: _Sheet, key: str) -> _Sheet:
    rows = []
    for place, (raw, cells) in enumerate(sheet.rows):
        if not cells:
            rows.append((raw, cells))
            continue
        body = raw.rstrip("\r\n")
        word = key if place == 0 else ""
        rows.append((body + sheet.delimiter + word + raw[len(body) :], [*cells, word]))
    known = {**sheet.columns, key: len(sheet.rows[0][1])}
    return _Sheet(sheet.head, sheet.delimiter, sheet.newline, rows, known)


def _changed(raw: str, cells: list[str], values: Mapping[str, str], sheet: _Sheet) -> str:
    body = raw.rstrip("\r\n")
    written = _raw_cells(body, sheet.delimiter)
    if len(written) != len(cells):
        written = [_quoted(cell, sheet.delimiter) for cell in cells]
    for key, value in values.items():
        place = sheet.columns[key]
        written += [""] * (place + 1 - len(written))
        if place >= len(cells) or cells[place].strip() != value.strip():
            written[place] = _quoted(value, sheet.delimiter)
    return sheet.delimiter.join(written) + raw[len(body) :]


def _new(identifier: ExhibitorId, values: Mapping[str, str], sheet: _Sheet) -> str:
    cells = [""] * len(sheet.rows[0][1])
    for key, value in {**values, "id": identifier}.items():
        cells[sheet.columns[key]] = _quoted(value, sheet.delimiter)
    return sheet.delimiter.join(cells) + sheet.newline


def _raw_cells(body: str, delimiter: str) -> list[str]:
    """The cells of a row as they are written, quotation marks and all."""
    cells, current, is_quoted = [], "", False
    for letter in body:
        if letter == '"' and (is_quoted or not current.strip()):
            is_quoted = not is_quoted
        elif letter == '"' and current.lstrip().startswith('"'):
            is_quoted = True  # the second of a pair, which stands for one
        if letter == delimiter and not is_quoted:
            cells.append(current)
            current = ""
        else:
            current += letter
    return [*cells, current]


def _quoted(value: str, delimiter: str) -> str:
    text = value.strip()
    if any(mark in text for mark in (delimiter, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text
