"""The OpenAPI document and the routes agree, and no request that it allows breaks the service."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from broadcaster.access import Role
from broadcaster.store import Database, SqlAccess
from broadcaster.web.people import People
from broadcaster.web.rights import RULES
from tests.shows_on_disk import write_show
from tests.web.people import CHEAP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

PASSWORD = "kain batik tulis"
EXAMPLES = 8
"""Requests of each kind."""
METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
UNDESCRIBED = {("GET", "/api/v1/openapi.json")}
"""It does not describe itself."""
DESCRIBED = [
    (rule.method, rule.path)
    for rule in RULES
    if rule.method != "WS" and rule.path.startswith("/api/") and (rule.method, rule.path) not in UNDESCRIBED
]


@schemathesis.serializer("application/offset+octet-stream")
def _as_it_is(_context: Any, value: Any) -> Any:
    return value if isinstance(value, bytes) else str(value).encode()


def operations(app: FastAPI) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, each in app.openapi()["paths"].items()
        for method, operation in each.items()
        if method in METHODS
    }


def test_every_route_of_the_api_is_described_with_its_right_and_no_other(app: FastAPI) -> None:
    described = {key: operation["x-right"] for key, operation in operations(app).items()}
    expected = {
        (rule.method, rule.path): rule.right.value if rule.right else None
        for rule in RULES
        if rule.method != "WS" and rule.path.startswith("/api/") and (rule.method, rule.path) not in UNDESCRIBED
    }

    assert expected == {key: right for key, right in described.items() if key[1].startswith("/api/")}


def test_what_takes_a_right_says_how_to_show_it(app: FastAPI) -> None:
    for key, operation in operations(app).items():
        assert (key, operation["x-right"] is not None) == (key, "security" in operation)
        assert operation["x-right"] is None or {"401", "403"} <= operation["responses"].keys()


def test_names_of_operations_are_unique(app: FastAPI) -> None:
    names = [operation["operationId"] for operation in operations(app).values()]

    assert len(set(names)) == len(names)


# --------------------------------------------------------- on the running service


class Running:
    """The service as people run it, in rehearsal, with an admin."""

    def __init__(self, folder: Path, port: int) -> None:
        self.home = f"http://127.0.0.1:{port}"
        # One client for all: each makes ready for TLS at its beginning, which takes longer than most requests here.
        self._client = httpx.Client(base_url=self.home)
        write_show(folder / "schedules")
        (folder / "config.toml").write_text('show = "schedules/expo"\nlanguage = "en"\n')
        People(SqlAccess(Database(f"sqlite:///{folder}/var/broadcaster.db")), hasher=CHEAP).add(
            "ada", Role.ADMIN, PASSWORD
        )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "broadcaster", "run", "--rehearsal"],
            cwd=folder,
            env={**os.environ, "BROADCASTER_WEB__PORT": str(port), "HOME": str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("w"),
        )
        for _ in range(300):
            try:
                self._client.get("/healthz", timeout=1)
            except httpx.TransportError:
                assert self._process.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            else:
                break
        else:
            pytest.fail("the service did not start")
        # All beforehand: wrong passwords among the requests may have locked the address out when one has been ended.
        self._cookies = [self._new_session() for _ in range(EXAMPLES + 1)]

    def signed_in(self) -> str:
        """The cookie of a session; another when that has been ended."""
        while self._client.get("/api/v1/session", headers={"cookie": self._cookies[-1]}).status_code == 401:
            self._cookies.pop()
            self._cookies = self._cookies or [self._new_session()]
        return self._cookies[-1]

    def _new_session(self) -> str:
        answer = self._client.post("/api/v1/session", json={"name": "ada", "password": PASSWORD})
        cookie = answer.cookies["broadcaster_session"]
        self._client.cookies.clear()
        return f"broadcaster_session={cookie}"

    def stop(self) -> None:
        self._client.close()
        self._process.terminate()
        self._process.wait(20)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, unused_port: int) -> Iterator[Running]:
    service = Running(tmp_path_factory.mktemp("service"), unused_port)
    yield service
    service.stop()


@pytest.fixture(scope="module")
def unused_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def api_schema(running: Running) -> Any:
    headers = {"cookie": running.signed_in()}
    return schemathesis.openapi.from_url(f"{running.home}/api/v1/openapi.json", headers=headers)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), DESCRIBED, ids=lambda part: part)
def test_no_request_breaks_the_service_and_every_answer_is_described(
    api_schema: Any, running: Running, method: str, path: str
) -> None:
    operation = api_schema[path][method]
    requests = st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(requests)
    def try_it(case: Any) -> None:
        case.call_and_validate(
            headers={"cookie": running.signed_in(), "origin": running.home},
            checks=CHECKS,
            timeout=10,
        )

    try_it()
