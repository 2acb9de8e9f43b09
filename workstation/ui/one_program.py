"""`OneProgram`: one copy a user and desktop. A second start hands what it should open to the first, and ends.

The channel is a local socket (a named pipe on Windows) that only this user may connect to. Both sides know a nonce that
lies in a file only this user can read, so that nothing else that speaks to the channel is listened to.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from workstation import locations

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST: Final = 16384  # bytes of a message
_PATIENCE_MS: Final = 3000
_STARTING_S: Final = 15.0  # a copy that has taken its place listens by then, from a cold disk, too
_LOOK_AGAIN_S: Final = 0.1
_LONGEST_PATH: Final = 100  # a socket's path ends at 107 bytes
_DESKTOP: Final = ("DISPLAY", "WAYLAND_DISPLAY", "SESSIONNAME")


def channel_of(config: Path | None, environment: Mapping[str, str] | None = None) -> str:
    """What tells copies apart that shall not be one: another desktop session, other settings."""
    known = os.environ if environment is None else environment
    parts = [known.get(name, "") for name in _DESKTOP]
    parts.append(str(config.resolve()) if config is not None else "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


class OneProgram(QObject):
    """The channel between copies.

    Signals
    -------
    asked : (source) another start wants this opened; empty: only the window, please
    """

    asked = Signal(str)

    def __init__(self, channel: str, folder: Path | None = None) -> None:
        super().__init__()
        self.channel = channel
        self.is_the_one = False  # or a copy of its own, where another one did not answer
        self._folder = folder or locations.state_dir()
        self._nonce_file = self._folder / f"one-{channel}.json"
        self._lock = QLockFile(str(self._folder / f"one-{channel}.lock"))
        self._lock.setStaleLockTime(0)  # as long as its process lives
        self._server: QLocalServer | None = None
        self._nonce = ""
        self._visitors: dict[QLocalSocket, float] = {}  # until when each may be silent
        self._patience = QTimer(self)
        self._patience.setInterval(_PATIENCE_MS // 4)
        self._patience.timeout.connect(self._look)

    def claim(self) -> bool:
        """Be the one copy. False when another one is."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            self.is_the_one = True  # nowhere to leave word: each start is its own
            return True
        is_held = not self._lock.tryLock(0) and self._lock.error() == QLockFile.LockError.LockFailedError
        self.is_the_one = not is_held
        return self.is_the_one

    def listen(self) -> None:
        """Hear, from now on, what other starts of the program ask. Needs the Qt application."""
        if not self._lock.isLocked():
            return
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        name = _address(self.channel, self._folder)
        QLocalServer.removeServer(name)  # of a copy that died: the lock says that none lives
        self._nonce = secrets.token_hex(16)  # on the disk before anybody can connect: whoever connects then reads it
        try:
            handle = os.open(self._nonce_file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"nonce": self._nonce}, file)
        except OSError:
            return
        if not server.listen(name):
            return
        server.newConnection.connect(self._on_connection)
        self._server = server

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection() if self._server is not None else None
        if socket is None:
            return
        socket.setParent(self)
        self._visitors[socket] = time.monotonic() + _PATIENCE_MS / 1000
        socket.readyRead.connect(self._look)
        socket.disconnected.connect(self._look)
        self._patience.start()
        self._look()

    def _look(self) -> None:
        """Hear whoever has spoken; turn away whoever says too much or nothing."""
        for socket, ends in tuple(self._visitors.items()):
            if socket.canReadLine():
                self._hear(socket)
            elif socket.bytesAvailable() > _LONGEST or time.monotonic() > ends:
                socket.abort()
            if socket.state() == QLocalSocket.LocalSocketState.UnconnectedState:
                self._visitors.pop(socket, None)
                socket.deleteLater()
        if not self._visitors:
            self._patience.stop()

    def _hear(self, socket: QLocalSocket) -> None:
        source = _understood(bytes(socket.readLine(_LONGEST).data()), self._nonce)
        socket.write(b"ok\n" if source is not None else b"no\n")
        socket.flush()
        socket.disconnectFromServer()
        if source is not None:
            self.asked.emit(source)

    def hand_over(self, source: str) -> bool:
        """Give the running copy what this start should open; says whether it took it.

        A copy that is still starting is waited for. Where it ended meanwhile, this one is the one.
        """
        ends = time.monotonic() + _STARTING_S
        while time.monotonic() < ends:
            socket = QLocalSocket()
            socket.connectToServer(_address(self.channel, self._folder))
            if socket.waitForConnected(_PATIENCE_MS):
                return self._tell(socket, source)
            if self.claim():
                return False
            time.sleep(_LOOK_AGAIN_S)
        return False

    def _tell(self, socket: QLocalSocket, source: str) -> bool:
        try:
            nonce = str(json.loads(self._nonce_file.read_text(encoding="utf-8"))["nonce"])
        except (OSError, ValueError, KeyError, TypeError):
            return False
        socket.write(json.dumps({"nonce": nonce, "source": source}).encode() + b"\n")
        socket.waitForBytesWritten(_PATIENCE_MS)
        while not socket.canReadLine():
            if not socket.waitForReadyRead(_PATIENCE_MS):
                return False
        return bytes(socket.readLine(8).data()) == b"ok\n"

    def release(self) -> None:
        """Another copy may be the one."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._patience.stop()
            visitors, self._visitors = tuple(self._visitors), {}
            for socket in visitors:
                socket.abort()
            self._nonce_file.unlink(missing_ok=True)
        self._lock.unlock()


def _address(channel: str, folder: Path) -> str:
    """The name of the channel: a path that only this user can reach, or a name of the pipe on Windows."""
    user = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    name = f"cloudfilm-workstation-{channel}-{user}"
    if os.name == "nt":
        return name
    for place in (os.environ.get("XDG_RUNTIME_DIR", ""), str(folder), tempfile.gettempdir()):
        path = str(Path(place) / f"{name}.sock") if place and Path(place).is_dir() else ""
        if path and len(os.fsencode(path)) <= _LONGEST_PATH:
            return path
    return name


def _understood(line: bytes, nonce: str) -> str | None:
    try:
        told: Any = json.loads(line)
        is_known = hmac.compare_digest(str(told["nonce"]).encode(), nonce.encode())
        return str(told["source"]) if is_known and nonce else None
    except (ValueError, KeyError, TypeError):
        return None


def absolute(source: str) -> str:
    """A source as another process may read it: paths from this start's folder become absolute."""
    is_path = bool(source) and "://" not in source and os.path.exists(source)  # noqa: PTH110 - see cli.windows.enter
    return str(Path(source).resolve()) if is_path else source
