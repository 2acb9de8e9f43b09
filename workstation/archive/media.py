"""Files and folders of this machine as films. Nothing on a disc is ever run; only DICOM is read."""

from __future__ import annotations

import filecmp
import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from workstation.archive.intake import Received, take_in
from workstation.archive.sources import Listing
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.identity import Verdict, compare
from workstation.dicom.part10 import read_part10
from workstation.dicom.reports import text_report
from workstation.dicom.study import instance_of
from workstation.errors import DicomError, LinkError, WorkstationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workstation.dicom.reports import Report
    from workstation.dicom.study import Instance, Patient
    from workstation.tasks import CancelToken

_LARGEST_BYTES: Final = 4 * 2**30
_MOST_FILES: Final = 20_000
_LARGEST_TEXT_BYTES: Final = 1 << 20
_MOST_TEXTS: Final = 20
_OF_PROGRAMS: Final = ("readme", "license", "licence", "copying", "notice", "changelog", "autorun", "version")
_DICOMDIR_CLASS: Final = "1.2.840.10008.1.3.10"


class MediaFilm:
    """Instances read from files; each path was found by listing a folder, never built from DICOM text."""

    def __init__(self, paths: dict[str, Path]) -> None:
        self._paths = paths

    def obtain(
        self, asked: Instance, patient: Patient, token: CancelToken, received: Callable[[int], None]
    ) -> Received:
        """See `FilmSource`."""
        token.raise_if_cancelled()
        try:
            data = self._paths[asked.sop_instance_uid].read_bytes()
        except OSError as error:
            raise DicomError("truncated") from error
        received(len(data))
        return take_in(data, asked, patient)

    @property
    def is_local(self) -> bool:
        """See `FilmSource`."""
        return True

    def spare(self, token: CancelToken) -> None:
        """See `FilmSource`: a disk has one way."""

    def thumbnail(self, asked: Instance, token: CancelToken) -> bytes | None:
        """See `FilmSource`: files are read so fast that the image itself serves."""
        del asked, token
        return None

    def server(self) -> None:
        """See `FilmSource`: there is none."""

    def tally(self) -> None:
        """See `FilmSource`: nobody is asked."""

    def try_now(self) -> None:
        """See `FilmSource`: nothing is waited for."""

    def close(self) -> None:
        """See `FilmSource`."""


def list_media(path: Path, token: CancelToken, counted: Callable[[int, int], None]) -> list[tuple[Listing, MediaFilm]]:
    """List the films in a file or folder: one a patient and study.

    Parameters
    ----------
    path : Path
        A file or a folder; folders are read with everything below them.
    token : CancelToken
        Calls it off between files.
    counted : callable
        Told (files read, files in all).

    Raises
    ------
    LinkError
        There is no such file, or nothing in it that can be opened.
    DicomError
        The one file that was named cannot be used; says why.
    """
    taken = _read(_files(path), token, counted, with_texts=path.is_dir())
    if not taken.found:
        if path.is_file() and taken.unusable:
            raise taken.unusable[0]
        raise LinkError("link-folder-empty")
    films = _by_film(path.name, taken.found, tuple(error for error in taken.unusable if error.code != "not-dicom"))
    if len(films) == 1 and taken.texts:  # beside several films nobody could say whose it is
        ((listing, source),) = films
        return [(replace(listing, texts=tuple(taken.texts[:_MOST_TEXTS])), source)]
    return films


@dataclass(slots=True)
class _Taken:
    """What the files of a folder hold."""

    found: dict[str, tuple[Instance, Path]] = field(default_factory=dict)
    unusable: list[WorkstationError] = field(default_factory=list)
    texts: list[Report] = field(default_factory=list)

    def take(self, file: Path) -> None:
        """Take in one file that may be DICOM."""
        try:
            instance = _header(file)
        except WorkstationError as error:
            # programs and texts of a disc are no part of a film; DICOM that cannot be read may be
            self.unusable.append(error)
            return
        if instance is None:
            return
        _, known = self.found.setdefault(instance.sop_instance_uid, (instance, file))
        if known is not file and not _is_copy(known, file):
            self.unusable.append(DicomError("two-of-one-uid", first=known.name, second=file.name))


def _read(files: list[Path], token: CancelToken, counted: Callable[[int, int], None], *, with_texts: bool) -> _Taken:
    taken = _Taken()
    if len(files) > _MOST_FILES:
        taken.unusable.append(DicomError("over-limit", what="files", limit=_MOST_FILES))
    for number, file in enumerate(files[:_MOST_FILES]):
        token.raise_if_cancelled()
        counted(number, len(files))
        if with_texts and _may_be_report(file):
            taken.texts += _text_in(file)
        else:
            taken.take(file)
    return taken


def _may_be_report(file: Path) -> bool:
    """Whether a file is a text that someone may have put beside the images; what programs bring along is not."""
    return file.suffix.lower() == ".txt" and not file.stem.lower().startswith(_OF_PROGRAMS)


def _text_in(file: Path) -> list[Report]:
    try:
        if file.stat().st_size > _LARGEST_TEXT_BYTES:
            return []
        return [text_report(file.name, file.read_bytes())]
    except (OSError, DicomError):
        return []  # no text of a person: a disc holds many files


def _is_copy(one: Path, other: Path) -> bool:
    """Whether two files under one SOP Instance UID hold the same bytes: discs often carry an image twice."""
    try:
        return filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise LinkError("link-file-not-found", file=path.name)
    inside = path.resolve()
    every = (one for one in sorted(path.rglob("*")) if one.is_file() and not one.is_symlink())
    found = (one for one in every if one.resolve().is_relative_to(inside))
    return list(itertools.islice(found, _MOST_FILES + 1))  # one more than is read: then it is known that there are more


def _header(file: Path) -> Instance | None:
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            raise DicomError("over-limit", what="file size", limit=_LARGEST_BYTES)
        data = file.read_bytes()
    except OSError as error:
        raise DicomError("truncated") from error
    instance = instance_of(DatasetAttributes(read_part10(data).dataset))
    if instance.sop_class_uid == _DICOMDIR_CLASS:
        return None
    if not instance.sop_instance_uid or not instance.study.study_instance_uid:
        raise DicomError("damaged", reason="no UID")
    return instance


def _by_film(
    name: str, found: dict[str, tuple[Instance, Path]], unusable: tuple[WorkstationError, ...]
) -> list[tuple[Listing, MediaFilm]]:
    films: list[list[Instance]] = []
    for instance, _ in found.values():
        film = next((one for one in films if _belongs(one[0], instance)), None)
        if film is None:
            films.append([instance])
        else:
            film.append(instance)
    return [
        (
            Listing(source_name=name, patient=film[0].patient, instances=tuple(film), unusable=unusable),
            MediaFilm({one.sop_instance_uid: found[one.sop_instance_uid][1] for one in film}),
        )
        for film in films
    ]


def _belongs(first: Instance, other: Instance) -> bool:
    same_study = first.study.study_instance_uid == other.study.study_instance_uid
    return same_study and compare(first.patient, other.patient).verdict is Verdict.SAME
