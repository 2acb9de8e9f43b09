"""Which way a request takes, and how a proxy is signed in to: with the demo's proxy and with scripted ones."""

from __future__ import annotations

import base64
import threading

import pytest
import spnego

from tests.archive.scripted import Scripted, free_port, raw_server
from workstation.archive import sign_in
from workstation.archive.connection import Connection
from workstation.archive.proxies import is_excepted, is_loopback, way_from, ways_of_script
from workstation.archive.retries import Retries
from workstation.demo.certificates import make_certificates
from workstation.demo.proxy import DemoProxy
from workstation.errors import ConfigError, ConnectionFailed
from workstation.reference import Secret
from workstation.settings import NetworkSettings, ProxySettings, Settings, TlsSettings
from workstation.tasks import CancelToken

OK = (200, {}, b"hello")
QUICK = Retries(tries=1, base_s=0.001)


@pytest.fixture
def cloud(tmp_path):
    """A TLS server, and the settings that believe it."""
    files = make_certificates(tmp_path)
    with Scripted(OK, certificate=files.server) as server:
        server.tls = TlsSettings(ca=str(files.authority))
        yield server


@pytest.fixture
def proxy():
    made = DemoProxy("doctor", "p:ss wörd")
    yield made
    made.close()


@pytest.fixture
def connect(cloud):
    made = []

    def connect(proxy_settings, secret=lambda name: None, script=None):
        settings = Settings(proxy=proxy_settings, tls=cloud.tls, network=NetworkSettings(connect_timeout_s=2.0))
        made.append(Connection(settings, secret, script, QUICK))
        return made[-1]

    yield connect
    for one in made:
        one.close()


def ask(connection, url):
    with connection.get(url, accept="*/*", token=CancelToken()) as answer:
        return answer.read(1000)


def failure(connection, url):
    with pytest.raises(ConnectionFailed) as caught:
        ask(connection, url)
    return caught.value.code, caught.value.params


PASSWORD = {"proxy": Secret("p:ss wörd")}.get


# --- which way


@pytest.mark.parametrize(
    ("host", "entries", "excepted"),
    [
        ("pacs.hospital", ("pacs.hospital",), True),
        ("PACS.Hospital.", ("pacs.hospital",), True),
        ("a.pacs.hospital", ("pacs.hospital",), False),
        ("a.hospital", (".hospital",), True),
        ("hospital", (".hospital",), True),
        ("a.hospital", ("*.hospital",), True),
        ("nothospital", (".hospital",), False),
        ("10.1.2.3", ("10.0.0.0/8",), True),
        ("11.1.2.3", ("10.0.0.0/8",), False),
        ("10.1.2.3", ("10.1.2.3",), True),
        ("10.host.example", ("10.0.0.0/8",), False),
        ("fd00::7", ("fd00::/8",), True),
        ("[::1]", ("::1",), True),
        ("pacs.hospital", ("pacs.hospital:443",), True),
        ("pacs.hospital", ("pacs.hospital:8443",), False),
        ("anything", ("*",), True),
        ("anything", ("", " "), False),
    ],
)
def test_exceptions_are_hosts_domains_addresses_and_networks(host, entries, excepted):
    assert is_excepted(host, 443, entries) is excepted


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("10.0.0.1", False),
    ],
)
def test_loopback_is_this_machine(host, loopback):
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("proxy.hospital:3128", "http://proxy.hospital:3128"),
        ("http://proxy.hospital", "http://proxy.hospital:80"),
        ("https://proxy.hospital", "https://proxy.hospital:443"),
        ("http://user:p%40ss@proxy:8080/", "http://proxy:8080"),
        ("[fd00::1]:3128", "http://[fd00::1]:3128"),
    ],
)
def test_a_proxys_address_is_read_as_people_write_it(text, proxy):
    assert way_from(text).proxy == proxy


def test_a_system_proxys_own_name_and_password_are_kept_apart_from_its_address():
    way = way_from("http://user:p%40ss@proxy:8080/")
    assert (way.user, way.password, way.name) == ("user", Secret("p@ss"), "proxy:8080")
    assert "p@ss" not in repr(way)


