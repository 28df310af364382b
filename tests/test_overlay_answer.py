"""What overlay pages are told of a show: the parts that lie over the picture, with their times."""

from __future__ import annotations

from broadcaster import answers
from broadcaster.show.messages import Act, SceneTakenByHand
from broadcaster.show.rundown import Media
from tests.show.desk import Desk, at, day, pause, profile, rundown, s

SHOW = rundown(day(profile("sekar", 120, start=0), pause(seconds=60), profile("laras", 90)))


def kinds(desk: Desk) -> list[str]:
    return [part["kind"] for part in answers.overlay(desk.state)["parts"]]


def test_a_profile_has_its_name_for_a_while_its_code_all_along_and_says_what_comes_next() -> None:
    desk = Desk.open(SHOW, at(-5))
    desk.play_to(1)

    name, code, following = answers.overlay(desk.state)["parts"]

    assert ("lower_third", "Sekar", answers.instant(at(0)), answers.instant(at(20))) == tuple(
        name[key] for key in ("kind", "name", "since", "until")
    )
    assert ("code", "https://toko.example/sekar", "toko.example/sekar", None) == tuple(
        code[key] for key in ("kind", "link", "label", "until")
    )
    assert code["size"] >= 25
    assert code["path"].startswith("M")
    assert ("next_up", answers.instant(at(108)), None) == tuple(following[key] for key in ("kind", "since", "until"))


def test_a_break_counts_down_and_says_what_comes_next() -> None:
    desk = Desk.open(SHOW, at(-5))
    desk.play_to(125)

    told = answers.overlay(desk.state)

    assert ["next_up"] == kinds(desk)
    assert answers.instant(at(180)) == told["countdown_to"]
    assert not told["is_standby"]


def test_before_the_day_standby_counts_down_to_its_start() -> None:
    told = answers.overlay(Desk.open(SHOW, at(-60)).state)

    assert told["is_standby"]
    assert answers.instant(at(0)) == told["countdown_to"]
    assert "Sekar" == told["next_title"]
    assert [] == told["parts"]


def test_a_filler_in_a_gap_says_what_comes_next() -> None:
    filler = Media("/media/loop.mp4", s(10))
    show = rundown(day(profile("sekar", 60, start=0), profile("laras", 60, start=120)), fillers=[filler])
    desk = Desk.open(show, at(-5))
    desk.play_to(70)

    assert ["next_up"] == kinds(desk)
    assert not answers.overlay(desk.state)["is_standby"]


def test_nothing_is_shown_while_the_operator_has_the_program() -> None:
    desk = Desk.open(SHOW, at(-5))
    desk.press(Act.STANDBY, 10)
    told = answers.overlay(desk.state)
    assert ([], None, True) == (told["parts"], told["countdown_to"], told["is_standby"])

    desk.press(Act.RESUME, 15)
    assert kinds(desk)


def test_nothing_is_shown_while_a_hand_has_the_program() -> None:
    desk = Desk.open(SHOW, at(-5))
    desk.play_to(10)
    desk.send(SceneTakenByHand(at(10), "Panggung"))
    told = answers.overlay(desk.state)
    assert ([], None) == (told["parts"], told["countdown_to"])


def test_on_hold_the_name_stays_with_its_item() -> None:
    desk = Desk.open(SHOW, at(-5))
    desk.press(Act.HOLD, 10)
    assert ["lower_third", "code"] == kinds(desk)


def test_after_the_last_item_viewers_are_thanked() -> None:
    desk = Desk.open(SHOW, at(-5))
    desk.play_to(400)
    told = answers.overlay(desk.state)
    assert (True, "", None) == (told["is_over"], told["next_title"], told["countdown_to"])
