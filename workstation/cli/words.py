"""An error's sentence without a window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workstation.ui.language import Language
from workstation.ui.messages import sentence


def words(error: BaseException, language: str | None) -> str:
    """The sentence in a language: zh, en, or auto for the machine's."""
    app = QCoreApplication.instance() or QCoreApplication([])
    Language(app).set(language or "auto")
    return sentence(error)
