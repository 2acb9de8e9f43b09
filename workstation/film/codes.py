"""What the codes of a picture open: each text through the link grammars, the same thing once. Nothing is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from workstation.errors import LinkError
from workstation.film.links import understand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workstation.film.links import Understanding
    from workstation.reference import Source

_SHOWN_CHARACTERS: Final = 120


class ReadCode(Protocol):
    """A code that was read; `workers.codes.FoundCode` is one."""

    @property
    def text(self) -> str:
        """What it says."""
        ...

    @property
    def symbology(self) -> str:
        """QR, Code 128, ..."""
        ...


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """A code and what it opens.

    Attributes
    ----------
    text : str
        What it says, with its token: for opening, never for a screen or a log.
    symbology : str
        QR, Data Matrix, Aztec, PDF417, Code 128 or Code 39.
    understanding : Understanding
        What the grammars make of it; `masked` is what may be shown.
    """

    text: str
    symbology: str
    understanding: Understanding

    @property
    def can_be_opened(self) -> bool:
        """Whether it leads to a film."""
        return self.understanding.reference is not None

    @property
    def shown(self) -> str:
        """The text on one line, without its token. Of a link that opens nothing only the host: any of it may be one."""
        words = "".join(one if one.isprintable() else "�" for one in self.understanding.masked)
        scheme, mark, rest = words.partition("://")
        if mark and not self.can_be_opened:
            words = f"{scheme}://{rest.partition('/')[0].rpartition('@')[2].partition('?')[0]}/…"
        return words if len(words) <= _SHOWN_CHARACTERS else words[: _SHOWN_CHARACTERS - 1] + "…"


def meanings(codes: Iterable[ReadCode], sources: Sequence[Source]) -> tuple[CodeMeaning, ...]:
    """What each code opens: those that open something first, in the order in which they were read.

    The same text in two codes, and two ways of writing the same reference, are one.
    """
    found: dict[object, CodeMeaning] = {}
    for code in codes:
        text = code.text.strip()
        meaning = CodeMeaning(text, code.symbology, understand(text, sources))
        found.setdefault(meaning.understanding.reference or text, meaning)
    return tuple(sorted(found.values(), key=lambda meaning: not meaning.can_be_opened))


def the_one_to_open(found: Sequence[CodeMeaning]) -> CodeMeaning | None:
    """The only code that leads to a film; None where there are several, so that the user must choose.

    Raises
    ------
    LinkError
        code-not-found, code-opens-nothing, or why the only code there is opens nothing.
    """
    openable = [meaning for meaning in found if meaning.can_be_opened]
    if len(openable) == 1:
        return openable[0]
    if openable:
        return None
    if len(found) == 1 and found[0].understanding.problem is not None:
        raise found[0].understanding.problem
    raise LinkError("code-opens-nothing", count=len(found)) if found else LinkError("code-not-found")
