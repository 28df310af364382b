"""Whatever the files contain, reading answers with a rundown or with problems, never with a traceback."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.schedule_files.reading import Files, interpret
from broadcaster.schedule_files.toml_layout import layout
from tests.schedule_files.conftest import DAY, EXHIBITORS, EXPO, FakeProbe

if TYPE_CHECKING:
    from broadcaster.schedule_files import Reading

SOUND = {
    "expo.toml": EXPO.encode(),
    "exhibitors.csv": EXHIBITORS.encode(),
    "day1.toml": DAY.encode(),
    "description.txt": b"{{ title }}",
}
names = st.sampled_from(sorted(SOUND))

KEYS = """
id type title exhibitor scene media start duration end skip note date planned_end item policy filler timezone shop_url
hashtags hard_start standby_scene x a.b
"""
VALUES = r"""
1 -1 0 1.5 nan inf true [] {} ["a","b"] [[1]] {a=1} 2026-11-24 09:00:00 2026-11-24T09:00:00 0xFFFFFFFFFFFFFFFFFF
0001-01-01T00:00:00+14:00 9999-12-31T23:59:59-12:00 9999-12-31 1979-05-27T07:32:00Z "live" "profile" "video" "break"
"sekar" "45m" "09.00" "Asia" "../.." "/" "https://[" "\u0000" [{a=1},{}]
"""
MULTILINE = ['"""a\n"b"""', "[\n1,#x\n]", "'''a\nb'''", '["""a\n""",\n"b"]']

keys = st.sampled_from(KEYS.split())
values = st.one_of(
    st.text().map(lambda text: '"' + text.replace("\\", "/").replace('"', "'").replace("\n", " ") + '"'),
    st.sampled_from(VALUES.split() + MULTILINE),
)
lines = st.one_of(
    st.builds("{} = {}".format, keys, values),
    st.sampled_from(
        ["[[item]]", "[policy]", "[item]", "[[item]", "", "# x", "[[item.x]]", "[item.x]", "]", '"""', "= 1"]
    ),
    st.text(max_size=20),
)
tomls = st.lists(lines, max_size=15).map("\n".join)
cells = st.one_of(
    st.text(max_size=10), st.sampled_from(["id", "nama", "kind", "video", "toko", "wa", "ig", '"', "\n", "sekar"])
)
csvs = st.lists(st.lists(cells, max_size=6).map(",".join), max_size=6).map("\n".join)


def reading_of(name: str, content: bytes, folder: Path = Path("/nonexistent/expo")) -> Reading:
    files = Files(MappingProxyType({**SOUND, name: content}), {})
    reading = interpret(files, folder, FakeProbe())
    assert (reading.rundown is None) == any(problem.blocking for problem in reading.problems)
    last = content.count(b"\n") + content.count(b"\r") + 1
    for problem in reading.problems:
        assert problem.message
        if problem.file.endswith(name):
            assert 1 <= problem.line <= last
        str(problem.as_json()).encode("utf-8")
    return reading


@given(names, st.binary())
def test_random_bytes_are_no_traceback(name, content):
    reading_of(name, content)


@given(names, st.text().map(lambda text: text.encode("utf-8")))
def test_random_text_is_no_traceback(name, content):
    reading_of(name, content)


@given(st.sampled_from(["expo.toml", "day1.toml"]), tomls)
def test_nearly_sensible_toml_is_no_traceback(name, text):
    reading_of(name, text.encode("utf-8"))


@given(csvs)
def test_nearly_sensible_csv_is_no_traceback(text):
    reading_of("exhibitors.csv", text.encode("utf-8"))


@given(names, st.data())
def test_a_sound_file_with_a_piece_lost_or_put_in_is_no_traceback(name, data):
    content = SOUND[name]
    begin = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(begin, min(len(content), begin + 12)))
    reading_of(name, content[:begin] + data.draw(st.binary(max_size=4)) + content[end:])


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 20_000,
        "a = " + "9" * 5000,
        "a = 0x" + "f" * 9000,
        "date = 0x" + "f" * 9000,
        "a" * 100_000 + " = 1",
        "a = " + "{a = " * 5000,
        "a." * 5000 + "a = 1",
        '"""' * 1001,
        "[[item]]\nduration = 99999999999999999999999999",
        "date = 2026-11-24\n[[item]]\nstart = 0001-01-01T00:00:00+14:00",
        "date = 9999-12-31\n[[item]]\nstart = 09:00:00",
        "date = 2026-11-24T00:00:00",
    ],
)
def test_extremes_are_no_traceback(text):
    assert reading_of("day1.toml", text.encode()).rundown is None


@pytest.mark.parametrize(
    "text", ["id,name\n" + "x" * 200_000, '"' + "a\n" * 1000, "id,name\n\0,\0", "{{" * 9000, "{% if a %}" * 3000]
)
@pytest.mark.parametrize("name", ["exhibitors.csv", "description.txt"])
def test_extremes_in_other_files_are_no_traceback(name, text):
    reading_of(name, text.encode())


@given(tomls)
def test_of_valid_toml_every_key_has_its_line(text):
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found = layout(text)
    written = text.replace("\r\n", "\n").split("\n")
    for key, value in values.items():
        assert key in written[found.lines[(key,)] - 1] or "." in written[found.lines[(key,)] - 1]
        if key == "item" and isinstance(value, list) and found.headers:
            for place, item in enumerate(value):
                for inner in item if isinstance(item, dict) else ():
                    assert inner in written[found.lines["item", place, inner] - 1]
