"""The video's title while an exhibitor is on air, from a pattern of the organizer's and the title people gave it."""

from __future__ import annotations

import re

from broadcaster.show.public_text import clean, clean_title

PARTS = ("name", "expo", "title")
"""What a pattern may name in braces: the exhibitor on air, the expo, and the title that people gave the video."""

_PART = re.compile(r"\{(" + "|".join(PARTS) + r")\}")


def is_pattern(text: str) -> bool:
    """Whether nothing but PARTS stands in braces."""
    return not {"{", "}"}.intersection(_PART.sub("", text))


def segment_title(pattern: str, *, name: str, expo: str, title: str) -> str:
    """1–100 characters that YouTube accepts; `title`, people's own, when the pattern is empty or nothing is on air."""
    if not pattern or not clean(name):
        return title
    words = {"name": clean(name), "expo": clean(expo), "title": clean(title)}
    return clean_title(_PART.sub(lambda found: words[found[1]], pattern), title)
