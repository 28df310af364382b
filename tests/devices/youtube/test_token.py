"""The login's file: read only when it is private, written back whole or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from broadcaster.devices.youtube.faults import BadCredentials
from broadcaster.devices.youtube.token import TokenFile, is_safe_address

GOOD = {
    "type": "authorized_user",
    "client_id": "id",
    "client_secret": "geheim",
    "refresh_token": "1//geheim",
    "token_uri": "https://login.example/token",
    "account": "",
}


@pytest.fixture
def write(tmp_path):
    def write(content, mode=0o600):
        path = tmp_path / "token.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        path.chmod(mode)
        return path

    return write


def test_the_token_uri_in_the_file_is_honoured(write):
    credentials = TokenFile(write(GOOD)).credentials()
    assert "https://login.example/token" == credentials.token_uri
    assert "1//geheim" == credentials.refresh_token


def test_a_kept_access_token_is_used_until_its_end(write):
    kept = GOOD | {"token": "ya29.x", "expiry": "2026-11-24T05:00:21.032102Z"}
    credentials = TokenFile(write(kept)).credentials()
    # Naive, as Google's library keeps it.
    end = datetime(2026, 11, 24, 5, 0, 21, 32102, tzinfo=UTC).replace(tzinfo=None)
    assert ("ya29.x", end) == (credentials.token, credentials.expiry)


@pytest.mark.parametrize("mode", [0o640, 0o644, 0o606, 0o660])
def test_a_file_that_others_can_read_is_refused_with_the_remedy(write, mode):
    path = write(GOOD, mode)
    with pytest.raises(BadCredentials, match=f"mode {mode:04o}.*chmod 600 {path}"):
        TokenFile(path).credentials()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("geheim", "is not JSON"),
        ("[]", "is not JSON"),
        ({"installed": {"client_secret": "geheim"}}, "is not a login"),
        (GOOD | {"type": "service_account"}, "is not a login"),
        (GOOD | {"refresh_token": ""}, "is not a login"),
        (GOOD | {"token_uri": "http://login.example/token"}, "token_uri must begin with https"),
    ],
)
def test_a_file_that_is_no_login_is_refused_without_quoting_it(write, content, words):
    with pytest.raises(BadCredentials, match=words) as refused:
        TokenFile(write(content)).credentials()
    assert "geheim" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_missing_file_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(BadCredentials, match="broadcaster youtube login"):
        TokenFile(tmp_path / "token.json").credentials()


def test_a_refreshed_token_is_written_back_with_everything_else_kept(write):
    path = write(GOOD)
    file = TokenFile(path)
    credentials = file.credentials()
    credentials.token = "ya29.new"
    file.save(credentials)
    assert GOOD | {"token": "ya29.new", "expiry": None} == json.loads(path.read_text())
    assert 0o600 == path.stat().st_mode & 0o777
    assert ["token.json"] == [one.name for one in path.parent.iterdir()]


def test_another_login_that_came_meanwhile_is_not_overwritten(write):
    path = write(GOOD)
    file = TokenFile(path)
    credentials = file.credentials()
    write(GOOD | {"refresh_token": "1//other"})
    credentials.token = "ya29.new"
    file.save(credentials)
    assert "1//other" == json.loads(path.read_text())["refresh_token"]
    assert "token" not in json.loads(path.read_text())


def test_a_login_that_cannot_be_written_back_goes_on_in_memory(write, caplog):
    path = write(GOOD)
    file = TokenFile(path)
    credentials = file.credentials()
    path.unlink()
    credentials.token = "ya29.new"
    file.save(credentials)
    file.save(credentials)
    assert 1 == len(caplog.records)
    assert "ya29" not in caplog.text


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://youtube.googleapis.com/", True),
        ("http://127.0.0.1:8099/", True),
        ("http://localhost:1/", True),
        ("http://youtube.googleapis.com/", False),
        ("http://127.0.0.1.evil.example/", False),
        ("ftp://x/", False),
    ],
)
def test_logins_travel_encrypted_or_not_at_all(url, safe):
    assert safe == is_safe_address(url)