@pytest.mark.parametrize("text", ["socks5://proxy:1080", "http://", "http://proxy:port"])
def test_a_proxy_that_cannot_be_used_is_a_fault_of_the_settings(text):
    with pytest.raises(ConfigError):
        way_from(text)


def test_the_answer_of_a_script_is_read_in_order():
    ways = ways_of_script("PROXY a:3128; SOCKS b:1080; HTTPS c ; proxy d:99999; DIRECT")
    assert [way.proxy for way in ways] == ["http://a:3128", "https://c:443", ""]


@pytest.mark.parametrize("answer", ["", "SOCKS b:1080", "nonsense"])
def test_an_answer_without_a_usable_way_is_a_failed_script(answer):
    with pytest.raises(ConnectionFailed) as caught:
        ways_of_script(answer)
    assert caught.value.code == "pac-failed"


def test_an_explicit_proxy_is_used_for_this_machine_too(connect, cloud, proxy):
    connection = connect(ProxySettings(url=proxy.url, user="doctor"), PASSWORD)
    assert ask(connection, cloud.url) == b"hello"
    assert proxy.passed == {f"127.0.0.1:{cloud.port}": 1}


def test_an_exception_goes_straight(connect, cloud, proxy):
    connection = connect(ProxySettings(url=proxy.url, no_proxy=("127.0.0.0/8",)))
    assert ask(connection, cloud.url) == b"hello"
    assert not proxy.asked


def test_without_any_proxy_the_way_is_straight(connect, cloud, monkeypatch):
    monkeypatch.setattr("urllib.request.getproxies", dict)
    assert connect(ProxySettings()).way_names("https://cloud.example/") == ("",)
    assert ask(connect(ProxySettings()), cloud.url) == b"hello"


def test_the_systems_proxy_comes_after_the_script_and_the_script_after_the_explicit_one(connect, monkeypatch, tmp_path):
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"https": "http://user:pw@system:8080", "http": "plain:1"})
    monkeypatch.setattr("urllib.request.proxy_bypass", lambda host: host == "bypassed.example")
    (tmp_path / "proxy.pac").write_text("script text")
    pac = str(tmp_path / "proxy.pac")

    def script(text, url, host):
        return "PROXY scripted:3128; DIRECT"

    url = "https://cloud.example/x"
    assert connect(ProxySettings()).way_names(url) == ("system:8080",)
    assert connect(ProxySettings()).way_names("https://bypassed.example/") == ("",)
    assert connect(ProxySettings()).way_names("https://127.0.0.1/") == ("",)
    assert connect(ProxySettings(pac=pac), script=script).way_names(url) == ("scripted:3128", "")
    assert connect(ProxySettings(pac=pac), script=script).way_names("https://localhost/") == ("",)
    assert connect(ProxySettings(pac=pac, url="explicit:1"), script=script).way_names(url) == ("explicit:1",)


def test_a_socks_proxy_of_the_system_is_passed_by(connect, monkeypatch):
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"all": "socks5://system:1080"})
    assert connect(ProxySettings()).way_names("https://cloud.example/") == ("",)


# --- the script


def scripted(connect, tmp_path, answers, place=None, monkeypatch=None):
    asked = []

    def script(text, url, host):
        asked.append((text, url, host))
        return answers

    path = tmp_path / "proxy.pac"
    path.write_text("function FindProxyForURL(url, host) {}", encoding="utf-8")
    monkeypatch.setattr("workstation.archive.proxies.is_loopback", lambda host: False)
    return connect(ProxySettings(pac=place or str(path), user="doctor"), PASSWORD, script), asked


def test_a_script_sees_the_origin_and_never_the_path_with_its_token(connect, cloud, tmp_path, monkeypatch):
    connection, asked = scripted(connect, tmp_path, "DIRECT", monkeypatch=monkeypatch)
    for path in ("/link/canary/studies", "/other?token=canary"):
        assert ask(connection, cloud.url + path) == b"hello"
    assert asked == [("function FindProxyForURL(url, host) {}", f"{cloud.url}/", "127.0.0.1")]


