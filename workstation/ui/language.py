"""Chinese and English, switchable while running. English is the source; a test holds `zh_CN` complete.

`tr` translates now; `mark` only marks a text in a table, which is translated where it is shown.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from workstation.locations import resources

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QObject

CONTEXT: Final = "workstation"
LANGUAGES: Final = ("zh", "en")


def mark(text: str) -> str:
    """Mark a text for translation; gives it back as it is."""
    return text


def tr(text: str, **values: object) -> str:
    """Translate a text into the language in use, then fill in its values."""
    translated = QCoreApplication.translate(CONTEXT, text)
    return translated.format(**values) if values else translated


def say(text: str) -> str:
    """Translate a text of a lower room's table (`overlay.WORDS`, presets)."""
    return QCoreApplication.translate(CONTEXT, text)


def images_word(count: int) -> str:
    """So many images, in words."""
    return tr("1 image") if count == 1 else tr("{count} images", count=count)


def system_language() -> str:
    """The language of this machine's user interface: ``zh`` or ``en``."""
    languages = QLocale.system().uiLanguages()
    return "zh" if languages and languages[0].startswith("zh") else "en"


def catalogue(path: Path) -> dict[str, str]:
    """Read a Qt Linguist file: source text to finished translation."""
    found: dict[str, str] = {}
    for message in ET.parse(path).getroot().iter("message"):  # noqa: S314 - our own resource
        translation = message.find("translation")
        if translation is not None and translation.text and translation.get("type") != "unfinished":
            found[message.findtext("source", "")] = translation.text
    return found


class CatalogueTranslator(QTranslator):
    """Translates from a Qt Linguist file directly, so that no compiled copy can be out of date."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = catalogue(path)

    def isEmpty(self) -> bool:
        """See QTranslator."""
        return not self._texts

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """See QTranslator; None lets the next translator answer."""
        del disambiguation, n
        return self._texts.get(source) if context == CONTEXT else None


class Language:
    """The language in use. `set` installs our translator and Qt's own for its dialogs."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self.code = "en"

    def set(self, code: str) -> None:
        """Switch to ``zh`` or ``en`` (``auto``: the system's); widgets get a LanguageChange event."""
        self.code = system_language() if code == "auto" else code
        for translator in self._app.findChildren(QTranslator):
            self._app.removeTranslator(translator)
            translator.setParent(None)
        if self.code == "zh":
            qt = QTranslator()
            if qt.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
                self._install(qt)
            self._install(CatalogueTranslator(resources() / "i18n" / "workstation_zh_CN.ts"))

    def _install(self, translator: QTranslator) -> None:
        translator.setParent(self._app)  # the application keeps it alive, whoever switched the language
        self._app.installTranslator(translator)
