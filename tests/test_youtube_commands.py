"""`youtube …` as people and programs use it, on a YouTube over HTTP."""

from __future__ import annotations

import json
import stat
import threading
import webbrowser
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from typer.testing import CliRunner

from broadcaster.commands import app
from tests.emulators.youtube import Kind, YouTubeEmulator
from tests.shows_on_disk import day_file, write_show

START = (datetime.now(UTC) + timedelta(days=1)).replace(hour=2, minute=0, second=0, microsecond=0)
"""Nine o'clock tomorrow, in Pekalongan."""


@pytest.fixture
def youtube():
    with YouTubeEmulator() as emulator:
        emulator.state.appears_after = timedelta(0)
        emulator.state.starting_takes = timedelta(0)
        yield emulator


@pytest.fixture
def place(tmp_path, monkeypatch, youtube):
    """A folder with a show, a login and a configuration in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the emulator speaks plain HTTP
    monkeypatch.setenv("COLUMNS", "200")
    write_show(tmp_path / "schedules", START)
    youtube.write_token_file(tmp_path / "token.json")
    (tmp_path / "client_secrets.json").write_text(json.dumps(youtube.client_secrets()))
    configure(tmp_path, youtube)
    return tmp_path


def configure(place, youtube, more: str = "") -> None:
    (place / "config.toml").write_text(
        'show = "schedules/expo"\nlanguage = "en"\n[youtube]\nmode = "live"\nchannel_id = "UCexpo"\n'
        f'api_root = "{youtube.root}"\ntoken_file = "token.json"\nclient_secrets = "client_secrets.json"\n{more}'
    )


def call(*arguments: str, typed: str = ""):
    return CliRunner().invoke(app, ["youtube", *arguments], input=typed)


def planned(*arguments: str):
    result = call("plan", "--json", *arguments)
    assert result.exit_code in {0, 1}, result.output
    return json.loads(result.stdout)


class TestPlan:
    def test_it_shows_what_would_be_done_and_its_price_and_sends_nothing(self, place, youtube):
        plan = planned()
        (broadcast,) = plan["broadcasts"]
        assert ["stream", "broadcast", "bind", "text"] == [step["kind"] for step in broadcast["steps"]]
        assert [50, 50, 50, 50] == [step["units"] for step in broadcast["steps"]]
        assert 200 == plan["units"]
        assert {one.method for one in youtube.requests if not one.method.endswith(".list")} <= {"token"}
        assert {} == youtube.state.broadcasts

    def test_applied_it_leaves_nothing_to_do(self, place, youtube):
        assert [] == planned("--apply")["broadcasts"][0]["steps"]
        (made,) = youtube.state.broadcasts.values()
        assert ("ready", START) == (made.status, made.scheduled_start)
        with youtube.watching() as seen:
            assert 0 == planned("--apply")["units"]
        assert {one.method for one in seen if not one.method.endswith(".list")} <= {"token"}

    def test_the_days_of_a_show_share_one_stream(self, place, youtube):
        second = START + timedelta(days=1)
        (place / "schedules/expo/hari-2.toml").write_text(day_file(second, (20, 20)).replace('"i', '"j'))
        assert [200, 150] == [broadcast["units"] for broadcast in planned()["broadcasts"]]
        planned("--apply")
        assert (2, 1) == (len(youtube.state.broadcasts), len(youtube.state.streams))

    def test_for_people_it_is_a_table_with_the_quota_days(self, place):
        result = call("plan")
        assert result.exit_code == 0
        for text in ("Make the broadcast", "unlisted", "Together", "200", "Nothing has been sent", "/ 10000"):
            assert text in result.output

    def test_a_lost_answer_while_it_is_applied_makes_no_second_broadcast(self, place, youtube, monkeypatch):
        monkeypatch.setattr("broadcaster.commands.youtube.AGAIN_S", 0.01)
        for method in ("liveStreams.insert", "liveBroadcasts.insert", "liveBroadcasts.bind"):
            youtube.fault(method, Kind.DROP_AFTER)
        assert [] == planned("--apply")["broadcasts"][0]["steps"]
        assert (1, 1) == (len(youtube.state.broadcasts), len(youtube.state.streams))

    def test_what_youtube_refuses_is_told_in_words(self, place, youtube):
        youtube.state.live_enabled = False
        result = call("plan", "--apply")
        assert result.exit_code == 2
        assert "not enabled for live streaming" in result.output

    def test_a_day_that_the_show_has_not(self, place):
        assert 2 == call("plan", "--day", "2020-01-01").exit_code


class TestCheck:
    def test_all_is_well(self, place):
        planned("--apply")
        result = call("check", "--json")
        answer = json.loads(result.stdout)
        assert ([], 0) == (answer["problems"], result.exit_code)
        assert {"id": "UCexpo", "title": "Pekalongan Hybrid Expo"} == answer["channel"]
        assert "ready" == answer["broadcasts"][0]["status"]
        assert {"left", "daily"} == set(answer["quota"])

    def test_what_is_still_to_be_done_is_a_warning_with_the_way_there(self, place):
        result = call("check")
        assert result.exit_code == 1
        assert "there is no broadcast" in result.output
        assert "plan" in result.output

    def test_no_login_is_an_error_with_the_way_there(self, place):
        (place / "token.json").unlink()
        result = call("check")
        assert result.exit_code == 2
        assert "broadcaster youtube login" in result.output

    def test_a_login_of_another_channel_is_an_error_that_names_the_picker(self, place, youtube):
        youtube.state.channels["UCme"] = "Ani pribadi"
        youtube.write_token_file(place / "token.json", youtube.login("UCme"))
        result = call("check")
        assert result.exit_code == 2
        assert "Ani pribadi" in result.output
        assert "brand account" in result.output

    def test_a_revoked_login_is_an_error(self, place, youtube):
        youtube.revoke()
        result = call("check")
        assert result.exit_code == 2
        assert "no longer accepts the login" in result.output

    def test_another_broadcast_that_is_live_is_an_error(self, place, youtube):
        planned("--apply")
        youtube.add_video("stray", title="Uji coba")
        youtube.add_broadcast(START, "stray")
        youtube.set_status("stray", "live")
        result = call("check")
        assert result.exit_code == 2
        assert "Uji coba" in result.output

    def test_a_thumbnail_that_is_missing_is_an_error(self, place, youtube):
        configure(place, youtube, 'thumbnail = "sampul.png"\n')
        result = call("check")
        assert result.exit_code == 2
        assert "sampul.png" in result.output


@pytest.mark.slow
class TestByHand:
    def test_the_days_broadcast_goes_live_and_is_ended(self, place, youtube, monkeypatch):
        monkeypatch.setattr("broadcaster.commands.youtube.AGAIN_S", 0.01)
        planned("--apply")
        (made,) = youtube.state.broadcasts.values()
        youtube.send_video(made.stream_id)
        result = call("live")
        assert (0, "live") == (result.exit_code, youtube.broadcast(made.id).status), result.output
        assert 1 == call("complete", typed="n\n").exit_code
        assert "live" == youtube.broadcast(made.id).status
        result = call("complete", "--yes")
        assert (0, "complete") == (result.exit_code, youtube.broadcast(made.id).status), result.output

    def test_what_cannot_be_done_is_told(self, place, youtube):
        assert 2 == call("live").exit_code
        planned("--apply")
        result = call("complete", "--yes")
        assert result.exit_code == 2
        assert "not live" in result.output


class TestLogin:
    def agree(self, monkeypatch) -> None:
        class Agreeable(webbrowser.BaseBrowser):
            def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
                follow = {"follow_redirects": True}
                threading.Thread(target=httpx.get, args=(url,), kwargs=follow, daemon=True).start()
                return True

        monkeypatch.setattr(webbrowser, "get", lambda _name=None: Agreeable())

    def test_in_a_browser_here(self, place, monkeypatch):
        (place / "token.json").unlink()
        self.agree(monkeypatch)
        result = call("login")
        assert result.exit_code == 0, result.output
        assert "UCexpo" in result.output
        assert 0o600 == stat.S_IMODE((place / "token.json").stat().st_mode)
        assert json.loads((place / "token.json").read_text())["logged_in"]

    def test_one_of_another_channel_replaces_no_good_one(self, place, youtube, monkeypatch):
        before = (place / "token.json").read_text()
        youtube.state.channels.clear()
        youtube.state.channels["UCme"] = "Ani pribadi"
        self.agree(monkeypatch)
        result = call("login")
        assert result.exit_code == 2
        assert "brand account" in result.output
        assert before == (place / "token.json").read_text()

    def test_in_a_browser_on_another_machine(self, place, monkeypatch):
        (place / "token.json").unlink()

        def elsewhere(_text: str) -> str:
            url = next(line for line in told if line.startswith("http"))
            return str(httpx.get(url).headers["location"])

        told: list[str] = []
        monkeypatch.setattr("typer.echo", lambda text="", **_: told.append(str(text)))
        monkeypatch.setattr("typer.prompt", elsewhere)
        result = call("login", "--no-browser")
        assert result.exit_code == 0, result.output
        assert (place / "token.json").exists()

    @pytest.mark.parametrize(
        "pasted",
        [
            "http://localhost:8585/?state=somebody-elses&code=4/abc",
            "http://localhost:8585/?error=access_denied",
            "4/abc",
            "nonsense",
        ],
    )
    def test_an_address_that_does_not_belong_to_it_is_told_in_words(self, place, pasted):
        before = (place / "token.json").read_text()
        result = call("login", "--no-browser", typed=f"{pasted}\n")
        assert result.exit_code == 2
        assert "agree" in result.output
        assert before == (place / "token.json").read_text()
