"""A show's own wording, and that a mistake in it never costs the description."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from broadcaster.devices.youtube.sandbox import Sandbox
from broadcaster.devices.youtube.template import Template, TemplateFault
from broadcaster.devices.youtube.wording import Wording
from broadcaster.show.description import compose
from tests.devices.youtube.doubles import wish
from tests.entries import entry

GOOD = """\
{% if on_air %}
Tayang: {{ on_air.name }} {{ on_air.link }}
{% else %}
{{ expo_title }} {{ shop_url }}
{% endif %}
{% for next in following %}
{{ loop.index }}. {{ next.time }} {{ next.name | upper }}
{% endfor %}



{{ hashtags | join(" ") }}
"""


@pytest.fixture
def file(tmp_path):
    def write(text: str | bytes):
        path = tmp_path / "description.txt"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def test_a_template_says_what_it_wants_with_the_shows_values(file):
    text = Template(file(GOOD)).render(wish(1), 5000)
    assert "Tayang: Batik Sekar 1 https://toko.example/umkm-1\n1. 09.08 WIB BATIK SEKAR 2\n\n#UMKM" == text


def test_a_template_works_between_items(file):
    text = Template(file(GOOD)).render(wish(None), 5000)
    assert text.startswith("Pekalongan Hybrid Expo UMKM https://www.pekalonganvirtualexpo.com\n")


def test_what_a_template_writes_is_cleaned(file):
    assert "Dari ♥ untuk ‹semua› & kamu" == Template(file("Dari <3 untuk <semua> &\x07 kamu")).render(wish(), 5000)


def test_what_does_not_fit_is_cut_from_the_end_by_whole_lines(file):
    template = Template(file("satu\ndua\n\ntiga"))
    assert ["satu\ndua\n\ntiga", "satu\ndua", "satu\ndua", "satu", ""] == [
        template.render(wish(), budget) for budget in (14, 13, 8, 7, 0)
    ]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("Halo\n{% if on_air %}", 2),
        ("Halo\n\n{{ toko }}", 3),
        ("{{ on_air.nama }}", 1),
        ("a\n{{ on_air.__class__ }}", 2),
        ("a\n{% for x in range(10**9) %}{% endfor %}", 2),
        ("{{ 'a' * 1000000000 }}", 1),
        ("{% set x = 'aa' %}{{ x }}", 1),
        ("{% macro m() %}{% endmacro %}", 1),
        ("{% include '/etc/passwd' %}", 1),
        ("{{ 'a' | center(1000000000) }}", 1),
        ("{{ '%1000000000d' % 1 }}", 1),
        ("{{ expo_title.ljust(1000000000) }}", 1),
        (
            "{% for a in others %}{% for b in others %}\n{% for c in others %}{% endfor %}{% endfor %}{% endfor %}",
            2,
        ),
    ],
)
def test_a_faulty_template_is_named_with_file_and_line(file, source, line):
    with pytest.raises(TemplateFault) as fault:
        Template(file(source)).render(wish(), 5000)
    assert ("description.txt", line) == (fault.value.path.name, fault.value.line)
    assert str(fault.value).startswith(f"description.txt:{line}: ")


def test_a_file_that_is_not_utf8_is_named_with_its_line(file):
    with pytest.raises(TemplateFault, match=r"^description\.txt:2: "):
        Template(file(b"Halo\nCaf\xe9\n"))


def test_a_template_that_is_or_writes_too_much_is_refused_quickly(file):
    with pytest.raises(TemplateFault, match="longer"):
        Template(file("x" * 20_001))
    endless = "{% for a in others %}{% for b in others %}" + "x" * 1000 + "{% endfor %}{% endfor %}"
    began = time.monotonic()
    with pytest.raises(TemplateFault, match="writes more"):
        Template(file(endless)).render(wish(others=tuple(map(entry, range(500)))), 5000)
    assert time.monotonic() - began < 5


def test_the_default_words_stand_in_for_a_faulty_template(file):
    wording = Wording(file("{{ toko }}"))
    assert compose(wish(), 4000) == wording.block(wish(), 4000)
    assert wording.fault.startswith("description.txt:1: ")


def test_a_fault_is_logged_once_and_forgotten_when_the_file_is_mended(file, caplog):
    wording = Wording(file("{% endif %}"))
    wording.block(wish(), 4000)
    wording.block(wish(), 4000)
    assert 1 == len(caplog.records)
    file("Selamat datang di {{ expo_title }}")
    assert "Selamat datang di Pekalongan Hybrid Expo UMKM" == wording.block(wish(), 4000)
    assert "" == wording.fault


def test_a_show_without_a_template_has_the_default_words(tmp_path):
    wording = Wording(tmp_path / "description.txt")
    assert compose(wish(), 4000) == wording.block(wish(), 4000)
    assert "" == wording.fault


def test_a_template_that_says_nothing_gives_way_to_the_default_words(file):
    assert compose(wish(), 4000) == Wording(file("{# nanti #}")).block(wish(), 4000)


@pytest.mark.parametrize(
    "source",
    [
        '{{ "%(x)s" | join("%(x)s") | length }}',
        '{{ ("%(x)s" | join("%(x)s")) | join("yy") | length }}',
        '{{ ["%(x)s"] | map("join", "%(x)s") | first }}',
        '{%% for a in ["%(x)s" ~ "%(x)s" ~ "%(x)s"] %%}{%% for b in [a ~ a ~ a] %%}{%% endfor %%}{%% endfor %%}',
        '{%% for a in ["%(x)s" + "%(x)s" + "%(x)s"] %%}{%% for b in [a + a + a] %%}{%% endfor %%}{%% endfor %%}',
        "{%% for a in [others + others] %%}{%% for b in [[a, a, a]] %%}{{ b | upper }}{%% endfor %%}{%% endfor %%}",
    ],
)
def test_a_template_cannot_blow_up_a_text(file, source):
    """Texts that are multiplied by texts: 20 KB of template could otherwise fill the machine's memory."""
    path = file(source % {"x": "x" * 4500})
    tracemalloc.start()
    try:
        with pytest.raises(TemplateFault, match=r"writes more|list"):
            Template(path).render(wish(others=tuple(map(entry, range(100)))), 5000)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


