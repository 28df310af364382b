"""One look at a link: dead is what viewers cannot open, and not what merely turns a robot away."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from broadcaster.devices.links import MOST, Answer, LinkProbe, is_public

HERE = "127.0.0.1"
NAMES = {"shop.example": HERE, "inner.example": "10.0.0.1", "both.example": HERE}


class Shop(ThreadingHTTPServer):
    """Answers each path as `pages` says: a status, a place to be sent on to, or a status for each method."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HERE, 0), _Counter)
        self.pages: dict[str, int | str | dict[str, int]] = {}
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()

    def url(self, path: str = "/", scheme: str = "http", host: str = "shop.example") -> str:
        return f"{scheme}://{host}:{self.server_port}{path}"

    def handle_error(self, request, client_address) -> None:
        """Whoever hangs up is no news."""


class _Counter(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path))
        self.server.agents.add(self.headers["User-Agent"])
        page = self.server.pages.get(self.path, 404)
        page = page.get(self.command, 405) if isinstance(page, dict) else page
        if isinstance(page, str):
            self.send_response(302)
            self.send_header("Location", page)
        else:
            self.send_response(page)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815  (http.server looks for it under this name)

    def log_message(self, *args) -> None:
        pass


@contextmanager
def served(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def shop():
    with served(Shop()) as shop:
        yield shop


def names(host: str, port: int) -> list[str]:
    if host in NAMES:
        return [NAMES[host]]
    if host == "busy.example":
        raise socket.gaierror(socket.EAI_AGAIN, "the name server does not answer")
    raise socket.gaierror(socket.EAI_NONAME, "no such name")


def probe(timeout: float = 5.0) -> LinkProbe:
    return LinkProbe(may_call=HERE.__eq__, schemes={"http", "https"}, names=names, timeout=timeout)


@pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 403, 405, 429, 451, 500, 503])
def test_a_shop_that_is_there_is_reached_whatever_it_thinks_of_robots(shop, status):
    shop.pages["/batik"] = status
    assert probe().look(shop.url("/batik")).answer is Answer.REACHED


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_dead(shop, status):
    shop.pages["/batik"] = status
    found = probe().look(shop.url("/batik"))
    assert (found.answer, found.why) == (Answer.DEAD, f"its server says that there is no such page ({status})")


@pytest.mark.parametrize("refusal", [404, 405, 501])
def test_a_server_that_does_not_know_head_is_asked_for_the_page(shop, refusal):
    shop.pages["/batik"] = {"HEAD": refusal, "GET": 200}
    assert probe().look(shop.url("/batik")).answer is Answer.REACHED
    assert shop.asked == [("HEAD", "/batik"), ("GET", "/batik")]


def test_the_service_says_who_asks(shop):
    shop.pages["/"] = 200
    probe().look(shop.url())
    (agent,) = shop.agents
    assert re.fullmatch(r"Broadcaster/[\d.]+\S* \(link check\)", agent)


def test_letters_beyond_ascii_are_asked_for_as_browsers_do(shop):
    shop.pages["/kain-%C3%A9?q=%20"] = 200
    assert probe().look(shop.url("/kain-é?q=%20")).answer is Answer.REACHED
    assert shop.asked == [("HEAD", "/kain-%C3%A9?q=%20")]


def test_it_goes_where_it_is_sent_and_judges_what_is_there(shop):
    shop.pages |= {"/a": "/b", "/b": shop.url("/c"), "/c": 404}
    assert probe().look(shop.url("/a")).answer is Answer.DEAD
    assert [path for method, path in shop.asked if method == "HEAD"] == ["/a", "/b", "/c"]


def test_whoever_sends_it_in_circles_is_there_and_asked_six_times(shop):
    shop.pages["/a"] = "/a"
    assert probe().look(shop.url("/a")).answer is Answer.REACHED
    assert len(shop.asked) == 6


@pytest.mark.parametrize(
    "place",
    ["/accounts/login/?next=batik", "/buyer/signin", "/verify/traffic", "shopeeid://home", "ftp://files.example"],
)
def test_a_shop_that_sends_robots_to_a_login_or_into_its_app_is_reached(shop, place):
    shop.pages["/batik"] = place
    assert probe().look(shop.url("/batik")).answer is Answer.REACHED
    assert shop.asked == [("HEAD", "/batik")]


def test_plain_http_is_never_asked(shop):
    found = LinkProbe(may_call=HERE.__eq__, names=names).look(shop.url())
    assert (found.answer, shop.asked) == (Answer.SILENT, [])


