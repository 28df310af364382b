"""tests/shows/bad/: each folder is a show with mistakes; its expected.txt lists them, one a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadcaster.devices.media import MediaProbe
from broadcaster.schedule_files import Problem, read

BAD = Path(__file__).parent.parent / "shows" / "bad"
SHOWS = sorted(folder.name for folder in BAD.iterdir() if folder.is_dir())


def expected_of(show: Path) -> list[tuple[str, str, int, str]]:
    """(severity, file, line, words that message or hint contain), in the order of expected.txt."""
    found = []
    for line in (show / "expected.txt").read_text("utf-8").splitlines():
        severity, place, words = line.split(" ", 2)
        file, number = place.rsplit(":", 1)
        found.append((severity, file, int(number), words))
    return found


def place_of(problem: Problem, show: Path) -> tuple[str, str, int]:
    return problem.severity, str(Path(problem.file).absolute().relative_to(show)), problem.line


@pytest.fixture(scope="module")
def probe() -> MediaProbe:
    return MediaProbe()


def test_there_are_enough_bad_shows_to_learn_from():
    assert len(SHOWS) >= 20


@pytest.mark.parametrize("name", SHOWS)
def test_every_mistake_is_told_at_its_line_and_nothing_else_is(name, probe):
    show = BAD / name
    problems = list(read(show, probe).problems)
    expected = expected_of(show)
    assert sorted(entry[:3] for entry in expected) == sorted(place_of(problem, show) for problem in problems)
    for severity, file, line, words in expected:
        match = [
            problem
            for problem in problems
            if place_of(problem, show) == (severity, file, line) and words in f"{problem.message} {problem.hint}"
        ]
        assert match, f"nothing at {file}:{line} says “{words}”: {problems}"
        problems.remove(match[0])


@pytest.mark.parametrize("name", SHOWS)
def test_every_problem_says_what_to_do(name, probe):
    assert [] == [problem for problem in read(BAD / name, probe).problems if not problem.hint]
