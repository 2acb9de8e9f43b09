"""Which objects are documents to be read, by their SOP class; what they are made of."""

from __future__ import annotations

from enum import Enum
from typing import Final

ENCAPSULATED_PDF: Final = "1.2.840.10008.5.1.4.1.1.104.1"
ENCAPSULATED_CDA: Final = "1.2.840.10008.5.1.4.1.1.104.2"
STRUCTURED: Final = "1.2.840.10008.5.1.4.1.1.88."


class Form(Enum):
    """What a report is made of."""

    PAGES = "pages"  # a PDF
    BLOCKS = "blocks"


def is_report(sop_class_uid: str) -> bool:
    """Whether objects of this SOP class are documents to be read (PS3.4 B.5)."""
    return sop_class_uid in (ENCAPSULATED_PDF, ENCAPSULATED_CDA) or sop_class_uid.startswith(STRUCTURED)
