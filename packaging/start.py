"""Where the packaged program begins: the same first line as `python -m workstation`."""

import sys

from workstation.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
