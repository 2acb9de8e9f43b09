"""Who calls what on the main thread: files, the network, decoders. And how long the event loop was ever silent."""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import socket
import ssl
import sys
import threading
import time
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage

import workstation
from workstation.app.warming import MODULES, PAGES
from workstation.archive.connection import Connection
from workstation.dicom.frames import decode_frame
from workstation.dicom.part10 import read_part10
from workstation.locations import resources
from workstation.station.audit import Audit
from workstation.workers.pool import WorkerPool

_OWN = Path(resources()).resolve()
_SOURCE = Path(workstation.__file__).parent
_FILES = ("open", "stat", "lstat", "scandir", "listdir", "mkdir", "replace", "rename", "unlink", "remove", "fsync")
_SOCKET = ("connect", "connect_ex", "send", "sendall", "sendto", "recv", "recv_into", "recvfrom", "accept")
_TLS = ("read", "write", "send", "sendall", "recv", "recv_into", "do_handshake", "connect")
_NET = ("getaddrinfo", "create_connection", "gethostbyname")
_ROUTES = ("get", "post_json", "warm")


@dataclass
class Watch:
    """What was called while watching: (what, argument, the program's own lines that led there) of the main thread."""

    on_main: list[tuple[str, str, str]] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)

    def saw(self, what: str, argument: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            self.elsewhere.add(what)
            return
        if not _is_own_resource(argument) and not _is_own_source(what, argument):
            self.on_main.append((what, str(argument)[:80], _path_of_calls()))

    def told(self) -> str:
        """The offences, one a line."""
        return "\n".join(f"{what}({argument}) from {lines}" for what, argument, lines in self.on_main)


def _is_own_resource(argument: object) -> bool:
    """Icons, translations and fonts of the program itself, read where they are first shown."""
    if not isinstance(argument, (str, os.PathLike)):
        return False
    with contextlib.suppress(OSError, ValueError):
        return (Path.cwd() / os.fspath(argument)).is_relative_to(_OWN)
    return False


def _is_own_source(what: str, argument: object) -> bool:
    """A glance at one of the program's own modules: PySide's import hook asks whether each of them uses Qt, once."""
    return what == "os.stat" and str(argument).endswith(".py") and Path(str(argument)).is_relative_to(_SOURCE)


def _path_of_calls() -> str:
    """The program's lines that led here; read off the frames, as `traceback` would itself look at files."""
    lines: list[str] = []
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename.replace("\\", "/")
        if "/workstation/" in name:
            lines.append(f"{name.rpartition('/')[2]}:{frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(lines[:5]) or "no line of the program"


@contextlib.contextmanager
def watching(monkeypatch):
    """Record every file, network and decode call; what they do is unchanged.

    The pages' own modules come in steps behind the first window, on purpose (`app.warming`): they are here before.
    """
    for name in (*PAGES, *MODULES):
        import_module(name)  # what came only now would hold our spies for good
    watch = Watch()

    def spied(name, real):
        def call(*arguments, **keywords):
            place = arguments[1] if name.startswith(("Connection", "QImage")) and len(arguments) > 1 else None
            watch.saw(name, place if place is not None else (arguments[0] if arguments else ""))
            return real(*arguments, **keywords)

        return call

    with monkeypatch.context() as patch:
        for name in _FILES:
            patch.setattr(os, name, spied(f"os.{name}", getattr(os, name)))
        spy = spied("open", builtins.open)
        patch.setattr(builtins, "open", spy)
        patch.setattr(io, "open", spy)
        for owner, names in ((socket.socket, _SOCKET), (ssl.SSLSocket, _TLS), (socket, _NET), (Connection, _ROUTES)):
            for name in names:
                patch.setattr(owner, name, spied(f"{owner.__name__}.{name}", getattr(owner, name)))
        load = ssl.SSLContext.load_verify_locations
        patch.setattr(ssl.SSLContext, "load_verify_locations", spied("SSLContext.load", load))
        patch.setattr(WorkerPool, "decode", spied("WorkerPool.decode", WorkerPool.decode))
        patch.setattr(WorkerPool, "proxy_for", spied("WorkerPool.proxy_for", WorkerPool.proxy_for))
        patch.setattr(Audit, "record", spied("Audit.record", Audit.record))
        patch.setattr(QImage, "save", spied("QImage.save", QImage.save))
        patch.setattr(sys, "meta_path", [_Imports(watch), *sys.meta_path])
        for function in (read_part10, decode_frame):
            _everywhere(patch, function, spied(function.__name__, function))
        yield watch


class _Imports:
    """A module that is first imported reads files, too."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def find_spec(self, name, path=None, target=None):
        self._watch.saw("import", name)


def _everywhere(patch, function, spy) -> None:
    """Under whatever name a module of the program took it in."""
    for name, module in list(sys.modules.items()):
        if name.startswith("workstation"):
            for held, value in list(vars(module).items()):
                if value is function:
                    patch.setattr(module, held, spy)


class Heartbeat:
    """Beats every few milliseconds on the main thread; `longest_s` is the longest time that it could not."""

    EVERY_MS = 2

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(self.EVERY_MS)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest_s = max(self.longest_s, now - self._last)
        self._last = now

    def stop(self) -> float:
        """The longest silence, seconds."""
        self._beat()
        self._timer.stop()
        return self.longest_s