def test_the_next_way_is_taken_when_a_proxy_does_not_answer(connect, cloud, proxy, tmp_path, monkeypatch):
    answers = f"PROXY 127.0.0.1:{free_port()}; PROXY {proxy.url.removeprefix('http://')}"
    connection, _ = scripted(connect, tmp_path, answers, monkeypatch=monkeypatch)
    assert ask(connection, cloud.url) == b"hello"
    assert connection.way_names(cloud.url)[0] == proxy.url.removeprefix("http://")  # the dead one comes last now
    assert proxy.passed


def test_when_no_way_of_a_script_answers_the_last_proxy_is_named(connect, cloud, tmp_path, monkeypatch):
    ports = free_port(), free_port()
    answers = "; ".join(f"PROXY 127.0.0.1:{port}" for port in ports)
    connection, _ = scripted(connect, tmp_path, answers, monkeypatch=monkeypatch)
    assert failure(connection, cloud.url) == ("proxy-unreachable", {"proxy": f"127.0.0.1:{ports[1]}"})


def test_a_script_may_be_fetched_or_named_by_a_file_url(connect, cloud, tmp_path, monkeypatch):
    with Scripted((200, {}, b"fetched")) as server:
        connection, asked = scripted(connect, tmp_path, "DIRECT", server.url + "/proxy.pac", monkeypatch)
        ask(connection, cloud.url)
        assert asked[0][0] == "fetched"
    connection, asked = scripted(connect, tmp_path, "DIRECT", (tmp_path / "proxy.pac").as_uri(), monkeypatch)
    ask(connection, cloud.url)
    assert asked[0][0].startswith("function")


def test_a_script_that_cannot_be_had_is_said(connect, cloud, tmp_path, monkeypatch):
    (tmp_path / "huge.pac").write_bytes(b" " * ((1 << 20) + 1))
    with Scripted((404, {}, b"")) as server:
        places = [
            (server.url, "status 404"),
            (f"http://127.0.0.1:{free_port()}/", "server-unreachable"),
            (str(tmp_path / "missing.pac"), "the script cannot be read"),
            (str(tmp_path / "huge.pac"), "the script is too large"),
        ]
        for place, reason in places:
            connection, _ = scripted(connect, tmp_path, "DIRECT", place, monkeypatch)
            assert failure(connection, cloud.url) == ("pac-failed", {"reason": reason})


def test_without_a_script_engine_that_is_said(connect, tmp_path):
    connection = connect(ProxySettings(pac="x.pac"))
    with pytest.raises(ConnectionFailed) as caught:
        connection.way_names("https://cloud.example/")
    assert caught.value.code == "pac-failed"


# --- faults of the proxy


def test_a_proxy_that_is_down_is_named(connect, cloud):
    port = free_port()
    connection = connect(ProxySettings(url=f"http://127.0.0.1:{port}"))
    assert failure(connection, cloud.url) == ("proxy-unreachable", {"proxy": f"127.0.0.1:{port}"})
    assert cloud.asked == []


def test_a_proxy_whose_name_nobody_knows_cannot_be_reached(connect, cloud, monkeypatch):
    import socket

    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: (_ for _ in ()).throw(socket.gaierror(-2, "unknown")))
    connection = connect(ProxySettings(url="http://proxy.hospital:3128"))
    assert failure(connection, cloud.url) == ("proxy-unreachable", {"proxy": "proxy.hospital:3128"})


def place_of(proxy):
    return proxy.url.removeprefix("http://")


@pytest.mark.parametrize("kind", ["auto", "basic", "ntlm", "negotiate"])
@pytest.mark.parametrize("user", ["", "doctor"])
def test_a_proxy_that_wants_a_name_and_a_password_that_are_not_known_says_so(connect, cloud, proxy, kind, user):
    connection = connect(ProxySettings(url=proxy.url, user=user, sign_in=kind))
    code, params = failure(connection, cloud.url)
    assert params["proxy"] == place_of(proxy)
    assert code == ("proxy-failed" if kind in {"ntlm", "negotiate"} and user else "proxy-sign-in")
    assert not proxy.passed