def test_a_link_into_the_house_is_dead_and_not_asked_for(shop):
    """A link is what others wrote: it must not reach what only this machine can."""
    for url in (shop.url(scheme="https"), f"https://{HERE}:{shop.server_port}/"):
        found = LinkProbe(names=lambda host, port: [HERE]).look(url)
        assert (found.answer, found.why.partition(" ")[2]) == (Answer.DEAD, "is not on the public internet")
    assert shop.asked == []


def test_a_name_with_one_address_in_the_house_is_not_asked_for_at_all(shop):
    found = LinkProbe(names=lambda host, port: ["203.0.114.5", HERE]).look(shop.url(scheme="https"))
    assert (found.answer, found.why) == (Answer.DEAD, "shop.example is not on the public internet")


def test_whoever_sends_it_into_the_house_sends_viewers_nowhere(shop):
    shop.pages["/batik"] = "http://inner.example/admin"
    found = probe().look(shop.url("/batik"))
    assert (found.answer, found.why) == (Answer.DEAD, "inner.example is not on the public internet")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:4700:4700::1111", True),
        ("64:ff9b::5db8:d822", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
    ],
)
def test_which_addresses_everybody_can_reach(address, expected):
    assert is_public(address) is expected


def test_a_host_that_does_not_exist_is_dead():
    found = probe().look("https://gone.example/")
    assert (found.answer, found.why) == (Answer.DEAD, "there is no host gone.example")


def test_a_name_server_that_does_not_answer_says_nothing_about_the_shop():
    assert probe().look("https://busy.example/").answer is Answer.SILENT


def test_a_server_that_refuses_is_dead():
    with socket.create_server((HERE, 0)) as taken:
        port = taken.getsockname()[1]
    found = probe().look(f"http://shop.example:{port}/")
    assert (found.answer, found.why) == (Answer.DEAD, "shop.example refuses connections")


@contextmanager
def odd(*pieces: bytes):
    """A server that says `pieces` to everybody, hangs up after an empty one, and otherwise waits."""
    done = threading.Event()

    def serve() -> None:
        lines = []
        while not done.is_set():
            try:
                line, _address = listener.accept()
            except OSError:
                return
            lines.append(line)
            with line.dup() as mouth:
                try:
                    for piece in pieces:
                        mouth.sendall(piece)
                except OSError:
                    continue
            if not pieces or not pieces[-1]:
                line.shutdown(socket.SHUT_RDWR)

    listener = socket.create_server((HERE, 0))
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://shop.example:{listener.getsockname()[1]}/"
    finally:
        done.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_one_that_takes_the_call_and_says_nothing_is_given_up_in_time():
    begun = time.monotonic()
    with odd(b"HTTP/1.1 ") as url:
        assert probe(timeout=0.2).look(url).answer is Answer.SILENT
    assert time.monotonic() - begun < 3


def test_one_that_never_comes_to_an_end_is_not_heard_out():
    with odd(b"HTTP/1.1 200 OK\r\n", *[b"X-Y: " + b"z" * 1000 + b"\r\n"] * (2 * MOST // 1000)) as url:
        assert probe().look(url).answer is Answer.SILENT


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH\r\n\r\n", b""])
def test_one_that_speaks_no_http_or_hangs_up_says_nothing(said):
    with odd(said, b"") as url:
        assert probe().look(url).answer is Answer.SILENT


def test_a_server_without_tls_behind_an_https_link_is_dead(shop):
    found = probe().look(shop.url(scheme="https"))
    assert (found.answer, found.why) == (Answer.DEAD, "there is no secure connection with shop.example")


def certificate(folder, subject: str, issuer: str):
    """A file with a key and its certificate; self-signed when both names are one."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer = key if subject == issuer else ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    path = folder / "shop.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(
    ("issuer", "expected"),
    [("shop.example", Answer.DEAD), ("An issuer unknown here", Answer.SILENT)],
)
def test_a_certificate_that_nobody_trusts_is_dead_and_one_whose_issuer_is_not_at_hand_is_not(
    tmp_path, issuer, expected
):
    """Browsers fetch an issuer that a server forgot to send; a machine may also have no list of issuers."""
    server = Shop()
    server.pages["/"] = 200
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path, "shop.example", issuer))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with served(server) as shop:
        found = probe().look(shop.url(scheme="https"))
    assert (found.answer, shop.asked) == (expected, [])
