"""`AskedSecret`: what a refusal asks for at the film door: a passcode, or a user name and a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from workstation.ui import theme
from workstation.ui.language import tr

if TYPE_CHECKING:
    from workstation.errors import WorkstationError

_PASSCODES: Final = ("link-passcode-needed", "link-passcode-wrong")
_PROXY_SIGN_IN: Final = ("proxy-sign-in", "proxy-wrong-password")
_PASSWORDS: Final = ("secret-missing", *_PROXY_SIGN_IN)
_WIDTH: Final = 220


class AskedSecret(QWidget):
    """Two fields that are hidden until they are asked for.

    Signals
    -------
    entered : the user is done with the last of them
    """

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_password = False
        self.user, self.passcode = QLineEdit(self), QLineEdit(self)
        self.passcode.setEchoMode(QLineEdit.EchoMode.Password)
        self.user.returnPressed.connect(self.passcode.setFocus)
        self.passcode.returnPressed.connect(self.entered)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.user)
        row.addWidget(self.passcode)
        row.addStretch(1)
        self.forget()

    def retranslate(self) -> None:
        """Take the words of the language in use, and the size of its texts."""
        self.user.setPlaceholderText(tr("User name"))
        self.user.setAccessibleName(tr("User name"))
        self.passcode.setPlaceholderText(tr("Password") if self._is_password else tr("Passcode"))
        self.passcode.setAccessibleName(self.passcode.placeholderText())
        for field in (self.user, self.passcode):
            field.setMaximumWidth(round(_WIDTH * theme.text_scale() / 100))

    def ask(self, error: WorkstationError) -> bool:
        """Ask for what would mend an error, and take the focus; False: nothing that can be typed here would."""
        is_wanted = error.code in (*_PASSCODES, *_PASSWORDS)
        wants_user = error.code in _PROXY_SIGN_IN
        self._is_password = error.code in _PASSWORDS
        self.retranslate()
        self.passcode.clear()
        self.setVisible(is_wanted)
        self.passcode.setVisible(is_wanted)
        self.user.setVisible(wants_user)
        if is_wanted:
            (self.user if wants_user and not self.user.text() else self.passcode).setFocus()
        return is_wanted

    def suggest_user(self, name: str) -> None:
        """The user name that the settings know: only the password is left to type."""
        if not self.user.text():
            self.user.setText(name)

    def dismiss(self) -> None:
        """Nothing is asked for any more; the user name stays for the next time."""
        self.passcode.clear()
        for widget in (self.passcode, self.user, self):
            widget.hide()

    def forget(self) -> None:
        """Nothing is asked for, and nothing of what was typed stays."""
        self.dismiss()
        self.user.clear()
