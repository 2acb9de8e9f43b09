"""`SearchState`: how a search of the sources stands, what each of them said, and the sentences for it. No widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.dicom.study_search import MOST_ROWS
from workstation.ui.language import mark, tr
from workstation.ui.messages import sentence

if TYPE_CHECKING:
    from workstation.dicom.study_search import StudyQuery
    from workstation.errors import WorkstationError

CAPPED: Final = mark(
    "{source} has more than {count} studies to look through, so some may be missing: choose a shorter "
    "period, or type a number."
)
UNSURE: Final = mark(
    "{source} looked for this by itself and may not find Chinese, pinyin or this number: choose a period to be sure."
)
SECRETS: Final = ("secret-missing", "proxy-sign-in", "proxy-wrong-password")  # errors that a password mends
PROXY: Final = ("proxy-sign-in", "proxy-wrong-password")  # and those that want a user name with it


class SearchState:
    """One search after the other, each of all sources that are meant.

    Attributes
    ----------
    sources : tuple of str
        Names of the sources that are configured.
    asked : StudyQuery or None
        What is looked for; None: nothing yet.
    total, done : int
        Sources that are asked, and that have answered or failed.
    was_emptied : bool
        Whether the list before was left alone so long that it was emptied.
    """

    def __init__(self) -> None:
        self.sources: tuple[str, ...] = ()
        self.clear()

    def clear(self) -> None:
        """Nothing is looked for."""
        self.asked: StudyQuery | None = None
        self.total = self.done = 0
        self.was_emptied = self._was_cancelled = False
        self._told: dict[str, tuple[str, dict[str, object]]] = {}  # of each source: a text and what stands in it
        self._errors: dict[str, WorkstationError] = {}

    def begin(self, total: int) -> None:
        """So many sources are being asked."""
        self.total, self.done = total, 0

    def answered(self, name: str, *, is_capped: bool, is_unsure: bool) -> None:
        """A source has answered; whether it had too much to look through, and whether it may have missed some."""
        self.done += 1
        if is_capped:
            self._told[name] = CAPPED, {"source": name, "count": f"{MOST_ROWS:,}"}
        elif is_unsure:
            self._told[name] = UNSURE, {"source": name}

    def failed(self, name: str, error: WorkstationError) -> None:
        """A source could not be searched; the others go on."""
        self.done += 1
        self._errors[name] = error

    def call_off(self) -> None:
        """No more answers are awaited; what came stays."""
        self.total = self.done = 0
        self._was_cancelled = True

    @property
    def is_searching(self) -> bool:
        """Whether answers are awaited."""
        return self.done < self.total

    def has_found_nothing(self, count: int) -> bool:
        """Whether a search went to its end and left `count` = 0 studies."""
        is_over = self.asked is not None and self.asked.is_bounded and not self.is_searching
        return is_over and not count and not self._was_cancelled

    # What is wanted ---------------------------------------------------------------

    def wanted_secret(self) -> WorkstationError | None:
        """What was refused for want of a password."""
        return next((error for error in self._errors.values() if error.code in SECRETS), None)

    @property
    def wants_user(self) -> bool:
        """Whether a user name is wanted beside the password: that of the proxy."""
        return any(error.code in PROXY for error in self._errors.values())

    # What is said ---------------------------------------------------------------

    def words(self, count: int) -> str:
        """How it stands, with `count` studies found."""
        found = tr("1 study") if count == 1 else tr("{count} studies", count=f"{count:,}")
        if not self.sources:
            return tr("No image source is configured yet: open the settings, or ask IT.")
        if self.is_searching:
            return tr("Searching: {done} of {total} sources · {found}", done=self.done, total=self.total, found=found)
        if self.asked is None:
            emptied = tr("The list was emptied because nobody used it.") + " " if self.was_emptied else ""
            return emptied + tr("Type a name or a number, or choose a period, and press Enter.")
        if not self.asked.is_bounded:
            return tr("Without a date, a name or a number is needed: type one, or choose a period.")
        if self._was_cancelled:
            return tr("Called off · {found}", found=found)
        if count:
            return found
        return tr("Nothing was found in the sources that answered.") if self._errors else tr("Nothing was found.")

    def notes(self, *, is_full: bool) -> list[str]:
        """What the list may lack, and why; `is_full`: it holds as many studies as it may."""
        notes = [tr("{source}: {why}", source=name, why=sentence(error)) for name, error in self._errors.items()]
        notes += [tr(words, **values) for words, values in self._told.values()]
        if is_full:
            notes.append(
                tr("Only the first {count} studies are listed: choose a shorter period.", count=f"{MOST_ROWS:,}")
            )
        return notes
