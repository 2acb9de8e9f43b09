"""Run inside a session with a key store: kill -9 in the middle of a load, a second start; tell what was asked for.

``python resumed_after_kill.py HOME FOLDER STUDY``: the study in FOLDER is served by a cloud of this process.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.faults.cloud import FaultyCloud, Stall
from tests.ui import test_one_program as programs

PASS = 40


def kept_files(home: Path) -> int:
    return sum(1 for file in (home / ".cache").rglob("*") if file.is_file() and not file.name.startswith("index"))


def until_all_is_kept(home: Path) -> int:
    """Wait until what came is on the disk: the number of files grows no more."""
    ends, last, since = time.monotonic() + 60, -1, time.monotonic()
    while time.monotonic() < ends:
        count = kept_files(home)
        if count != last:
            last, since = count, time.monotonic()
        elif count >= PASS and time.monotonic() - since > 1.5:
            return count
        time.sleep(0.05)
    message = f"only {last} files were kept"
    raise TimeoutError(message)


def asked(cloud: FaultyCloud) -> list[str]:
    found = (re.search(r"/instances/([0-9.]+)$", path) for path in cloud.sent)
    return [one[1] for one in found if one]


def main() -> None:
    home, study = Path(sys.argv[1]), sys.argv[3]
    cloud = FaultyCloud(Path(sys.argv[2]))
    cloud.where = "/instances/2."  # an instance, not a search among them
    cloud.faults = [None] * PASS + [Stall(100)] * 500
    plain = programs.environment
    programs.environment = lambda folder: {  # the session's own key store, not none
        **{name: value for name, value in plain(folder).items() if name != "PYTHON_KEYRING_BACKEND"},
        "XDG_RUNTIME_DIR": os.environ["XDG_RUNTIME_DIR"],
    }
    settings = home / ".config" / "cloudfilm-workstation" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[store]\ncompare = false\n")  # that would fetch some once more
    link = cloud.share(study, form="query")
    first = programs.Program(home, "open", link)
    files = until_all_is_kept(home)
    first.kill()
    before, cloud.sent, cloud.faults = asked(cloud), [], []
    again = programs.Program(home, "open", link)
    told = again.ask("settled")
    after = asked(cloud)
    again.close()
    cloud.close()
    print(json.dumps({"before": before, "after": after, "files": files, "totals": told["totals"]}))


if __name__ == "__main__":
    main()
