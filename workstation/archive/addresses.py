"""Paths and queries of DICOMweb and WADO-URI, below a service's root. Nothing here is requested.

References
----------
PS3.18 9 (URI service), 10 (Studies service), 8.3.4 (query parameters).
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from workstation.archive.targets import target_of
from workstation.errors import LinkError, ServerRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

# Leading zeros in a component break PS3.5 9.1, yet archives hold such UIDs and a patient behind each
UID: Final = re.compile(r"[0-9]+(\.[0-9]+)*")
_KEYWORD: Final = re.compile(r"[A-Za-z0-9]+")
_OF_INSTANCE: Final = re.compile(r"/studies/[0-9.]+/series/[0-9.]+/instances/[0-9.]+/[A-Za-z0-9./_-]+$")


def checked_uid(uid: str) -> str:
    """Give the UID back if it may stand in a URL.

    Raises
    ------
    LinkError
        link-bad-uid: it is longer than 64 characters, or holds anything but digits and single dots (PS3.5 9.1).
    """
    if len(uid) > 64 or not UID.fullmatch(uid):
        raise LinkError("link-bad-uid")
    return uid


def study_path(study: str) -> str:
    """Where a study is, below the root."""
    return f"/studies/{checked_uid(study)}"


def series_path(study: str, series: str) -> str:
    """Where a series is."""
    return f"{study_path(study)}/series/{checked_uid(series)}"


def instance_path(study: str, series: str, sop: str) -> str:
    """Where an instance is."""
    return f"{series_path(study, series)}/instances/{checked_uid(sop)}"


def query(pairs: Sequence[tuple[str, str]], *, escaped: bool = False) -> str:
    """Write a QIDO query; Orthanc 1.10 takes ``%2A`` and ``%5E`` literally, so what need not be escaped is not."""
    if not all(_KEYWORD.fullmatch(name) for name, _ in pairs):
        raise LinkError("link-not-understood")
    write = _every_digit_escaped if escaped else partial(quote, safe="*^,-=\\")
    written = "&".join(f"{name}={write(value)}" for name, value in pairs)
    return f"?{written}" if written else ""


def _every_digit_escaped(value: str) -> str:
    return re.sub("[0-9]", lambda found: f"%{ord(found[0]):02X}", value)


def below_root(root: str, uri: str) -> str:
    """The address of bulk data that metadata points to, absolute or relative, as it is asked for below our root.

    Raises
    ------
    ServerRefused
        redirected-away: it leads to another server or out of this service.
    """
    base = target_of(root)
    found = target_of(urljoin(root + "/", uri))
    path = unquote(urlsplit(found.url).path)
    is_plain = "%" not in path and "\\" not in path and not {".", ".."} & set(path.split("/"))
    if is_plain and found.origin == base.origin and path.startswith(urlsplit(root).path + "/"):
        return found.url
    of_instance = _OF_INSTANCE.search(path)
    if is_plain and of_instance is not None:
        return root + of_instance[0]
    raise ServerRefused("redirected-away", host=base.host, other=found.host)


def wado_uri_place(root: str) -> str:
    """Where a server has WADO-URI by custom: beside its DICOMweb root.

    Orthanc: ``/dicom-web`` and ``/wado``; dcm4chee-arc: ``/dcm4chee-arc/aets/AE/rs`` and ``.../aets/AE/wado``; Kheops:
    ``/api`` and ``/api/wado``, where nothing lies before the root's only word.
    """
    parts = urlsplit(root)
    before, _, last = parts.path.rstrip("/").rpartition("/")
    path = f"{parts.path}/wado" if last == "api" else f"{before}/wado"
    return urlunsplit(parts._replace(path=path, query="", fragment=""))


def wado_uri(place: str, study: str, series: str, sop: str) -> str:
    """The address of one instance by WADO-URI, as the archive stores it (PS3.18 9.4.1.1, 9.5).

    Without transferSyntax a server may send Explicit VR Little Endian instead of what it stores: as whole, and larger.
    """
    joint = "&" if "?" in place else "?"
    uids = f"studyUID={checked_uid(study)}&seriesUID={checked_uid(series)}&objectUID={checked_uid(sop)}"
    return f"{place}{joint}requestType=WADO&{uids}&contentType=application/dicom"
