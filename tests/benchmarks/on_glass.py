"""When a program's window is on the glass: an X server's own picture is looked at until it is no longer black."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

_ALL_PLANES, _Z_PIXMAP = 0xFFFFFFFF, 2
_PATIENCE_S = 60.0


class Screen:
    """The root window of an X server, seen through libX11."""

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL(ctypes.util.find_library("X11"))
        self._x.XOpenDisplay.restype = self._x.XGetImage.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = self._x.XGetPixel.restype = ctypes.c_ulong
        for name in ("XDefaultRootWindow", "XCloseDisplay", "XDestroyImage"):
            getattr(self._x, name).argtypes = (ctypes.c_void_p,)
        self._x.XGetPixel.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_int)
        self._x.XGetImage.argtypes = (
            ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int, ctypes.c_uint, ctypes.c_uint, ctypes.c_ulong,
            ctypes.c_int)  # fmt: skip
        self._display = self._x.XOpenDisplay(display.encode())
        assert self._display, f"no X server at {display}"
        self._root = self._x.XDefaultRootWindow(self._display)

    def is_black(self, x: int, y: int) -> bool:
        """Whether nothing has been painted there."""
        image = self._x.XGetImage(self._display, self._root, x, y, 1, 1, _ALL_PLANES, _Z_PIXMAP)
        pixel = self._x.XGetPixel(image, 0, 0) & 0xFFFFFF
        self._x.XDestroyImage(image)
        return pixel == 0

    def close(self) -> None:
        """Let go of the server."""
        self._x.XCloseDisplay(self._display)


@contextmanager
def virtual_screen():
    """An X server of its own: its name and its picture."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24"], pass_fds=[writing],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    os.close(writing)
    try:
        display = f":{os.read(reading, 16).decode().strip()}"
        screen = Screen(display)
        yield display, screen
        screen.close()
    finally:
        os.close(reading)
        server.terminate()
        server.wait()


def seconds_to_paint(command: list[str], environment: dict[str, str], screen: Screen) -> tuple[float, float]:
    """From the start of a process to the first pixel of its window on the screen: by the clock, and of processor time.

    The second hardly depends on what else the machine does. Then the program is told to end.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while screen.is_black(300, 300):
            assert process.poll() is None, "the program ended"
            assert time.perf_counter() - began < _PATIENCE_S
            time.sleep(0.002)
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])  # proc_pid_stat(5): utime and stime
        return time.perf_counter() - began, ticks / os.sysconf("SC_CLK_TCK")
    finally:
        time.sleep(1.0)
        process.terminate()
        process.wait(30)
