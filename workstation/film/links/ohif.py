"""OHIF viewer links: ``https://host/viewer?StudyInstanceUIDs=a,b``. They name no DICOMweb root: the settings do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.errors import LinkError
from workstation.film.links.base import checked_uids, source_of
from workstation.reference import FilmReference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.film.links.base import Link
    from workstation.reference import Source

NAME: Final = "ohif"
_NAMES: Final = ("studyinstanceuids", "studyinstanceuid")


def recognise(link: Link, sources: Sequence[Source]) -> FilmReference | None:
    """See `Grammar`."""
    value = next((link.query[name] for name in _NAMES if link.query.get(name)), "")
    if link.url is None or link.url.scheme not in ("http", "https") or not value:
        return None
    studies = checked_uids(value.split(","))
    if not studies:
        raise LinkError("link-bad-uid")
    source = source_of(link, sources)
    if source is None:
        raise LinkError("link-host-unknown", host=link.host)
    return FilmReference(
        kind=NAME,
        study_uids=studies,
        series_uids=checked_uids(link.query.get("seriesinstanceuids", "").split(",")),
        dicomweb_root=source.root,
        bearer=link.token,
        headers=link.headers,
        label=source.name,
        extras=(("token_in", "path"),) if link.token_in_path and "{token}" in source.root else (),
    )
