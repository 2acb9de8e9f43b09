"""The embedded cloud in a process of its own, so that it does not share Python's lock with what is measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from workstation.demo.service import CLOUD_SECRET, PROXY_SECRET, start_demo


def main() -> None:
    service = start_demo(Path(sys.argv[1]))
    told = {
        "root": service.cloud.root,
        "proxy": service.proxy.url,
        "user": service.settings.proxy.user,
        "password": service.secrets[PROXY_SECRET].reveal(),
        "station": service.secrets[CLOUD_SECRET].reveal(),
        "authority": service.settings.tls.ca,
        "port": service.cloud.port,
    }
    print(json.dumps(told), flush=True)
    for line in sys.stdin:
        print(service.share(line.strip()), flush=True)
    service.close()


if __name__ == "__main__":
    main()
