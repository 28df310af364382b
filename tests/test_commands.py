"""The commands as people and programs use them."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from broadcaster import schedule_files
from broadcaster.commands import app
from broadcaster.commands.show import moment_of
from tests.shows_on_disk import write_show

ROOT = Path(__file__).parent.parent
PEKALONGAN = ROOT / "schedules" / "pekalongan"
START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a sound show and a configuration in English."""
    monkeypatch.chdir(tmp_path)
    write_show(tmp_path / "schedules", START)
    (tmp_path / "config.toml").write_text('show = "schedules/expo"\nlanguage = "en"\n[obs]\nport = 1\n')
    return tmp_path


def call(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


class TestCheck:
    def test_a_show_with_warnings_exits_with_1(self, place):
        result = call("check", "--json")
        problems = json.loads(result.stdout)["problems"]
        assert result.exit_code == (1 if problems else 0)
        assert {problem["severity"] for problem in problems} <= {"warning"}

    def test_errors_exit_with_2_and_name_file_and_line(self, place):
        day = place / "schedules/expo/hari-1.toml"
        day.write_text(day.read_text().replace('"20s"', '"soon"', 1))
        result = call("check", "--json")
        assert result.exit_code == 2
        errors = [p for p in json.loads(result.stdout)["problems"] if p["severity"] == "error"]
        line = next(n for n, text in enumerate(day.read_text().splitlines(), 1) if "soon" in text)
        assert [(Path(p["file"]).name, p["line"]) for p in errors] == [("hari-1.toml", line)]
        assert "schedules/expo/hari-1.toml" in call("check").stdout

    def test_a_missing_show_is_told_in_one_line(self, place):
        result = call("check", "--show", "schedules/nowhere")
        assert result.exit_code == 2
        assert "nowhere" in result.output

    def test_a_missing_show_is_a_problem_that_a_program_can_read(self, place):
        result = call("check", "--show", "schedules/nowhere", "--json")
        (problem,) = json.loads(result.stdout)["problems"]
        assert (result.exit_code, problem["severity"], problem["file"]) == (2, "error", "schedules/nowhere")

    def test_what_the_channel_would_refuse_in_the_template_is_told_with_its_line(self, place):
        template = place / "schedules/expo/description.txt"
        template.write_text("{{ expo_title }}\n{% set x = 1 %}\n")
        result = call("check", "--json")
        problems = [p for p in json.loads(result.stdout)["problems"] if p["severity"] == "error"]
        assert [(p["file"], p["line"]) for p in problems] == [("schedules/expo/description.txt", 2)]
        assert result.exit_code == 2
        assert call("timeline").exit_code == 0

    def test_a_template_that_is_no_jinja_is_told_once(self, place):
        (place / "schedules/expo/description.txt").write_text("{% if %}")
        errors = [p for p in json.loads(call("check", "--json").stdout)["problems"] if p["severity"] == "error"]
        assert [Path(p["file"]).name for p in errors] == ["description.txt"]

    def test_a_broken_configuration_is_told_in_one_line(self, place):
        (place / "config.toml").write_text("[web]\nprot = 1\n")
        result = call("check")
        assert (result.exit_code, "web.prot" in result.output) == (2, True)


def test_timeline_has_the_contracts_shape(place):
    answer = json.loads(call("timeline", "--json").stdout)
    (day,) = answer["days"]
    assert [item["planned_start"] for item in day["items"]] == [
        "2026-11-25T02:00:00.000Z",
        "2026-11-25T02:00:20.000Z",
        "2026-11-25T02:00:40.000Z",
    ]
    assert (day["day"], day["planned_end"], day["over_under_s"]) == ("2026-11-25", "2026-11-25T02:01:00.000Z", 0)
    keys = {"id", "cue", "title", "type", "planned_start", "planned_end", "gap_s", "overlap_s"}
    assert keys <= set(day["items"][0])


def test_timeline_prints_local_times_with_their_zone(place):
    assert "09:00:40" in call("timeline").stdout
    assert "WIB" in call("timeline").stdout


def test_one_day_is_chosen_by_date_or_number(place):
    for day in ("1", "2026-11-25"):
        assert len(json.loads(call("timeline", "--json", "--day", day).stdout)["days"]) == 1
    assert call("timeline", "--day", "2026-12-01").exit_code == 2


def test_simulate_writes_as_run_descriptions_and_quota(place):
    assert call("simulate", "--json", "out.json").exit_code == 0
    answer = json.loads(Path("out.json").read_text())
    assert [(row["item"], row["outcome"]) for row in answer["as_run"]] == [(f"i{n}", "aired") for n in range(3)]
    on_air = [text["text"].partition("\n")[0] for text in answer["descriptions"] if text["item"]]
    assert [line.rpartition("/")[2] for line in on_air] == ["batik", "kopi", "batik"]
    assert answer["quota"]["used"] > 0
    (day,) = answer["quota"]["days"]
    assert day["total"] == sum(day["units"].values()) > 3 * 51


def test_simulate_takes_manual_items_at_their_planned_end(place):
    day = place / "schedules/expo/hari-1.toml"
    day.write_text(day.read_text() + 'end = "manual"\n')
    answer = json.loads(call("simulate", "--json", "-").stdout)
    assert answer["as_run"][2]["outcome"] == "aired"
    assert answer["as_run"][2]["actual_end"].startswith("2026-11-25T02:01:00")


def test_describe_tells_the_description_of_a_moment(place):
    answer = json.loads(call("describe", "--at", "09:00:25", "--json").stdout)
    assert answer["item"] == "i1"
    assert answer["text"].partition("\n")[0].endswith("https://www.pekalonganvirtualexpo.com/kopi")
    assert "kopi" in call("describe", "--at", "09.00.25").stdout
    assert len(answer["text"].encode()) < answer["bytes"] <= answer["limit"] == 5000
    assert call("describe", "--at", "noonish").exit_code == 2


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 25, 23, 0, tzinfo=UTC), "2026-11-26"),  # 06.00 of the 26th in Pekalongan
        (datetime(2026, 11, 25, 3, 0, tzinfo=UTC), "2026-11-25"),
        (datetime(2026, 12, 24, 3, 0, tzinfo=UTC), "2026-11-25"),
    ],
)
def test_a_time_without_a_day_is_todays_if_the_show_is_on_today(place, now, day):
    write_show(place / "schedules", START)
    second = (place / "schedules/expo/hari-1.toml").read_text().replace("2026-11-25", "2026-11-26")
    (place / "schedules/expo/hari-2.toml").write_text(second.replace('id = "i', 'id = "j'))
    rundown = schedule_files.read(place / "schedules/expo").rundown
    assert rundown is not None
    assert moment_of("09.30", rundown, now).isoformat() == f"{day}T09:30:00+07:00"
    assert moment_of("2026-11-25T10:00", rundown, now).isoformat() == "2026-11-25T10:00:00+07:00"


