"""Libraries that write addresses and tokens into their logs are kept from it, whatever level somebody sets."""

from __future__ import annotations

import logging


def silence(package: str) -> None:
    """Drop every record of a package's loggers. To be called when it is imported, as loggers are made then."""
    for name in [package, *logging.root.manager.loggerDict]:
        if name.partition(".")[0] == package:
            logger = logging.getLogger(name)
            if _nothing not in logger.filters:
                logger.addFilter(_nothing)


def _nothing(record: logging.LogRecord) -> bool:
    del record
    return False
