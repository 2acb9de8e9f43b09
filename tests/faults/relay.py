"""A line that can be cut: a TCP relay that counts what it carries, cuts at a byte, or swallows everything unsaid."""

from __future__ import annotations

import contextlib
import socket
import threading
import time


class Relay:
    """Carries bytes between clients and the server at `port`.

    `carried` counts bytes from the server to all clients. `cuts_at`: when that many were carried, the connection that
    carries this very byte is cut there, and with `takes_all` every other one, too. `swallow`: connections of before are
    open and carry nothing any more.
    """

    def __init__(self, port):
        self.upstream = port
        self.carried = 0
        self.cuts_at = []
        self.takes_all = False
        self.cuts = 0
        self.opened = 0
        self.is_down = False  # new connections are closed at once
        self._lock = threading.Lock()
        self._pairs = []
        self._swallowed = set()
        self._threads = []
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(64)
        self.port = self._listener.getsockname()[1]
        self._start(self._accept)

    def _start(self, work, *args):
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.opened += 1
                try:
                    server = socket.create_connection(("127.0.0.1", self.upstream), 5) if not self.is_down else None
                except OSError:
                    server = None
                if server is None:
                    client.close()
                    continue
                pair = (client, server)
                with self._lock:
                    self._pairs.append(pair)
                self._start(self._carry, pair, client, server, False)
                self._start(self._carry, pair, server, client, True)

    def _carry(self, pair, here, there, is_answer):
        with contextlib.suppress(OSError):
            while data := here.recv(65536):
                if pair in self._swallowed:
                    continue
                if is_answer and not self._answer(there, data):
                    break
                if not is_answer:
                    there.sendall(data)
        if pair not in self._swallowed:
            self._close(pair)

    def _answer(self, client, data):
        with self._lock:
            is_cut = bool(self.cuts_at) and self.carried + len(data) >= self.cuts_at[0]
            if is_cut:
                data = data[: self.cuts_at.pop(0) - self.carried]
                self.cuts += 1
            self.carried += len(data)
        client.sendall(data)
        if is_cut and self.takes_all:
            self.cut()
        return not is_cut

    def _close(self, pair):
        with self._lock:
            if pair in self._pairs:
                self._pairs.remove(pair)
        for sock in pair:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def cut(self):
        """Cut every connection that there is."""
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            self._close(pair)

    def swallow(self):
        """From now on nothing passes through the connections that there are; nobody is told."""
        with self._lock:
            self._swallowed |= set(self._pairs)
        return len(self._swallowed)

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        ends = time.monotonic() + 5
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))