def test_a_report_before_anything_has_aired_says_so(place):
    assert json.loads(call("report", "--json").stdout) == []
    assert call("report").exit_code == 0


def test_obs_check_says_what_to_do_when_there_is_none(place):
    result = call("obs", "check", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problems"]


@pytest.mark.slow
def test_the_two_days_of_pekalongan_are_simulated_from_the_command_line(tmp_path):
    target = tmp_path / "out.json"
    command = [sys.executable, "-m", "broadcaster", "simulate", "--show", str(PEKALONGAN), "--json", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(target.read_text())
    ids = [row["item"] for row in answer["as_run"]]
    assert len(ids) == len(set(ids)) == 133
    assert answer["quota"]["used"] <= 20_000
    starts = [row["actual_start"] for row in answer["as_run"]]
    assert starts == sorted(starts)


@pytest.mark.slow
@pytest.mark.parametrize("bad", sorted(path.name for path in (ROOT / "tests/shows/bad").iterdir() if path.is_dir()))
def test_a_bad_show_never_gives_a_traceback(bad, place):
    for command in ("check", "timeline", "simulate"):
        result = call(command, "--show", str(ROOT / "tests/shows/bad" / bad))
        assert result.exit_code in {0, 1, 2}
        assert result.exception is None or isinstance(result.exception, SystemExit)
