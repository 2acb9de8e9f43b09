"""`OtherWays`: the buttons below the entry of the film door: files, folders, codes, the settings, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from workstation.ui.language import tr
from workstation.ui.wrapping import WrappingRow


class OtherWays(QWidget):
    """A row of buttons; two rows where there is no room for one.

    Signals
    -------
    files_asked, folder_asked : the user wants to choose a file or a folder
    screen_asked : the user wants to frame a code on the screen
    clipboard_asked : the user wants what was copied
    settings_asked : the settings page
    back_asked : back to the film that is open behind the door
    """

    files_asked = Signal()
    folder_asked = Signal()
    screen_asked = Signal()
    clipboard_asked = Signal()
    settings_asked = Signal()
    back_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.file_button, self.folder_button = QPushButton(self), QPushButton(self)
        self.screen_button, self.clipboard_button = QPushButton(self), QPushButton(self)
        self.settings_button, self.back_button = QPushButton(self), QPushButton(self)
        row = WrappingRow(self)
        for button, asked in (
            (self.file_button, self.files_asked),
            (self.folder_button, self.folder_asked),
            (self.screen_button, self.screen_asked),
            (self.clipboard_button, self.clipboard_asked),
            (None, None),
            (self.settings_button, self.settings_asked),
            (self.back_button, self.back_asked),
        ):
            if button is None or asked is None:
                row.add_gap()
                continue
            button.clicked.connect(asked)
            row.addWidget(button)
        self.back_button.hide()

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.file_button.setText(tr("Open file…"))
        self.folder_button.setText(tr("Open folder…"))
        self.screen_button.setText(tr("Code on the screen…"))
        self.clipboard_button.setText(tr("From the clipboard"))
        self.settings_button.setText(tr("Settings"))
        self.back_button.setText(tr("Back to the film"))
