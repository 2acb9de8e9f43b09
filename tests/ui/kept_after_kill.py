"""Run inside a session with a key store: measure, kill -9 within two seconds, start again; tell what came back.

``python kept_after_kill.py HOME FILM``
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.ui import test_one_program as programs


def main() -> None:
    home, film = Path(sys.argv[1]), sys.argv[2]
    plain = programs.environment
    programs.environment = lambda folder: {  # the session's own key store, not none
        **{name: value for name, value in plain(folder).items() if name != "PYTHON_KEYRING_BACKEND"},
        "XDG_RUNTIME_DIR": os.environ["XDG_RUNTIME_DIR"],
    }
    first = programs.Program(home, "open", film)
    first.ask("settled")
    first.ask("measure kept")
    time.sleep(1.9)  # nothing that is two seconds old may be lost
    first.kill()
    again = programs.Program(home, "open", film)
    again.ask("settled")
    told = again.ask("measured")
    again.close()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
