"""The program's first line: worker processes begin here too, so nothing heavy is imported."""

from __future__ import annotations

import multiprocessing
import sys


def main() -> int:
    """Run the command line; its exit code."""
    multiprocessing.freeze_support()
    from workstation.cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
