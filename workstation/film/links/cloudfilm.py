"""Our own scheme: ``cloudfilm:open?source=NAME&study=UID|accession=NUMBER[&token=T]``.

Nothing else may come from outside: no address, no path, no option. The source is one that IT configured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.errors import LinkError
from workstation.film.links.base import checked_uids
from workstation.reference import FilmReference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.film.links.base import Link
    from workstation.reference import Source

NAME: Final = "cloudfilm"


def recognise(link: Link, sources: Sequence[Source]) -> FilmReference | None:
    """See `Grammar`."""
    if link.url is None or link.url.scheme != "cloudfilm":
        return None
    studies = checked_uids(link.query.get("study", "").split(","))
    accession = link.query.get("accession", "").strip()
    if not studies and not accession:
        raise LinkError("link-not-understood")
    name = link.query.get("source", "")
    chosen = next((one for one in sources if one.name == name), None)
    if chosen is None and not name and len(sources) == 1:
        chosen = sources[0]
    if chosen is None:
        raise LinkError("link-host-unknown", host=name)
    return FilmReference(
        kind=NAME,
        study_uids=studies,
        accession=(accession,) if accession else (),
        dicomweb_root=chosen.root,
        bearer=link.token,
        label=chosen.name,
    )
