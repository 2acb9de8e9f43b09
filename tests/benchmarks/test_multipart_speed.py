"""The multipart reader beside the least that can be done with the same pieces: put together and searched once."""

from __future__ import annotations

import numpy as np
import pytest

from workstation.archive.multipart import MultipartParser

PIECE = 1 << 16


@pytest.mark.parametrize("sized", [True, False], ids=["sized", "scanned"])
def test_multipart(sized, pair):
    part = np.random.default_rng(3).bytes(32 << 20)
    length = f"Content-Length: {len(part)}\r\n" if sized else ""
    head = f"--limit\r\nContent-Type: application/dicom\r\n{length}\r\n".encode()
    body = head + part + b"\r\n--limit--\r\n"
    pieces = [body[at : at + PIECE] for at in range(0, len(body), PIECE)]

    def ours():
        parser = MultipartParser(b"limit")
        count = sum(len(event.data) for piece in pieces for event in parser.feed(piece) if hasattr(event, "data"))
        parser.finish()
        assert count == len(part)

    def bare():
        joined = b"".join(pieces)
        begin = joined.find(b"\r\n\r\n") + 4
        assert joined.find(b"\r\n--limit", begin) - begin == len(part)

    name = "multipart_sized" if sized else "multipart_scanned"
    pair.compare(name, ours, bare, rounds=15, megabytes=len(body) / 1e6)
