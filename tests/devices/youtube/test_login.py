"""The login, through the real flow and a browser that agrees at once."""

from __future__ import annotations

import json
import stat
import threading
import webbrowser

import httpx
import pytest

from broadcaster.devices.youtube.faults import BadCredentials
from broadcaster.devices.youtube.login import SCOPE, log_in
from broadcaster.devices.youtube.token import TokenFile


class Agreeable(webbrowser.BaseBrowser):
    """Opens the consent page and follows where it leads, as a person who agrees."""

    seen: str = ""

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.seen = url
        threading.Thread(target=httpx.get, args=(url,), kwargs={"follow_redirects": True}, daemon=True).start()
        return True


class Absent(webbrowser.BaseBrowser):
    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        return True


@pytest.fixture
def secrets(youtube, tmp_path, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the emulator speaks plain HTTP
    path = tmp_path / "client_secrets.json"
    path.write_text(json.dumps(youtube.client_secrets()))
    return path


def test_it_leaves_a_login_that_works_for_its_owner_only(secrets, youtube, tmp_path, caplog):
    browser = Agreeable()
    webbrowser.register("agreeable", None, browser)
    token = tmp_path / "var" / "token.json"
    log_in(secrets, token, browser="agreeable")
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    credentials = TokenFile(token).credentials()
    assert credentials.refresh_token
    assert credentials.token not in caplog.text
    asked = httpx.URL(browser.seen).params
    assert (asked["scope"], asked["prompt"], asked["access_type"]) == (SCOPE, "consent select_account", "offline")


def test_nobody_who_agrees_is_told_in_words(secrets, tmp_path):
    webbrowser.register("absent", None, Absent())
    with pytest.raises(BadCredentials, match="agree"):
        log_in(secrets, tmp_path / "token.json", browser="absent", patience_s=1)
    assert not (tmp_path / "token.json").exists()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"installed": {}}', "not json"])
def test_a_wrong_file_of_secrets_is_told_in_words(tmp_path, content):
    path = tmp_path / "client_secrets.json"
    path.write_text(content)
    with pytest.raises(BadCredentials, match=r"client_secrets\.json"):
        log_in(path, tmp_path / "token.json")
