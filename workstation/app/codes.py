"""From a picture with codes, or a scan, to the film that it opens. The reading is a worker's, off the main thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from workstation.app.warming import warm_up
from workstation.errors import LinkError, StationError
from workstation.film.codes import meanings, the_one_to_open
from workstation.film.opened import OpenedFilm
from workstation.ui.grey_picture import grey_pixels
from workstation.ui.language import mark, tr
from workstation.ui.messages import sentence
from workstation.ui.offers import Offer
from workstation.ui.understood import understood_words
from workstation.workers.codes import MOST_PICTURE_BYTES, MOST_PIXELS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QImage

    from workstation.app.station import Station
    from workstation.errors import WorkstationError
    from workstation.film.codes import CodeMeaning
    from workstation.tasks import CancelToken
    from workstation.ui.film_door import FilmDoor

PICTURE_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"})
SEVERAL_CODES: Final = mark("There are {count} codes in this picture: choose one.")
READING: Final = mark("Looking for codes in the picture …")
NO_FILM: Final = mark("This code does not lead to a film.")
SYMBOLOGIES: Final = {
    "QR": mark("QR code"),
    "Data Matrix": mark("Data Matrix"),
    "Aztec": mark("Aztec code"),
    "PDF417": mark("PDF417"),
    "Code 128": mark("Bar code (Code 128)"),
    "Code 39": mark("Bar code (Code 39)"),
}
_DICOM_PREFIX: Final = slice(128, 132)  # PS3.10 7.1


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """What was read in a picture."""

    codes: tuple[CodeMeaning, ...]


class PictureCodes:
    """Opens what the codes of a picture name, for one desk.

    Parameters
    ----------
    station : callable
        The station in use.
    door : FilmDoor
        Where several codes are listed, and what went wrong is said.
    begin : callable
        ``begin(work, words)`` runs `work` off the main thread as the opening of this desk, told with `words`.
    open_text : callable
        Opens a text as if it had been typed.
    fail : callable
        Says why nothing opens.
    """

    def __init__(
        self,
        station: Callable[[], Station],
        door: FilmDoor,
        begin: Callable[[Callable[[CancelToken], object], str], None],
        open_text: Callable[[str], None],
        fail: Callable[[WorkstationError], None],
    ) -> None:
        self._station = station
        self._door = door
        self._begin = begin
        self._open_text = open_text
        self._fail = fail
        self._offered: tuple[CodeMeaning, ...] = ()

    def forget(self) -> None:
        """Something else is opened: what was listed is no choice any more."""
        self._offered = ()

    @staticmethod
    def takes(path: str) -> bool:
        """Whether a file is a picture, by its name; what is in it is seen when it is read."""
        return PurePath(path).suffix.lower() in PICTURE_SUFFIXES

    def open_file(self, path: Path) -> None:
        """Read a picture file. A DICOM file with a picture's name is opened as what it is."""
        pool, sources = self._station().pool, self._station().settings.sources

        def work(token: CancelToken) -> ReadPicture | tuple[OpenedFilm, ...]:
            warm_up()
            from workstation.archive.media import list_media

            data = _read(path)
            if data[_DICOM_PREFIX] == b"DICM":
                return tuple(OpenedFilm(*film) for film in list_media(path, token, lambda _done, _all: None))
            return ReadPicture(meanings(pool.codes(data, token), sources))

        self._station().record("open", kind="picture")
        self._begin(work, tr(READING))

    def open_image(self, picture: QImage) -> None:
        """Read a picture that was pasted, dropped, or framed on the screen."""
        pool, sources = self._station().pool, self._station().settings.sources
        if picture.width() * picture.height() > MOST_PIXELS:
            self._fail(LinkError("picture-too-large"))
            return

        def work(token: CancelToken) -> ReadPicture:
            return ReadPicture(meanings(pool.codes(grey_pixels(picture), token), sources))

        self._station().record("open", kind="picture")
        self._begin(work, tr(READING))

    def refuse_screen(self) -> None:
        """The desktop does not let programs look at it."""
        self._fail(StationError("screen-not-readable"))

    def open_scanned(self, text: str) -> None:
        """Open what a hand-held scanner typed, whatever is shown."""
        self._door.show_idle()
        self._door.enter_text(text)
        self._open_text(text)

    def show(self, read: ReadPicture) -> None:
        """Open the only code that leads to a film; list them where there are several."""
        try:
            only = the_one_to_open(read.codes)
        except LinkError as error:
            self._fail(error)
            if len(read.codes) > 1:
                self._offer(read.codes, sentence(error))
            return
        if only is not None:
            self.open_scanned(only.text)
        else:
            self._offer(read.codes, tr(SEVERAL_CODES, count=len(read.codes)))

    def _offer(self, codes: tuple[CodeMeaning, ...], words: str) -> None:
        self._door.offer_candidates(tuple(map(_offer, codes)), words)
        self._offered = codes

    def pick(self, number: int) -> bool:
        """Open one of the listed codes; False when no codes are listed."""
        if not self._offered:
            return False
        chosen = self._offered[number]
        if chosen.can_be_opened:
            self.open_scanned(chosen.text)
        return True


def _offer(code: CodeMeaning) -> Offer:
    problem, words = code.understanding.problem, f"{tr(SYMBOLOGIES[code.symbology])} · {code.shown}"
    if problem is None:
        return Offer(understood_words(code.understanding), words, "")
    why = tr(NO_FILM) if problem.code == "link-not-understood" else sentence(problem)
    return Offer(words, why, "", is_possible=False)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_PICTURE_BYTES + 1)
    except FileNotFoundError as error:
        raise LinkError("link-file-not-found", file=path.name) from error
    except OSError as error:
        raise LinkError("picture-unreadable") from error
    if len(data) > MOST_PICTURE_BYTES:
        raise LinkError("picture-too-large")
    return data
