"""The bars of the window: identity, tools, questions and notices, status. They show; the main window decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from workstation.ui import theme
from workstation.ui.actions import ACTIONS, BY_ID
from workstation.ui.keys import keys_of
from workstation.ui.labels import ElidedLabel, plain_tip
from workstation.ui.language import say, tr
from workstation.ui.wrapping import WrappingRow
from workstation.viewing.words import NOT_GIVEN, age_word, iso_date, sex_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

    from workstation.dicom.study import Instance, Patient
    from workstation.ui.action import Action

_ICONS_BELOW: Final = 1280  # px
_LEAST_ICON: Final = 20  # px
_GIVING_WAY: Final = ("film.files", "picture.copy", "view.one", "picture.save", "view.fit")  # menus have them, too
_LAYOUT_ICON: Final = "layout-grid"
_MEASURE_ICON: Final = "measure-length"
_TOOLBAR_GROUPS: Final = ("film", "tools", "view", "output")


def person_words(patient: Patient, age: str, *, chinese: bool) -> str:
    """Name, sex, birth date: how a patient is asked for."""
    parts = (patient.name.shown(chinese) or tr("(no name)"), sex_word(patient.sex, say), age_word(age, say),
             iso_date(patient.birth_date))  # fmt: skip
    return " · ".join(part for part in parts if part)


class Bar(QWidget):
    """A horizontal bar with a line below or above it."""

    def __init__(self, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(height)
        self.row = QHBoxLayout(self)
        self._labels: QLayout = self.row
        self.row.setContentsMargins(12, 0, 8, 0)
        self.row.setSpacing(8)

    def label(self, tone: str = "", *, bold: bool = False, large: bool = False, gives_way: bool = False) -> QLabel:
        """A label in this bar's row; one that gives way is cut where there is no room, and never widens the window."""
        made = ElidedLabel(self) if gives_way else QLabel(self)
        made.setTextFormat(Qt.TextFormat.PlainText)
        if tone:
            made.setProperty("tone", tone)
        made.setProperty("weight", "bold" if bold else "normal")
        made.setProperty("rank", "large" if large else "base")
        self._labels.addWidget(made)
        return made


