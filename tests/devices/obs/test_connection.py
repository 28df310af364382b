"""A connection that cannot be trusted any more is given up, and the password stays secret."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import queue
import threading
import time

import pytest
from websockets.sync.server import serve

from broadcaster.devices.obs import check
from broadcaster.devices.obs.connection import Address, Connection, Request, sleep
from broadcaster.devices.obs.errors import BadPassword, Offline, Refused
from broadcaster.devices.obs.events import EventFeed, ObsEvent, SceneChanged
from tests.obs_fixtures import RealClock, free_port

PASSWORD = "rahasia-sekali"


class FakeObs:
    """As much of obs-websocket 5 as these tests need. `answer` maps a message to its answer, None for silence."""

    def __init__(self, answer=None):
        self.answer = answer or good_answer
        self.sockets = []
        self._server = serve(self._talk, "127.0.0.1", 0, close_timeout=0.2)
        self.port = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self):
        return Address("127.0.0.1", self.port, PASSWORD)

    def close(self):
        self._server.shutdown()
        self._thread.join(5)

    def say(self, event, data):
        message = {"op": 5, "d": {"eventType": event, "eventIntent": 4, "eventData": data}}
        for socket in self.sockets:
            socket.send(json.dumps(message))

    def _talk(self, socket):
        socket.send(json.dumps({"op": 0, "d": {"rpcVersion": 1, "authentication": {"challenge": "c", "salt": "s"}}}))
        identify = json.loads(socket.recv())
        secret = base64.b64encode(hashlib.sha256(f"{PASSWORD}s".encode()).digest()).decode()
        expected = base64.b64encode(hashlib.sha256(f"{secret}c".encode()).digest()).decode()
        if identify["d"].get("authentication") != expected:
            socket.close(4009, "Authentication failed.")
            return
        self.sockets.append(socket)  # before the client hears that it is in: a test goes on at once then
        socket.send(json.dumps({"op": 2, "d": {"negotiatedRpcVersion": 1}}))
        for text in socket:
            answer = self.answer(json.loads(text))
            if answer is not None:
                socket.send(json.dumps(answer))


def good_answer(message):
    def result(request_type):
        data = {"asked": request_type}
        return {"requestType": request_type, "requestStatus": {"result": True, "code": 100}, "responseData": data}

    identity = message["d"]["requestId"]
    if message["op"] == 8:
        results = [result(each["requestType"]) for each in message["d"]["requests"]]
        return {"op": 9, "d": {"requestId": identity, "results": results}}
    return {"op": 7, "d": {"requestId": identity, **result(message["d"]["requestType"])}}


@pytest.fixture
def fake_obs():
    made = []

    def make(answer=None):
        made.append(FakeObs(answer))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_requests_and_batches_are_answered(fake_obs):
    connection = Connection(fake_obs().address)
    assert connection.call("GetStats") == {"asked": "GetStats"}
    assert connection.batch([Request("GetVersion"), sleep(1)]) == [{"asked": "GetVersion"}, {"asked": "Sleep"}]
    connection.close()


def test_a_refusal_leaves_the_connection_as_it_is(fake_obs):
    def refuse(message):
        answer = good_answer(message)
        answer["d"]["requestStatus"] = {"result": False, "code": 600, "comment": "No such scene."}
        return answer

    connection = Connection(fake_obs(refuse).address)
    with pytest.raises(Refused, match="No such scene") as refusal:
        connection.call("GetSceneItemList", sceneName="x")
    assert refusal.value.code == 600
    connection.close()


def test_silence_ends_the_connection(fake_obs):
    connection = Connection(fake_obs(lambda _message: None).address, timeout=0.2)
    with pytest.raises(Offline):
        connection.call("GetStats")
    connection.close()


def test_the_answer_to_another_batch_ends_the_connection(fake_obs):
    """After one late answer every later one would be off by one, and "succeed"."""

    def late(message):
        answer = good_answer(message)
        answer["d"]["requestId"] = "somebody else's"
        return answer

    connection = Connection(fake_obs(late).address, timeout=0.5)
    with pytest.raises(Offline):
        connection.batch([Request("GetStats")])
    connection.close()


def test_a_wrong_password_is_told_from_an_absent_obs(fake_obs):
    obs = fake_obs()
    with pytest.raises(BadPassword):
        Connection(Address("127.0.0.1", obs.port, "salah"))
    with pytest.raises(BadPassword):
        Connection(Address("127.0.0.1", obs.port))
    with pytest.raises(Offline) as nobody:
        Connection(Address("127.0.0.1", free_port()))
    assert not isinstance(nobody.value, BadPassword)


def test_an_obs_that_renders_nothing_is_not_ready(fake_obs):
    def frozen(message):
        answer = good_answer(message)
        answer["d"]["responseData"] = {"obsVersion": "29.0.2", "renderTotalFrames": 7, "currentProgramSceneName": "x"}
        return answer

    connection = Connection(fake_obs(frozen).address)
    with pytest.raises(Offline):
        connection.ready(within=0.1)
    connection.close()


def test_the_password_is_never_logged(fake_obs, caplog):
    caplog.set_level(logging.DEBUG)
    address = fake_obs().address
    connection = Connection(address)
    EventFeed(address, RealClock(), lambda _event: None).close()
    connection.close()
    assert PASSWORD not in caplog.text
    assert PASSWORD not in repr(address)


def test_events_are_handed_over_with_their_time(fake_obs):
    obs, clock = fake_obs(), RealClock()
    heard: queue.SimpleQueue[ObsEvent] = queue.SimpleQueue()
    feed = EventFeed(obs.address, clock, heard.put)
    before = clock.now()
    obs.say("CurrentProgramSceneChanged", {"sceneName": "Panggung"})
    event = heard.get(timeout=2)
    assert event == SceneChanged(event.at, "Panggung")
    assert before <= event.at <= clock.now()
    feed.close()


def test_an_event_that_cannot_be_handed_over_does_not_silence_the_next(fake_obs):
    obs, heard, new = fake_obs(), [], threading.Event()

    def put(event):
        if event.scene == "buruk":
            raise RuntimeError("the inbox is full")
        heard.append(event.scene)
        new.set()

    feed = EventFeed(obs.address, RealClock(), put)
    obs.say("CurrentProgramSceneChanged", {"sceneName": "buruk"})
    obs.say("CurrentProgramSceneChanged", {"sceneName": "baik"})
    assert new.wait(2)
    assert heard == ["baik"]
    assert feed.alive
    feed.close()


def test_a_dropped_event_socket_is_noticed(fake_obs):
    obs = fake_obs()
    feed = EventFeed(obs.address, RealClock(), lambda _event: None)
    obs.sockets[0].close()
    deadline = time.monotonic() + 2
    while feed.alive and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not feed.alive
    feed.close()


def test_check_says_in_words_that_nobody_answers():
    port = free_port()
    assert check(Address("127.0.0.1", port), "Expo · ") == [f"No OBS answers at 127.0.0.1:{port}."]
