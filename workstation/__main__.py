"""The program's first line: worker processes begin here too, so nothing heavy is imported."""

from __future__ import annotations

import multiprocessing
import os
import sys


def main() -> int:
    """Run the command line; its exit code."""
    is_heard = _have_streams()
    multiprocessing.freeze_support()
    from workstation.cli import main as run

    return run(sys.argv[1:], is_heard=is_heard)


def _have_streams() -> bool:
    """Give the program standard streams that lead nowhere where it has none; whether anybody can read its errors.

    A windowed program on Windows has none at all. On Linux one may be started with its three descriptors closed: they
    are taken first, for otherwise the next file or pipe would be number 1, and a word to the terminal would go into it.
    """
    if os.name == "posix":
        while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(descriptor, True)
        os.close(descriptor)
    is_heard = sys.stderr is not None
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - as long as the program lives
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    return is_heard


if __name__ == "__main__":
    sys.exit(main())
