"""The script job: which proxy a proxy auto-configuration script names for a URL."""

from __future__ import annotations

import itertools
import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from workstation.workers.messages import JobFailed, Reason, Status

if TYPE_CHECKING:
    from pypac.parser import PACFile

_LENGTHS: Final = struct.Struct("<III")
ANSWER_BYTES: Final = 4096  # the longest list of proxies that is read


def packed(script: str, url: str, host: str) -> bytes:
    """Make one block of the three texts, for the arena."""
    texts = [text.encode("utf-8") for text in (script, url, host)]
    return _LENGTHS.pack(*map(len, texts)) + b"".join(texts)


def _unpacked(block: bytes) -> tuple[str, str, str]:
    lengths = _LENGTHS.unpack_from(block)
    first, second, third = lengths
    start = _LENGTHS.size
    bounds = (start, start + first, start + first + second, start + first + second + third)
    script, url, host = (block[a:b].decode("utf-8") for a, b in itertools.pairwise(bounds))
    return script, url, host


@lru_cache(maxsize=2)
def _compiled(script: str) -> PACFile:
    from pypac.parser import PACFile  # brings a network library; only this job needs it

    return PACFile(script)


def find_proxy(block: memoryview, output: memoryview) -> int:
    """Run FindProxyForURL; write what it says as UTF-8 text into `output` and give its length.

    Raises
    ------
    JobFailed
        The script is wrong, fails, or gives no text.
    """
    script, url, host = _unpacked(bytes(block))
    try:
        answer: Any = _compiled(script).find_proxy_for_url(url, host)
    except MemoryError as error:
        raise JobFailed(Status.FAILED, Reason.OUT_OF_MEMORY) from error
    except Exception as error:  # a foreign script may raise anything; all of it means "the script fails"
        raise JobFailed(Status.FAILED, Reason.REFUSED) from error
    if not isinstance(answer, str):
        raise JobFailed(Status.FAILED, Reason.NO_ANSWER)
    text = answer.encode("utf-8")[:ANSWER_BYTES]
    output[: len(text)] = text
    return len(text)
