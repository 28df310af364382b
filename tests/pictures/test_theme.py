"""A theme file says how an expo looks; a mistake in it is told and costs only itself."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from broadcaster import schedule_files
from broadcaster.pictures.colour import BLACK, LEGIBLE, WHITE, Colour, contrast, readable_on
from broadcaster.pictures.theme import DEFAULT, WORDS_ON, Theme, Themes, read, stylesheet
from tests.shows_on_disk import write_show

colours = st.builds(Colour, *[st.integers(0, 255)] * 3)


def themed(folder: Path, text: str) -> tuple[Theme, tuple[str, ...]]:
    file = folder / "theme.css"
    file.write_text(text, "utf-8")
    theme, faults = read(file)
    return theme, tuple(f"{fault.line}: {fault.message}" for fault in faults)


def test_the_theme_that_comes_with_the_house_is_without_fault_and_says_everything() -> None:
    theme, faults = read(DEFAULT)
    assert () == faults
    assert Theme() == theme
    text = DEFAULT.read_text("utf-8")
    for field in fields(Theme):
        assert f"--{field.name.replace('_', '-')}:" in text


def test_words_can_be_read_on_their_grounds() -> None:
    """Contrast of 4.5 to 1 at least, as the field asks for."""
    for words, ground in WORDS_ON:
        assert contrast(getattr(Theme(), words), getattr(Theme(), ground)) >= LEGIBLE


def test_colours_are_written_as_in_any_style_sheet(tmp_path: Path) -> None:
    text = "--plate: navy; --ground: rgb(10, 20, 30); --accent: #ABC; /* x */ --radius: 0; --font: Poppins, 'Noto Sans'"
    theme, faults = themed(tmp_path, f":root {{ {text} }}")
    assert () == faults
    assert (Colour(0, 0, 128), Colour(10, 20, 30), Colour(0xAA, 0xBB, 0xCC)) == (
        theme.plate,
        theme.ground,
        theme.accent,
    )
    assert 0 == theme.radius
    assert ("Poppins", "Noto Sans") == theme.font


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("--plate: brownish;", "--plate cannot be used: it is not a colour, like #1d130c."),
        ("--plate: rgba(0, 0, 0, 0.5);", "--plate cannot be used: it must be opaque"),
        ("--plate: #1d130c url(x);", "--plate cannot be used"),
        ("--radius: 3em;", "--radius cannot be used: it must be from 0px to 40px."),
        ("--radius: -4px;", "--radius cannot be used"),
        ("--font: 12px;", "--font cannot be used"),
        ('--font: "x\\"; } body { display: none";', "--font cannot be used"),
        ('--logo: url("gone.png");', "--logo cannot be used: gone.png: it cannot be read."),
        ('--logo: url("../secret.png");', "--logo cannot be used: the logo must be"),
        ("--logo: url(/etc/passwd);", "--logo cannot be used: the logo must be"),
        ("--logo: url(https://elsewhere.example/x.png);", "--logo cannot be used: the logo must be"),
        ("--logo: url(theme.css);", "--logo cannot be used: the logo must be"),
        ("--logo: url(broken.png);", "--logo cannot be used: broken.png: it is no PNG"),
        ("--logo: url(broken.svg);", "--logo cannot be used: broken.svg: it is no SVG picture"),
        ("--plaet: #000;", "There is no --plaet in a theme: it is not used."),
        ("color: red;", "There is no color in a theme: it is not used."),
        ("what is this", "This line is not understood"),
    ],
)
def test_a_bad_value_is_told_with_its_line_and_replaced(tmp_path: Path, line: str, complaint: str) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG nothing")
    (tmp_path / "broken.svg").write_bytes(b"<html>")
    theme, faults = themed(tmp_path, f":root {{\n  --soft: #ffffff;\n  {line}\n}}\n")
    assert replace(Theme(), soft=WHITE) == theme
    assert len(faults) == 1
    assert faults[0].startswith(f"3: {complaint}")


@pytest.mark.parametrize(
    "text", ["", "}}}{", "body { color: red }", "@import url(x);", ":root {", "\x00\x00", "--plate: red"]
)
def test_any_nonsense_leaves_the_house_s_look(tmp_path: Path, text: str) -> None:
    assert Theme() == themed(tmp_path, text)[0]


@given(st.binary(max_size=300))
def test_no_bytes_are_fatal(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "theme.css"
    file.write_bytes(content)
    read(file)


@given(colours)
def test_black_or_white_can_be_read_on_anything(ground: Colour) -> None:
    assert contrast(readable_on(ground), ground) >= LEGIBLE


def test_words_that_could_not_be_read_are_black_or_white_instead(tmp_path: Path) -> None:
    theme, faults = themed(tmp_path, ":root { --plate: #ffffff; --ground: #fafafa; }")
    assert (BLACK, BLACK, BLACK, BLACK) == (theme.ink, theme.soft, theme.ground_ink, theme.ground_soft)
    assert 4 == len(faults)
    assert "--ink cannot be read on --plate: #000000 is used there" in faults[0]


def test_a_show_s_own_theme_wins_and_leaves_the_rest(tmp_path: Path) -> None:
    (tmp_path / "theme.css").write_text(":root { --accent: #3fa7d6; }")
    theme, faults = read(DEFAULT, tmp_path / "theme.css")
    assert () == faults
    assert replace(Theme(), accent=Colour(0x3F, 0xA7, 0xD6)) == theme


def test_a_saved_change_is_seen(tmp_path: Path) -> None:
    themes = Themes(DEFAULT, tmp_path / "theme.css")
    assert Theme() == themes.current()
    (tmp_path / "theme.css").write_text(":root { --radius: 2px; }")
    assert 2 == themes.current().radius
    (tmp_path / "theme.css").unlink()
    assert Theme() == themes.current()


@pytest.mark.parametrize(
    ("name", "aspect"),
    [("logo.png", 3.0), ("logo.jpg", 3.0), ("logo.webp", 3.0), ("logo.svg", 2.0), ("sized.svg", 4.0)],
)
def test_a_logo_is_of_any_usual_kind(tmp_path: Path, name: str, aspect: float) -> None:
    if name == "logo.svg":
        (tmp_path / name).write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40"><path d="M0 0h80v40z"/></svg>'
        )
    elif name == "sized.svg":
        (tmp_path / name).write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="80px" height="20"><path d="M0 0h9v9z"/></svg>'
        )
    else:
        Image.new("RGB", (300, 100), (200, 30, 30)).save(tmp_path / name)
    theme, faults = themed(tmp_path, f":root {{ --logo: url({name}); }}")
    assert () == faults
    logo = theme.load_logo()
    assert logo is not None
    assert aspect == logo.aspect
    assert f"--logo-aspect: {aspect:.4f};" in stylesheet(theme)


def test_a_logo_that_goes_away_is_left_out(tmp_path: Path) -> None:
    Image.new("RGB", (300, 100)).save(tmp_path / "logo.png")
    theme, _faults = themed(tmp_path, ":root { --logo: url(logo.png); }")
    (tmp_path / "logo.png").unlink()
    assert theme.load_logo() is None
    assert "--logo:" not in stylesheet(theme)


def test_the_style_sheet_for_pages_says_the_same(tmp_path: Path) -> None:
    theme, _faults = themed(tmp_path, ":root { --plate: #102030; --font: Poppins; --radius: 6px }")
    made = stylesheet(theme)
    assert "--plate: #102030;" in made
    assert '--font: "Poppins";' in made
    assert "--corner: 6;" in made


def test_a_mistake_in_a_show_s_theme_is_told_with_its_other_problems_and_the_show_goes_on(tmp_path: Path) -> None:
    show = write_show(tmp_path)
    before = schedule_files.read(show)
    (show / "theme.css").write_text(":root {\n  --plate: brownish;\n}\n")

    reading = schedule_files.read(show)

    assert reading.rundown is not None
    assert reading.rundown.revision != (before.rundown and before.rundown.revision)
    (problem,) = [each for each in reading.problems if each.file.endswith("theme.css")]
    assert ("warning", 2) == (problem.severity, problem.line)
    assert problem.message.startswith("--plate cannot be used")