@pytest.mark.parametrize("kind", ["auto", "basic"])
def test_a_wrong_password_is_said_and_not_sent_again_and_again(connect, cloud, proxy, kind):
    known = {"proxy": Secret("wrong")}
    connection = connect(ProxySettings(url=proxy.url, user="doctor", sign_in=kind), known.get)
    for _ in range(5):
        assert failure(connection, cloud.url) == ("proxy-wrong-password", {"proxy": place_of(proxy)})
    # an account is locked after a handful of wrong passwords: one only was sent, and one request without
    assert proxy.asked.total() <= 2
    known["proxy"] = Secret("p:ss wörd")
    assert ask(connection, cloud.url) == b"hello"


@pytest.mark.parametrize("kind", ["auto", "basic"])
def test_many_downloads_that_begin_together_send_a_wrong_password_once(connect, cloud, proxy, kind):
    connection = connect(ProxySettings(url=proxy.url, user="doctor", sign_in=kind), {"proxy": Secret("wrong")}.get)
    codes = []
    threads = [threading.Thread(target=lambda: codes.append(failure(connection, cloud.url)[0])) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == ["proxy-wrong-password"] * 6
    assert proxy.asked.total() == (2 if kind == "auto" else 1)


def test_a_password_may_be_tried_again_after_a_while(connect, cloud, proxy, monkeypatch):
    known = {"proxy": Secret("wrong")}
    connection = connect(ProxySettings(url=proxy.url, user="doctor", sign_in="basic"), known.get)
    monkeypatch.setattr(sign_in, "_SAME_PASSWORD_AGAIN_S", 0.0)
    for _ in range(2):
        assert failure(connection, cloud.url)[0] == "proxy-wrong-password"
    assert proxy.asked.total() == 2


def test_what_the_proxy_wants_is_learned_once(connect, cloud, proxy):
    connection = connect(ProxySettings(url=proxy.url, user="doctor"), PASSWORD)
    answers = [connection.get(cloud.url, accept="*/*", token=CancelToken()) for _ in range(3)]  # three connections
    for answer in answers:
        answer.close()
    assert proxy.asked.total() == 4  # one question, then three tunnels with the password at once
    assert proxy.passed.total() == 3


def test_a_password_in_the_explicit_address_is_not_used_and_nowhere_shown(connect, cloud, proxy):
    address = proxy.url.replace("//", "//doctor:p%3Ass%20w%C3%B6rd@")
    code, params = failure(connect(ProxySettings(url=address)), cloud.url)
    assert code == "proxy-sign-in"
    assert params == {"proxy": place_of(proxy)}


def test_a_system_proxy_with_a_password_of_its_own_is_signed_in_to(connect, cloud, proxy, monkeypatch):
    address = proxy.url.replace("//", "//doctor:p%3Ass%20w%C3%B6rd@")
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"https": address})
    monkeypatch.setattr("workstation.archive.proxies.is_loopback", lambda host: False)
    monkeypatch.setattr("urllib.request.proxy_bypass", lambda host: False)
    assert ask(connect(ProxySettings()), cloud.url) == b"hello"
    assert proxy.passed.total() == 1


def test_a_place_that_the_proxy_does_not_open_is_said_with_its_port(connect, proxy):
    connection = connect(ProxySettings(url=proxy.url, user="doctor"), PASSWORD)
    assert failure(connection, "https://cloud.example:8443/") == (
        "proxy-forbidden",
        {"proxy": place_of(proxy), "host": "cloud.example", "port": 8443},
    )


def test_a_proxy_that_cannot_reach_the_server_says_so(connect, proxy):
    connection = connect(ProxySettings(url=proxy.url, user="doctor"), PASSWORD)
    code, params = failure(connection, f"https://127.0.0.1:{free_port()}/")
    assert (code, params["status"]) == ("proxy-failed", 502)
    assert proxy.passed.total() == 2  # it was tried once more