def test_nothing_is_worked_out_while_a_template_is_loaded(file, monkeypatch):
    """Jinja folds constants when it compiles, before anything can be measured."""
    filtered: list[Sandbox] = []
    monkeypatch.setattr(Sandbox, "look_at_the_clock", lambda sandbox: filtered.extend([sandbox]))
    template = Template(file('{% if "ab" | sort | join %}{{ "ab" | sort | join }}{% endif %}'))
    assert [] == filtered
    assert "ab" == template.render(wish(), 5000)
    assert filtered


@pytest.mark.parametrize(
    "source",
    [
        '{% for a in others %}{% for b in others %}{% if "%x" | sort == "y" %}{% endif %}{% endfor %}{% endfor %}',
        "{% for a in others %}{% for b in others %}{% if a.name in [%l] %}{% endif %}{% endfor %}{% endfor %}",
    ],
)
def test_a_template_that_writes_nothing_is_stopped_in_time_as_well(file, source):
    source = source.replace("%x", "x" * 15_000).replace("%l", ",".join(["'x'"] * 4000))
    began = time.monotonic()
    with pytest.raises(TemplateFault, match="takes longer"):
        Template(file(source)).render(wish(others=tuple(map(entry, range(500)))), 5000)
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("source", ["{{ " + "(" * 9000 + " }}", "{{ " + "1" * 6000 + " }}"])
def test_a_template_that_breaks_the_parser_is_a_fault_like_any_other(file, source):
    with pytest.raises(TemplateFault):
        Template(file(source))


def test_texts_and_lists_are_joined_in_the_usual_ways(file):
    source = '{{ "a" ~ 1 ~ "b" + "c" }} '
    source += '{{ others | map(attribute="name") | join(", ") }} {{ others | join("/", "name") }}'
    text = Template(file(source)).render(wish(others=(entry(1), entry(2))), 5000)
    assert "a1bc Batik Sekar 1, Batik Sekar 2 Batik Sekar 1/Batik Sekar 2" == text
