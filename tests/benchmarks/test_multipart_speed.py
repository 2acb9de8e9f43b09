"""The multipart reader beside the least that can be done with the same pieces: put together and searched once."""

from __future__ import annotations

import numpy as np
import pytest

from workstation.archive.multipart import one_part

PIECE = 1 << 16


@pytest.mark.parametrize("sized", [True, False], ids=["sized", "scanned"])
def test_multipart(sized, pair):
    part = np.random.default_rng(3).bytes(32 << 20)
    length = f"Content-Length: {len(part)}\r\n" if sized else ""
    head = f"--limit\r\nContent-Type: application/dicom\r\n{length}\r\n".encode()
    body = head + part + b"\r\n--limit--\r\n"
    pieces = [body[at : at + PIECE] for at in range(0, len(body), PIECE)]

    def ours():
        _, read = one_part(pieces, 'multipart/related; boundary="limit"', limit=1 << 30)
        assert len(read) == len(part)

    def bare():
        joined = b"".join(pieces)  # one copy; ours makes two, as its pieces come one by one
        begin = joined.find(b"\r\n\r\n") + 4
        assert joined.find(b"\r\n--limit", begin) - begin == len(part)

    name = "multipart_sized" if sized else "multipart_scanned"
    pair.compare(name, ours, bare, rounds=15, megabytes=len(body) / 1e6)
