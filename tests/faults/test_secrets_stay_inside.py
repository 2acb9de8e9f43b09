"""Whatever fails, no token, password, path or query leaves in an error, a traceback or a log line."""

from __future__ import annotations

import contextlib
import logging
import traceback

import pytest
import trustme

from tests.archive.scripted import Scripted, certificate_files, free_port, raw_server
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.demo.proxy import DemoProxy
from workstation.errors import ServerRefused, WorkstationError
from workstation.reference import Secret
from workstation.settings import NetworkSettings, ProxySettings, Settings
from workstation.tasks import CancelToken

CANARY = "canary"  # part of every secret below


def everything_said(call, caplog) -> str:
    """The error a call ends in, its causes, their reprs and attributes that are printed, and the log."""
    caplog.set_level(logging.DEBUG)
    text = ""
    try:
        call()
    except WorkstationError as error:
        text = "".join(traceback.format_exception(error))
        cause: BaseException | None = error
        while cause is not None:
            text += f"{cause!r} {cause} {cause.args}"
            cause = cause.__cause__ or cause.__context__
        assert text
    return text + caplog.text


def answering(*pieces):
    def talk(connection):
        connection.recv(65536)
        for piece in pieces:
            connection.sendall(piece)

    return talk


@contextlib.contextmanager
def fault(kind, tmp_path):
    """A URL at which something goes wrong, and the settings of the way to it."""
    with contextlib.ExitStack() as stack:
        network = NetworkSettings(idle_timeout_s=0.2, connect_timeout_s=1.0)
        if kind.startswith("status"):
            server = stack.enter_context(Scripted((int(kind[7:]), {"WWW-Authenticate": f'x="{CANARY}"'}, b"{}")))
            yield server.url, Settings(network=network)
        elif kind == "redirect":
            away = 302, {"Location": f"https://evil.example/{CANARY}?{CANARY}"}, b""
            yield stack.enter_context(Scripted(away)).url, Settings(network=network)
        elif kind == "refused":
            yield f"https://127.0.0.1:{free_port()}", Settings(network=network)
        elif kind == "unbelieved":
            leaf = certificate_files(tmp_path, trustme.CA(), "127.0.0.1")
            yield stack.enter_context(Scripted((200, {}, b""), certificate=leaf)).url, Settings(network=network)
        elif kind.startswith("proxy"):
            proxy = DemoProxy("user", "right")
            stack.callback(proxy.close)
            settings = ProxySettings(url=proxy.url.replace("//", f"//u:{CANARY}@"), user="user", sign_in=kind[6:])
            yield f"https://127.0.0.1:{free_port()}", Settings(proxy=settings, network=network)
        else:
            raw = {
                "lost": [],
                "garbage": [b"HTTP/9 what\r\n\r\n"],
                "cut": [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"],
                "odd headers": [b"HTTP/1.1 200 OK\r\nContent-Type: multipart/related\r\n bad\r\n: x\r\n\r\n"],
                "broken chunks": [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
            }[kind]
            port = stack.enter_context(raw_server(answering(*raw)))
            yield f"http://127.0.0.1:{port}", Settings(network=network)


KINDS = [
    *(f"status {code}" for code in (400, 401, 403, 404, 407, 410, 429, 500, 503)),
    *("redirect", "refused", "unbelieved", "lost", "garbage", "cut", "odd headers", "broken chunks"),
    *("proxy auto", "proxy basic", "proxy ntlm", "proxy negotiate"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_no_fault_tells_a_secret(kind, tmp_path, caplog):
    with fault(kind, tmp_path) as (url, settings):
        connection = Connection(settings, {"proxy": Secret(f"{CANARY}-password")}.get, None, Retries(tries=1, base_s=0))
        web = DicomWeb(
            connection, f"{url}/link/{CANARY}-path/dicom-web", {"Authorization": Secret(f"Bearer {CANARY}-token")}
        )

        def all_of_it():
            web.search_studies(PatientID=f"{CANARY}-patient", token=CancelToken())

        said = everything_said(all_of_it, caplog)
        connection.close()
    assert CANARY not in said.replace("canary_", "")


@pytest.mark.parametrize(
    "url", ["https://canary:canary@x/", "https://x/canary canary", "gopher://canary", "https://canary:canary/"]
)
def test_an_address_that_is_none_is_not_told(url, caplog):
    connection = Connection(Settings(), lambda name: None)
    said = everything_said(lambda: connection.get(url, accept="*/*", token=CancelToken()), caplog)
    assert "canary" not in said


def test_what_a_refusal_carries_is_not_printed():
    error = ServerRefused("sign-in-needed", host="x")
    error.challenge, error.detail = CANARY, {"error": CANARY}
    assert CANARY not in f"{error!r} {error} {error.args} {error.params}"
