"""`Understood`: what a text that was entered means, in the words of the language in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from workstation.ui.language import mark, tr

if TYPE_CHECKING:
    from workstation.errors import WorkstationError

_GRAMMARS: Final = {
    "dicomweb": mark("DICOMweb link"),
    "ohif": mark("OHIF link"),
    "cloudfilm": mark("cloudfilm link"),
    "uid": mark("Study UID"),
    "accession": mark("Accession number"),
}


class Understood(Protocol):
    """What was made of the text; `film.links.Understanding` is one."""

    @property
    def problem(self) -> WorkstationError | None:
        """Why it cannot be opened, if so."""
        ...

    @property
    def grammar(self) -> str:
        """Which way of naming it is."""
        ...

    @property
    def place(self) -> str:
        """Source or host."""
        ...

    @property
    def masked(self) -> str:
        """The text as it may stand on a screen: a token in it is dots."""
        ...

    @property
    def detail(self) -> str:
        """Study UID or number."""
        ...


def understood_words(found: Understood) -> str:
    """What a text is, where it leads and to what, on one line."""
    grammar = tr(_GRAMMARS[found.grammar]) if found.grammar in _GRAMMARS else found.grammar
    return " · ".join(part for part in (grammar, found.place, found.detail) if part)