@pytest.mark.parametrize("words", [b"SSH-2.0-x\r\n", b"", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1\r\n\r\n"])
def test_something_that_is_no_proxy_is_said(connect, words):
    def talk(connection):
        connection.recv(1000)
        connection.sendall(words)

    with raw_server(talk) as port:
        connection = connect(ProxySettings(url=f"http://127.0.0.1:{port}"))
        assert failure(connection, "https://cloud.example/") == (
            "proxy-failed",
            {"proxy": f"127.0.0.1:{port}", "status": 0},
        )


def test_a_proxy_with_endless_headers_is_said(connect):
    def talk(connection):
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n")

    with raw_server(talk) as port:
        connection = connect(ProxySettings(url=f"http://127.0.0.1:{port}"))
        assert failure(connection, "https://cloud.example/")[0] == "proxy-failed"


def test_a_server_behind_the_proxy_is_verified_like_any_other(cloud, proxy):
    connection = Connection(Settings(proxy=ProxySettings(url=proxy.url, user="doctor")), PASSWORD, None, QUICK)
    code, params = failure(connection, cloud.url)
    assert (code, params) == ("tls-unknown-authority", {"host": "127.0.0.1", "issuer": "DEMO authority"})
    connection.close()


# --- plain http through a proxy


def test_plain_http_is_forwarded_with_the_password(connect, proxy):
    with Scripted(OK) as server:
        connection = connect(ProxySettings(url=proxy.url, user="doctor"), PASSWORD)
        assert [ask(connection, server.url + "/a?b=c") for _ in range(2)] == [b"hello"] * 2
        assert [path for _, path, _, _ in server.asked] == ["/a?b=c"] * 2
        assert all("Proxy-Authorization" not in headers for _, _, headers, _ in server.asked)
    assert proxy.passed.total() == 2


def test_plain_http_without_a_password_or_with_a_wrong_one_is_said(connect, proxy):
    with Scripted(OK) as server:
        assert failure(connect(ProxySettings(url=proxy.url)), server.url)[0] == "proxy-sign-in"
        for kind in ("auto", "basic"):
            wrong = connect(ProxySettings(url=proxy.url, user="doctor", sign_in=kind), {"proxy": Secret("no")}.get)
            assert failure(wrong, server.url)[0] == "proxy-wrong-password"
        assert server.asked == []


# --- NTLM and Negotiate


class NtlmProxy:
    """The proxy's side of NTLM by pyspnego's own acceptor: CONNECT, challenge, authenticate, then an empty tunnel."""

    def __init__(self, tmp_path, scheme="NTLM", offered=("Negotiate", "NTLM", 'Basic realm="x"'), closes=False):
        self.file = tmp_path / "users"
        self.file.write_text("HOSPITAL:doctor:pässword\n", encoding="utf-8")
        self.scheme, self.offered, self.closes = scheme, offered, closes
        self.log = []
        self.signed_in = threading.Event()

    def talk(self, connection):
        reader = connection.makefile("rb")
        context = spnego.server(protocol="ntlm" if self.scheme == "NTLM" else "negotiate", options=0)
        while line := reader.readline():
            assert line.startswith(b"CONNECT")
            sent = ""
            while (header := reader.readline()) not in {b"\r\n", b""}:
                if header.lower().startswith(b"proxy-authorization:"):
                    sent = header.split(b":", 1)[1].strip().decode()
            scheme, _, token = sent.partition(" ")
            self.log.append(scheme)
            if scheme != self.scheme:
                self._deny(connection, self.offered)
                if self.closes:
                    return
                continue
            try:
                reply = context.step(base64.b64decode(token))
            except spnego.exceptions.SpnegoError:
                self._deny(connection, self.offered)
                return
            if context.complete:
                self.signed_in.set()
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                return
            self._deny(connection, [f"{self.scheme} {base64.b64encode(reply).decode()}"])

    def _deny(self, connection, challenges):
        lines = "".join(f"Proxy-Authenticate: {challenge}\r\n" for challenge in challenges)
        close = "Proxy-Connection: close\r\n" if self.closes and len(challenges) > 1 else ""
        connection.sendall(f"HTTP/1.1 407 no\r\n{lines}{close}Content-Length: 4\r\n\r\npage".encode())


@pytest.fixture
def ntlm_users(tmp_path, monkeypatch):
    monkeypatch.setenv("NTLM_USER_FILE", str(tmp_path / "users"))  # read by the acceptor, not by the workstation


@pytest.mark.usefixtures("ntlm_users")
@pytest.mark.parametrize("closes", [False, True])
@pytest.mark.parametrize(("kind", "scheme"), [("ntlm", "NTLM"), ("negotiate", "Negotiate"), ("auto", "NTLM")])
def test_a_domain_account_signs_in_on_connect(connect, tmp_path, kind, scheme, closes):
    offered = ("Negotiate", "NTLM") if scheme == "Negotiate" else ("NTLM", 'Basic realm="x"')
    proxy = NtlmProxy(tmp_path, scheme, offered, closes)
    with raw_server(proxy.talk) as port:
        settings = ProxySettings(url=f"http://127.0.0.1:{port}", user="HOSPITAL\\doctor", sign_in=kind)
        connection = connect(settings, {"proxy": Secret("pässword")}.get)
        failure(connection, "https://cloud.example/")  # there is no cloud behind this proxy
        assert proxy.signed_in.is_set()
    assert "Basic" not in proxy.log


@pytest.mark.usefixtures("ntlm_users")
@pytest.mark.parametrize("kind", ["ntlm", "auto"])
def test_a_wrong_domain_password_is_said_and_sent_once(connect, tmp_path, kind):
    proxy = NtlmProxy(tmp_path, offered=("NTLM", 'Basic realm="x"'))
    with raw_server(proxy.talk) as port:
        settings = ProxySettings(url=f"http://127.0.0.1:{port}", user="HOSPITAL\\doctor", sign_in=kind)
        connection = connect(settings, {"proxy": Secret("wrong")}.get)
        for _ in range(3):
            assert failure(connection, "https://cloud.example/")[0] == "proxy-wrong-password"
    assert proxy.log.count("NTLM") == 2  # one negotiate, one authenticate message
    assert "Basic" not in proxy.log  # the weaker scheme would send the same wrong password once more


def negotiating_badly(log, challenge):
    """A proxy that offers Negotiate and does not go on with it, and takes Basic."""

    def talk(connection):
        reader = connection.makefile("rb")
        while reader.readline():
            sent = ""
            while (header := reader.readline()) not in {b"\r\n", b""}:
                if header.lower().startswith(b"proxy-authorization:"):
                    sent = header.split(b":", 1)[1].strip().decode()
            log.append(sent.partition(" ")[0])
            if log[-1] == "Basic":
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                return
            lines = f"Proxy-Authenticate: {challenge}\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"
            connection.sendall(b"HTTP/1.1 407 no\r\n" + lines.encode())

    return talk


@pytest.mark.parametrize("challenge", ["Negotiate", "Negotiate !!!", "Negotiate AAAA"])
def test_a_strong_scheme_that_does_not_work_here_gives_way_to_a_weaker_one(connect, challenge):
    log = []
    with raw_server(negotiating_badly(log, challenge)) as port:
        settings = ProxySettings(url=f"http://127.0.0.1:{port}", user="HOSPITAL\\doctor")
        connection = connect(settings, {"proxy": Secret("pw")}.get)
        for _ in range(2):
            failure(connection, "https://cloud.example/")  # there is no cloud behind this proxy
    assert log[:3] == ["", "Negotiate", "Basic"]
    assert log[3:] == ["Basic"] * (len(log) - 3)  # learned: the strong one is not tried again


def test_a_scheme_that_this_machine_cannot_speak_is_passed_by(connect, monkeypatch):
    def unable(*args, **kwargs):
        raise spnego.exceptions.FeatureMissingError(spnego.ContextReq.none)

    monkeypatch.setattr(spnego, "client", unable)
    for kind, last in (("auto", "Basic"), ("negotiate", "")):
        log = []
        with raw_server(negotiating_badly(log, "Negotiate")) as port:
            settings = ProxySettings(url=f"http://127.0.0.1:{port}", user="doctor", sign_in=kind)
            code, _ = failure(connect(settings, {"proxy": Secret("pw")}.get), "https://cloud.example/")
        assert log[-1] == last
        assert kind == "auto" or code == "proxy-sign-in"


def test_offers_are_found_in_one_header_or_in_several():
    assert sign_in.offers(["Negotiate", "NTLM TlRM", 'Basic realm="a", charset="UTF-8"']) == {
        "negotiate": "",
        "ntlm": "TlRM",
        "basic": 'realm="a"',
    }
    assert list(sign_in.offers(['Negotiate, NTLM, Basic realm="x"'])) == ["negotiate", "ntlm", "basic"]
