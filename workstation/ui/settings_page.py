"""The settings page: what a person sets, group by group; it writes the same file that IT writes by hand.

Shown at the first start without a source, and by its command. What it needs from the program is the protocol `Office`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.reference import Secret
from workstation.ui import theme
from workstation.ui.language import mark, tr
from workstation.ui.messages import sentence
from workstation.ui.settings_checks import BusyButton, CheckList, checked
from workstation.ui.settings_entries import CERTIFICATES, MEMORY, MOUSE, PROXY, SCANNER, SCREEN
from workstation.ui.settings_fields import FIELD_WIDTH, Entry, Form
from workstation.ui.settings_keys import KeysForm
from workstation.ui.settings_monitors import MonitorOffice, MonitorsForm
from workstation.ui.settings_rows import Row
from workstation.ui.settings_sources import SourcesForm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workstation.errors import WorkstationError
    from workstation.reference import Source
    from workstation.settings import Settings
    from workstation.station.diagnostics import Verdict

GROUPS: Final = (
    mark("Sources"), mark("Proxy"), mark("Certificates"), mark("Language and texts"), mark("Monitors"),
    mark("Scanner"), mark("Mouse"), mark("Keys"), mark("Memory and network"), mark("Check this workstation"),
)  # fmt: skip
SOURCES, PROXY_PAGE, _, _, MONITORS, _, _, KEYS, _, CHECKS = range(10)
FORGOTTEN: Final = mark("Saved. This machine keeps no passwords (no key store): when the program ends it forgets "
                        "what was typed, and asks again.")  # fmt: skip
_LIST_WIDTH: Final = 210
_WIDEST: Final = 980
_BESIDE_A_NAME: Final = 46  # px: padding and borders of the list


class Office(MonitorOffice, Protocol):
    """What the page needs of the program; bound in `app`."""

    def settings(self) -> Settings:
        """The settings in use."""
        ...

    def save(
        self, wished: Settings, secrets: Mapping[str, Secret], told: Callable[[WorkstationError | None, bool], None]
    ) -> None:
        """Keep and use settings; `told` hears on the main thread: the error, if any, and whether the passwords stay."""
        ...

    def test_way(
        self,
        source: Source,
        wished: Settings,
        secrets: Mapping[str, Secret],
        told: Callable[[str, Verdict | None], None],
    ) -> None:
        """Try the way to a source; `told` hears each step, and an empty name with None at the end."""
        ...

    def check_all(self, told: Callable[[str, Verdict | None], None]) -> None:
        """Run every check of this workstation; as `test_way`."""
        ...


class SettingsPage(QWidget):
    """The settings page.

    Signals
    -------
    closed : the user is done with it
    """

    closed = Signal()

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("desk")
        self._office = office
        self._begun = office.settings()
        self._run = 0  # late verdicts of a test before are not shown
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._body: QWidget | None = None
        self.retranslate()

    # Building ---------------------------------------------------------------

    def retranslate(self) -> None:
        """Make the page anew in the language in use; what was typed and not saved stays."""
        typed = self.wished() if self._body is not None else None
        row = self.groups.currentRow() if self._body is not None else SOURCES
        if self._body is not None:
            self._whole.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget(self)
        self._whole.addWidget(self._body)
        self._build(self._body)
        self._show(typed or self._begun)
        self.groups.setCurrentRow(row)

    def _build(self, body: QWidget) -> None:
        self.title = QLabel(tr("Settings"), body)
        self.title.setProperty("rank", "title")
        self.welcome = QLabel(tr("Welcome. Films come from a source, through the hospital's proxy: set both, test the "
                                 "way, save. Your IT department knows the addresses."), body)  # fmt: skip
        self.welcome.setWordWrap(True)
        self.welcome.setProperty("tone", "secondary")
        self.groups = QListWidget(body)
        self.groups.setObjectName("groups")
        self.groups.setAccessibleName(tr("Groups of settings"))
        self.groups.addItems([tr(name) for name in GROUPS])
        self.groups.setFixedWidth(_list_width())
        self.pages = QStackedWidget(body)
        self.groups.currentRowChanged.connect(self.pages.setCurrentIndex)
        self.groups.currentRowChanged.connect(lambda _: self._dismiss_praise())
        self._build_forms()
        self.message = QLabel(body)
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.save_button = QPushButton(tr("Save"), body)
        self.save_button.setObjectName("primary")
        self.save_button.clicked.connect(self.save)
        self.close_button = QPushButton(tr("Close"), body)
        self.close_button.clicked.connect(self.leave)
        self._lay_out(body)

    def _build_forms(self) -> None:
        self.sources = SourcesForm()
        self.sources.test_asked.connect(self._test)
        self.proxy_password = QLineEdit()
        self.keys = KeysForm()
        self.monitors = MonitorsForm(self._office)
        self.forms: list[Form] = []
        self.way_button = BusyButton(tr("Test the way through the proxy"))
        self.way_button.asked.connect(self._test_first)
        self.way_steps = CheckList()
        self.check_button = BusyButton(tr("Check now"))
        self.check_button.asked.connect(self._check)
        self.checks = CheckList()
        proxy = self._form(PROXY)
        self.proxy_password.setMaximumWidth(round(FIELD_WIDTH * theme.text_scale() / 100))
        self.proxy_password.setEchoMode(QLineEdit.EchoMode.Password)
        self.proxy_password.setPlaceholderText(tr("Empty: as it is"))
        self.proxy_password.setAccessibleName(tr("Password"))
        self.proxy_password.textEdited.connect(self._on_changed)
        proxy.add(Row(QLabel(tr("Password"), proxy), self.proxy_password))
        tested = checked(self.way_button, self.way_steps, proxy)
        all_checks = checked(self.check_button, self.checks)
        for page in (
            self.sources, tested, self._form(CERTIFICATES), self._form(SCREEN), self.monitors,
            self._form(SCANNER), self._form(MOUSE), self.keys, self._form(MEMORY), all_checks,
        ):  # fmt: skip
            self._add_page(page, stretches=page in (self.sources, self.keys))
        for form in self.forms:
            form.changed.connect(self._on_changed)
        self.sources.changed.connect(self._on_changed)
        self.keys.changed.connect(self._on_changed)

    def _form(self, entries: tuple[Entry, ...]) -> Form:
        made = Form(entries)
        self.forms.append(made)
        return made

    def _add_page(self, page: QWidget, *, stretches: bool) -> None:
        holder = QWidget()
        holder.setObjectName("desk")
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 8, 16, 8)
        column.addWidget(page, 1 if stretches else 0)
        if not stretches:
            column.addStretch(1)
        area = QScrollArea()
        area.setWidget(holder)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the Tab key goes from the list of groups to the first field
        self.pages.addWidget(area)

    def _lay_out(self, body: QWidget) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.message, 1)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.close_button)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.groups)
        middle.addWidget(self.pages, 1)
        inner = QWidget(body)
        inner.setMaximumWidth(round((_WIDEST + _LIST_WIDTH) * theme.text_scale() / 100))
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.welcome)
        column.addLayout(middle, 1)
        column.addLayout(buttons)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inner, 20)
        row.addStretch(1)

    # What stands in it ---------------------------------------------------------------

    def begin(self, *, is_first: bool = False) -> None:
        """Show the settings in use; at the first start, with a word of welcome.

        What was typed and not saved stays when the page was only covered, by a film that was scanned meanwhile.
        """
        if self.is_changed:
            return
        self._begun = self._office.settings()
        self._show(self._begun)
        self.welcome.setVisible(is_first)
        self.groups.setCurrentRow(SOURCES)
        if self._begun.problem is not None:
            self._say(sentence(self._begun.problem), "red")
        self.groups.setFocus()

    def _show(self, settings: Settings) -> None:
        for form in self.forms:
            form.show_settings(settings)
        self.sources.show_settings(settings)
        self.keys.show_settings(settings)
        self.monitors.refresh()
        self.proxy_password.clear()
        self.welcome.setVisible(not settings.sources)
        self._say("", "secondary")
        self._mark_dirty()

    def wished(self) -> Settings:
        """The settings as they stand on the page."""
        settings = self._begun
        for form in self.forms:
            settings = form.into(settings)
        sources = tuple(source for source in self.sources.sources() if source.name or source.root)
        return replace(settings, sources=sources, keys=self.keys.keys(), problem=None)

    def secrets(self) -> dict[str, Secret]:
        """The passwords that were typed, by the names of their secrets."""
        typed = dict(self.sources.passwords)
        if self.proxy_password.text():
            typed[self.wished().proxy.secret] = Secret(self.proxy_password.text())
        return typed

    @property
    def is_changed(self) -> bool:
        """Whether something stands here that is not in use."""
        return self.wished() != replace(self._begun, problem=None) or bool(self.secrets())

    def _on_changed(self) -> None:
        self._say("", "secondary")
        self._mark_dirty()

    def _mark_dirty(self) -> None:
        is_changed = self.is_changed
        self.save_button.setEnabled(is_changed or self._begun.problem is not None)
        self.close_button.setText(tr("Close without saving") if is_changed else tr("Close"))

    def _say(self, words: str, tone: str) -> None:
        self.message.setText(words)
        self.message.setProperty("tone", tone)
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)

    def _dismiss_praise(self) -> None:
        """What was saved need not be said any more; what went wrong must."""
        if self.message.property("tone") == "green":
            self._say("", "secondary")

    # Acts ---------------------------------------------------------------

    def save(self) -> None:
        """Keep and use what stands here."""
        if self.keys.has_clashes:
            self.groups.setCurrentRow(KEYS)
            self._say(tr("A key has two commands: give one of them another key."), "amber")
            return
        incomplete = next((s for s in self.wished().sources if not s.name or not s.root), None)
        if incomplete is not None:
            self.groups.setCurrentRow(SOURCES)
            self._say(tr("A source needs a name and an address."), "amber")
            return
        names = [source.name for source in self.wished().sources]
        if len(set(names)) < len(names):
            self.groups.setCurrentRow(SOURCES)
            self._say(tr("Two sources have the same name: give one of them another."), "amber")
            return
        self.save_button.setEnabled(False)
        self._office.save(self.wished(), self.secrets(), self._on_saved)

    def _on_saved(self, error: WorkstationError | None, are_kept: bool) -> None:
        if error is None:
            self._begun = self._office.settings()
            self._show(self._begun)
            if are_kept:
                self._say(tr("Saved, and in use from now on."), "green")
            else:
                self._say(tr(FORGOTTEN), "amber")
            self.close_button.setText(tr("Go on"))
            self.close_button.setFocus()
            return
        self._mark_dirty()
        self._say(sentence(error), "red")

    def leave(self) -> None:
        """Close the page; what was not saved is let go."""
        self._run += 1
        self._begun = self._office.settings()
        self._show(self._begun)
        self.closed.emit()

    def _test(self, source: Source) -> None:
        self._run += 1
        told = self._listener(self.sources.steps, self.sources.end_test)
        self._office.test_way(source, self.wished(), self.secrets(), told)

    def _test_first(self) -> None:
        source = next((one for one in self.wished().sources if one.root), None)
        self.way_steps.clear()
        if source is None:
            self._say(tr("Add a source first: the way is tested to a real one."), "amber")
            return
        self._run += 1
        self.way_button.set_busy(True)
        told = self._listener(self.way_steps, lambda: self.way_button.set_busy(False))
        self._office.test_way(source, self.wished(), self.secrets(), told)

    def _check(self) -> None:
        self._run += 1
        self.checks.clear()
        self.check_button.set_busy(True)
        self._office.check_all(self._listener(self.checks, lambda: self.check_button.set_busy(False)))

    def _listener(self, shown: CheckList, ended: Callable[[], None]) -> Callable[[str, Verdict | None], None]:
        run = self._run

        def told(name: str, verdict: Verdict | None) -> None:
            if verdict is None:
                ended()
            elif run == self._run:
                shown.add(name, verdict)

        return told


def _list_width() -> int:
    """As wide as the names of the groups want it, where the text is large; the same in both languages where not."""
    metrics = QFontMetrics(theme.font(scale=theme.text_scale()))
    widest = max(metrics.horizontalAdvance(tr(name)) for name in GROUPS) + _BESIDE_A_NAME
    return min(round(_LIST_WIDTH * theme.text_scale() / 100), max(_LIST_WIDTH, widest))