class IdentityBar(Bar):
    """Who is on the screen: read from the frame that is drawn, never from a selection."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(44, parent)
        self._colour = theme.ACCENT
        self.row.setContentsMargins(16, 0, 8, 0)
        holder = QWidget(self)
        self._labels = WrappingRow(holder)  # who it is shall be read whole, in two rows where it must be
        self._labels.setSpacing(16)
        self.row.addWidget(holder, 1)
        self.name = self.label(bold=True, large=True, gives_way=True)
        self.person = self.label()
        self.patient_id = self.label("secondary", gives_way=True)
        self.state = self.label("amber", bold=True)
        self.study = self.label("secondary", gives_way=True)
        self.study.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.study.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def set_colour(self, colour: str) -> None:
        """The colour of this window's patient."""
        self._colour = colour
        self.update()

    def show_instance(self, instance: Instance | None, *, chinese: bool, confirmed: bool) -> None:
        """Take the identity of the drawn frame; None when nothing is drawn."""
        if instance is None:
            for label in (self.name, self.person, self.patient_id, self.state, self.study):
                label.setText("")
            return
        patient, study = instance.patient, instance.study
        other = patient.name.shown(not chinese)
        name = patient.name.shown(chinese) or tr("(no name)")
        self.name.setText(f"{name}  {other}" if other and other != name else name)
        words = (sex_word(patient.sex, say), age_word(study.age, say), iso_date(patient.birth_date))
        self.person.setText(" · ".join(word for word in words if word))
        self.patient_id.setText(f"ID {patient.patient_id or NOT_GIVEN}")
        repaired = tr("Repaired characters") if instance.is_repaired else ""
        self.state.setText(" · ".join(word for word in ("" if confirmed else tr("Not confirmed"), repaired) if word))
        self.state.setToolTip(_what_the_file_says(patient) if repaired else "")
        self.study.setText(
            " · ".join(part for part in (iso_date(study.date), study.description, study.institution) if part)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The patient's colour at the left edge. See QWidget."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, 4, self.height(), QColor(self._colour))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.LINE))
        painter.end()


def _what_the_file_says(patient: Patient) -> str:
    name = patient.name
    words = " ".join(group for group in (name.alphabetic, name.ideographic) if group)
    return plain_tip(tr("The character set that the file declares is wrong. By it the name reads: {name}", name=words))


class ToolBar(Bar):
    """The commands that are used most, from the action table; they fold to icons where there is little room."""

    triggered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(42, parent)
        self.row.setContentsMargins(8, 0, 8, 0)
        self.row.setSpacing(2)
        self._buttons: dict[str, QToolButton] = {}
        self._measure_icon = _MEASURE_ICON
        self._menus: list[tuple[QToolButton, Callable[[], list[Action]], str]] = []
        for place, group in enumerate(_TOOLBAR_GROUPS):
            if place:
                self._separator()
            for action in ACTIONS:
                if action.group == group:
                    self._add(action)
            if group == "tools":
                self.measure_button = self._menu(_MEASURE_ICON)
                self.measure_button.setCheckable(True)
                self.measure_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
                self.measure_button.clicked.connect(lambda: self.triggered.emit("tool.measure"))
            if group == "view":
                self.layout_button = self._menu(_LAYOUT_ICON)
        self.row.addStretch(1)
        for action_id in ("desk.report", "desk.measurements", "desk.language", "desk.settings", "desk.help"):
            self._add(BY_ID[action_id])

    def _separator(self) -> None:
        line = QFrame(self)
        line.setObjectName("line")
        line.setFixedSize(1, 24)
        self.row.addSpacing(5)
        self.row.addWidget(line)
        self.row.addSpacing(5)

    def _add(self, action: Action) -> None:
        button = QToolButton(self)
        theme.put_icon(button, action.icon)
        button.setCheckable(action.is_checked is not None)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.triggered.emit(action.action_id))
        self.row.addWidget(button)
        self._buttons[action.action_id] = button

    def _menu(self, icon: str) -> QToolButton:
        button = QToolButton(self)
        theme.put_icon(button, icon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.row.addWidget(button)
        return button

    def minimumSizeHint(self) -> QSize:
        """See QWidget: the bar folds instead of widening the window."""
        return QSize(240, max(self.minimumHeight(), self.row.sizeHint().height()))

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return self.minimumSizeHint()

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        for action_id, button in self._buttons.items():
            action = BY_ID[action_id]
            button.setText(tr(action.text))
            keys = f"  [{keys_of(action)[0]}]" if keys_of(action) else ""
            button.setToolTip((tr(action.hint) if action.hint else tr(action.text)) + keys)
            button.setAccessibleName(tr(action.text))
        self.measure_button.setText(tr("Measure"))
        self.measure_button.setToolTip(tr("The measuring tool used last; again for the next one") + "  [M]")
        self.measure_button.setAccessibleName(tr("Measure"))
        self.layout_button.setText(tr("Layout"))
        self.layout_button.setToolTip(tr("Viewports in rows and columns"))
        self.layout_button.setAccessibleName(tr("Layout"))
        self._fold()

    def resizeEvent(self, event: object) -> None:
        """See QWidget."""
        del event
        self._fold()

    def _fold(self) -> None:
        """Icons with words where they fit; else icons alone, as large as the texts are if there is room for all."""
        side, style = theme.icon_px(), Qt.ToolButtonStyle
        for action_id in _GIVING_WAY:
            self._buttons[action_id].show()
        self._set_style(style.ToolButtonTextBesideIcon, side)
        if self.width() < _ICONS_BELOW or self.row.sizeHint().width() > self.width():
            self._set_style(style.ToolButtonIconOnly, side)
        over = self.row.sizeHint().width() - self.width()
        if over > 0 and side > _LEAST_ICON:
            smaller = side - -(-over // (len(self._buttons) + 1))
            self._set_style(style.ToolButtonIconOnly, max(_LEAST_ICON, smaller))
        for action_id in _GIVING_WAY:
            if self.row.sizeHint().width() <= self.width():
                break
            self._buttons[action_id].hide()

    def _set_style(self, style: Qt.ToolButtonStyle, side: int) -> None:
        for action_id, button in self._buttons.items():
            theme.put_icon(button, BY_ID[action_id].icon, side)
            button.setToolButtonStyle(style)
        for button, icon in ((self.layout_button, _LAYOUT_ICON), (self.measure_button, self._measure_icon)):
            theme.put_icon(button, icon, side)
            button.setToolButtonStyle(style)
        self.row.invalidate()

    def refresh(self, is_enabled: Callable[[Action], bool], is_checked: Callable[[Action], bool]) -> None:
        """Say which commands can be used now and which are on."""
        for action_id, button in self._buttons.items():
            action = BY_ID[action_id]
            button.setEnabled(is_enabled(action))
            if action.is_checked is not None:
                button.setChecked(is_checked(action))

        self.measure_button.setEnabled(is_enabled(BY_ID["tool.measure"]))
        self.measure_button.setChecked(is_checked(BY_ID["tool.measure"]))

    def show_measuring_tool(self, tool_id: str) -> None:
        """The button has the icon of the tool that it chooses."""
        if tool_id != self._measure_icon:
            self._measure_icon = tool_id
            self.measure_button.setIcon(theme.icon(tool_id, self.measure_button.iconSize().width()))

    def set_measure_menu(self, menu: QMenu) -> None:
        """The menu of measuring tools."""
        self.measure_button.setMenu(menu)

    def set_layout_menu(self, menu: QMenu) -> None:
        """The menu of layouts."""
        self.layout_button.setMenu(menu)


class QuestionBar(Bar):
    """An inline question or notice above the glass: no dialog where a bar will do.

    Signals
    -------
    answered : (bool) yes or no
    """

    answered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(44, parent)
        self.icon = QLabel(self)
        self.row.addWidget(self.icon)
        self.text = self.label(bold=True)
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.row.setStretchFactor(self.text, 1)
        self.yes = QPushButton(self)
        self.yes.setObjectName("primary")
        self.yes.clicked.connect(lambda: self.answered.emit(True))
        self.no = QPushButton(self)
        self.no.clicked.connect(lambda: self.answered.emit(False))
        for button in (self.yes, self.no):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.row.addWidget(button)
        self.hide()

    def ask(self, text: str, yes: str, no: str, *, tone: str = "amber") -> None:
        """Show a question; an empty `yes` leaves one button."""
        icon = "shield-check" if yes else "alert-triangle"
        self.icon.setPixmap(theme.pixmap(icon, theme.TONES[tone], theme.icon_px(), self.devicePixelRatioF()))
        self.text.setText(text)
        self.text.setToolTip(plain_tip(text))
        self.yes.setText(yes)
        self.yes.setVisible(bool(yes))
        self.no.setText(no)
        self.show()

    def dismiss(self) -> None:
        """Hide, and keep nothing of what was asked."""
        self.hide()
        self.text.clear()
        self.text.setToolTip("")
