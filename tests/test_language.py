"""Everything the control room reads is there in Bahasa Indonesia, and says in it what it says in English."""

from __future__ import annotations

import ast
import contextvars
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg  # type: ignore[attr-defined]  # the stubs are older
from babel.messages.pofile import read_po, write_po

from broadcaster import language
from broadcaster.web.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Message

HERE = Path(__file__).parents[1]
PO = language.CATALOGUES / "id" / "LC_MESSAGES" / "broadcaster.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|%%")
MARKS = {"_": 1, "N_": 1, "ngettext": 2}
"""How many of a call's first arguments are English texts."""


def forms(text: object) -> tuple[str, ...]:
    """A message's singular and plural, or its only form."""
    return tuple(text) if isinstance(text, (list, tuple)) else (str(text),)


@pytest.fixture(scope="module")
def code() -> Catalog:
    """What `make messages` finds in the code."""
    methods, options = parse_mapping_cfg(io.StringIO((HERE / "babel.cfg").read_text("utf-8")))
    template = Catalog()
    for file, _line, message, comments, context in extract_from_dir(HERE, methods, options):
        template.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return template


@pytest.fixture(scope="module")
def indonesian() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="id")


@pytest.fixture
def speak() -> Iterator[object]:
    """Chooses the language for one test only."""
    before = language.current()
    yield language.use
    language.use(before)


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_the_catalogue_has_all_that_the_code_says_and_nothing_that_it_no_longer_says(code, indonesian):
    """After a failure: `make messages`, then translate what is empty."""
    said = {forms(message.id) for message in messages(code)}
    known = {forms(message.id) for message in messages(indonesian)}
    assert (set(), set()) == (said - known, known - said)


def test_no_message_that_was_given_up_lingers_in_the_catalogue(indonesian):
    assert [] == list(indonesian.obsolete)


def test_every_marked_text_of_the_code_is_found_by_the_extraction(code):
    """It overlooks what stands inside an f-string, and would take a key inside the call for the text."""
    found = {form for message in messages(code) for form in forms(message.id)}
    marked = {text for path in (HERE / "broadcaster").rglob("*.py") for text in marked_in(path)}
    in_templates = {
        form
        for message in messages(code)
        if any(file.endswith(".html") for file, _line in message.locations)
        for form in forms(message.id)
    }
    assert (set(), set()) == (marked - found, found - marked - in_templates)


def marked_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for text in node.args[: MARKS.get(node.func.id, 0)]:
                if isinstance(text, ast.Constant):
                    yield str(text.value)


def test_every_message_is_translated(indonesian):
    assert [] == [message.id for message in messages(indonesian) if not all(forms(message.string or ""))]


def test_no_translation_is_only_a_guess(indonesian):
    assert [] == [message.id for message in messages(indonesian) if message.fuzzy]


def test_a_translation_names_the_same_parts_as_the_english(indonesian):
    """A part that is lost hides a file's name; one that is new ends the command with a traceback."""
    parts = {
        form: (sorted(PLACEHOLDER.findall(english)), sorted(PLACEHOLDER.findall(form)))
        for message in messages(indonesian)
        for english in forms(message.id)[-1:]
        for form in forms(message.string)
    }
    assert {} == {form: both for form, both in parts.items() if both[0] != both[1]}


def test_a_sentence_stays_a_sentence(indonesian):
    """Texts are joined: a lost full stop, or a blank too many, would show."""
    endings = {".", "?", "…", ":", "“", "”"}
    wrong = []
    for message in messages(indonesian):
        english, translated = forms(message.id)[-1], forms(message.string)[-1]
        ends = [text[-1] if text[-1] in endings else "" for text in (english, translated)]
        if ends[0] != ends[1] or translated != translated.strip():
            wrong.append(translated)
    assert [] == wrong


def test_a_fresh_extraction_would_leave_the_catalogue_as_it_is(code):
    """Byte for byte below its header, so that a change of one message is one change in the file."""
    with PO.open("rb") as file:
        updated = read_po(file, locale="id")
    updated.update(code, no_fuzzy_matching=True)
    written = io.BytesIO()
    write_po(written, updated, width=0, include_lineno=False, sort_output=True, ignore_obsolete=True)
    assert below_header(PO.read_text("utf-8")) == below_header(written.getvalue().decode("utf-8"))


def below_header(text: str) -> str:
    """The messages: the header names the version of Babel and the time of the extraction."""
    return text.partition("\n\n")[2]


@pytest.mark.parametrize("spoken", ["en", "xx"])
def test_a_language_without_a_catalogue_speaks_english(speak, spoken):
    speak(spoken)
    assert "The show has ended." == language.gettext("The show has ended.")


def test_a_text_that_the_catalogue_lacks_stays_english(speak):
    speak("id")
    assert "Said nowhere: 3" == language.gettext("Said nowhere: %(n)s", n=3)


def test_the_control_room_speaks_bahasa_indonesia(speak):
    speak("id")
    state = words()["state"]
    assert ("MENGUDARA", "DITAHAN") == (state["running"], state["held"])
    assert "Batik Sekar sudah mengudara." == language.gettext("%(title)s is on air already.", title="Batik Sekar")


def test_a_text_without_parts_may_contain_a_percent_sign(speak):
    speak("id")
    assert "100 %" == language.gettext("100 %")


@pytest.mark.parametrize(
    ("spoken", "n", "expected"),
    [
        ("en", 1, "1 item before it will not be shown."),
        ("en", 3, "3 items before it will not be shown."),
        ("id", 1, "1 mata acara sebelumnya tidak akan tayang."),
        ("id", 3, "3 mata acara sebelumnya tidak akan tayang."),
    ],
)
def test_a_number_of_things_is_counted_as_the_language_does(speak, spoken, n, expected):
    speak(spoken)
    one, many = "%(n)s item before it will not be shown.", "%(n)s items before it will not be shown."
    assert expected == language.ngettext(one, many, n)


def test_the_language_of_one_request_is_not_that_of_another(speak):
    """Two people may look at the page, one in each language."""
    speak("en")
    contextvars.copy_context().run(language.use, "id")
    assert ("en", "Hold") == (language.current(), language.gettext("Hold"))
