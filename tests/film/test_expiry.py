"""A link that says when it ends is believed so far that nothing of it is kept longer."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from workstation.film.links import parse

END = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
STUDY = "https://cloud.example/dicom-web/studies/1.2.3"


def token(**claims):
    """A JSON Web Token as RFC 7519 writes it; the signature is nobody's here."""
    texts = [json.dumps(part).encode() for part in ({"alg": "x"}, claims)]
    return ".".join((*(base64.urlsafe_b64encode(text).decode().rstrip("=") for text in texts), "c2ln"))


@pytest.mark.parametrize(
    ("query", "end"),
    [
        ("", None),
        (f"?expires={int(END.timestamp())}", END),
        (f"?exp={int(END.timestamp() * 1000)}", END),
        ("?expires_at=2026-11-22T18:00:00Z", END),
        ("?se=2026-11-23T02:00:00%2B08:00", END),
        ("?expires_at=2026-11-23T02:00:00+08:00", END),
        ("?expires=3600", None),
        ("?expires=soon", None),
        ("?expires=1e999", None),
        (f"?token={token(exp=END.timestamp())}", END),
        (f"?token={token(exp=END.timestamp())}&expires=2030-01-01T00:00:00Z", END),
        (f"?token={token(sub='nobody')}", None),
        (f"?token={token(exp=True)}", None),
        ("?token=a.b.c", None),
        ("?token=aaaa.W10.c", None),
    ],
)
def test_a_link_names_its_end_by_a_parameter_or_by_its_token(query, end):
    assert parse(STUDY + query, ()).expires_at == end
