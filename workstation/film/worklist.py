"""`Worklist`: the lists of all configured sources, searched side by side; each with its own sign-in and habits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from workstation.archive.dicomweb import DicomWeb
from workstation.archive.worklist import Findings, Searched, StudySearch, study_picture
from workstation.reference import FilmReference, Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workstation.archive.connection import Connection
    from workstation.dicom.study_search import FoundStudy, StudyQuery
    from workstation.film.resolve import FilmOpening
    from workstation.reference import Source
    from workstation.tasks import CancelToken

PICTURE_SIDE: Final = 96  # pixels: twice the size in the list, for fine screens


class Worklist:
    """The lists of the sources. Its methods run on background threads, those of several sources at once.

    Parameters
    ----------
    sources : sequence of Source
        What IT configured.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = {source.name: source for source in sources}
        self._findings = {name: Findings() for name in self._sources}

    @property
    def names(self) -> tuple[str, ...]:
        """The sources that can be searched."""
        return tuple(self._sources)

    def search(
        self,
        name: str,
        query: StudyQuery,
        way: tuple[FilmOpening, Connection],
        token: CancelToken,
        told: Callable[[tuple[FoundStudy, ...]], None],
    ) -> Searched:
        """Search one source; see `StudySearch`.

        Raises
        ------
        StationError
            secret-missing: its password is not known here.
        ConnectionFailed, ServerRefused, TransferError, Cancelled
            As the archive's.
        """
        return StudySearch(self._web(name, *way), self._sources[name], self._findings[name], told).run(query, token)

    def picture(self, study: FoundStudy, way: tuple[FilmOpening, Connection], token: CancelToken) -> bytes | None:
        """A small picture that the source draws of a study; see `study_picture`."""
        source = study.source
        uid = study.study.study_instance_uid
        return study_picture(self._web(source, *way), self._findings[source], uid, PICTURE_SIDE, token)

    def _web(self, name: str, opening: FilmOpening, connection: Connection) -> DicomWeb:
        way = opening.way(self._reference(name))
        return DicomWeb(connection, way.root.reveal(), dict(way.headers), service=way.service)

    def _reference(self, name: str, *studies: str) -> FilmReference:
        return FilmReference(kind="uid", study_uids=studies, dicomweb_root=self._sources[name].root, label=name)

    def reference(self, study: FoundStudy) -> tuple[FilmReference, Secret]:
        """What opens a study of the list, and what may be kept to open it again."""
        uid = study.study.study_instance_uid
        entry = Secret(f"cloudfilm:open?source={quote(study.source)}&study={quote(uid)}")
        return self._reference(study.source, uid), entry
