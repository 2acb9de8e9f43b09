"""The light of the reading room: colours, type, icons. Every colour on the desk comes from here."""

from __future__ import annotations

from functools import cache
from string import Template
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from workstation.locations import resources

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

GLASS: Final = "#000000"
DESK: Final = "#0E1114"
PANEL: Final = "#161A1F"
RAISED: Final = "#1F252C"
HOVER: Final = "#28303A"
LINE: Final = "#2A313A"
TEXT: Final = "#E4E9EE"
SECONDARY: Final = "#9AA6B2"
DISABLED: Final = "#66717D"
ACCENT: Final = "#35B8C8"
PRIOR: Final = "#B59BFF"
AMBER: Final = "#FFB224"
RED: Final = "#FF5C57"
GREEN: Final = "#4CC38A"
PATIENTS: Final = (ACCENT, "#E58FB1", "#C9D36A", "#7FA8FF", "#F0A27A")  # identity bars: one patient, one colour

TONES: Final = {"amber": AMBER, "red": RED, "info": SECONDARY, "green": GREEN}
FAMILIES: Final = ("Noto Sans CJK SC", "Microsoft YaHei UI", "PingFang SC", "sans-serif")
BASE_PX: Final = 13
CORNER_PX: Final = 12
_LINE: Final = 1.46  # height of a line of the type over its size; controls that are squeezed keep as much


def font(pixels: float = BASE_PX, *, bold: bool = False, scale: int = 100) -> QFont:
    """The program's type at a size in logical pixels; `scale` is the user's text scale in percent."""
    made = QFont()
    made.setFamilies(list(FAMILIES))
    made.setPixelSize(max(8, round(pixels * scale / 100)))
    made.setBold(bold)
    return made


def text_scale() -> int:
    """The text scale in use, percent: that of the application's own type."""
    app = QGuiApplication.instance()
    pixels = QGuiApplication.font().pixelSize() if isinstance(app, QGuiApplication) else BASE_PX
    return round(100 * pixels / BASE_PX) if pixels > 0 else 100


@cache
def _svg(name: str) -> bytes:
    return (resources() / "icons" / f"{name}.svg").read_bytes()


def pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """One icon drawn in a colour, `size` logical pixels square."""
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_svg(name).replace(b"currentColor", colour.encode())))
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, picture.width(), picture.height()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def program_icon() -> QIcon:
    """The program's own icon, for the title bar and the task bar."""
    return QIcon(str(resources() / "icons" / "cloudfilm-workstation.svg"))


def icon(name: str, size: int = 20) -> QIcon:
    """An icon in its normal, disabled and checked colours."""
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    made = QIcon()
    made.addPixmap(pixmap(name, TEXT, size, ratio), QIcon.Mode.Normal, QIcon.State.Off)
    made.addPixmap(pixmap(name, DISABLED, size, ratio), QIcon.Mode.Disabled, QIcon.State.Off)
    made.addPixmap(pixmap(name, ACCENT, size, ratio), QIcon.Mode.Normal, QIcon.State.On)
    return made


def icon_px(pixels: int = 20, most: int = 64) -> int:
    """The side of an icon at the text scale in use, logical pixels; at `most` so many where there is little room."""
    return min(most, round(pixels * text_scale() / 100))


def put_icon(button: QAbstractButton, name: str, side: int | None = None) -> None:
    """Give a button its icon, `side` logical pixels square; by default as large as the texts are."""
    side = side or icon_px()
    if button.icon().isNull() or button.iconSize().width() != side:
        button.setIcon(icon(name, side))
        button.setIconSize(QSize(side, side))


def palette() -> QPalette:
    """Qt's palette in our colours, for what the style sheet does not reach."""
    made = QPalette()
    role = QPalette.ColorRole
    for part, colour in (
        (role.Window, DESK),
        (role.WindowText, TEXT),
        (role.Base, RAISED),
        (role.AlternateBase, PANEL),
        (role.Text, TEXT),
        (role.Button, RAISED),
        (role.ButtonText, TEXT),
        (role.Highlight, ACCENT),
        (role.HighlightedText, DESK),
        (role.ToolTipBase, RAISED),
        (role.ToolTipText, TEXT),
        (role.PlaceholderText, SECONDARY),
    ):
        made.setColor(part, QColor(colour))
    made.setColor(QPalette.ColorGroup.Disabled, role.Text, QColor(DISABLED))
    made.setColor(QPalette.ColorGroup.Disabled, role.ButtonText, QColor(DISABLED))
    return made


_SHEET: Final = Template("""
* { font-size: ${base}px; }
QWidget#desk, QMainWindow { background: ${desk}; color: ${text}; }
QWidget#panel { background: ${panel}; }
QLabel { color: ${text}; background: transparent; }
QLabel[weight="bold"] { font-weight: bold; }
QLabel[rank="large"] { font-size: ${name}px; }
QLabel[rank="title"] { font-size: ${title}px; }
QLabel[tone="secondary"] { color: ${secondary}; }
QLabel[tone="amber"] { color: ${amber}; }
QLabel[tone="red"] { color: ${red}; }
QLabel[tone="green"] { color: ${green}; }
QLabel#bubble { background: ${raised}; border: 1px solid ${line}; border-radius: 4px; }
QFrame#line { background: ${line}; border: none; }
QToolButton { background: transparent; color: ${text}; border: 1px solid transparent; border-radius: 4px;
  padding: 4px 8px; min-height: ${tool}px; }
QToolButton:hover { background: ${hover}; }
QToolButton:checked { background: ${raised}; border-color: ${accent}; color: ${accent}; }
QToolButton:disabled { color: ${disabled}; }
QToolButton:focus { border-color: ${accent}; }
QToolButton:checked:focus { border-color: ${text}; }
QToolButton::menu-indicator { image: none; }
QPushButton { background: ${raised}; color: ${text}; border: 1px solid ${line}; border-radius: 4px;
  padding: 4px 14px; min-height: ${line_height}px; }
QPushButton:hover { background: ${hover}; }
QPushButton:focus { border-color: ${accent}; }
QPushButton:disabled, QPushButton[busy="true"] { color: ${disabled}; }
QPushButton#primary { background: ${accent}; color: ${desk}; border-color: ${accent}; }
QPushButton#primary:hover { background: #4CC8D7; }
QPushButton#primary:focus { border-color: ${text}; }
QPushButton#primary:disabled { background: ${raised}; color: ${disabled}; border-color: ${line}; }
QLineEdit { background: ${raised}; color: ${text}; border: 1px solid ${line}; border-radius: 4px;
  padding: 4px 8px; min-height: ${line_height}px; selection-background-color: ${accent}; selection-color: ${desk}; }
QLineEdit:focus { border-color: ${accent}; }
QLineEdit#entry { font-size: ${large}px; padding: 8px 14px; min-height: ${entry}px; }
QComboBox { background: ${raised}; color: ${text}; border: 1px solid ${line}; border-radius: 4px;
  padding: 4px 8px; min-height: ${line_height}px; }
QComboBox:focus { border-color: ${accent}; }
QComboBox:disabled { background: transparent; color: ${text}; border-color: transparent; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox:disabled::drop-down { width: 0; }
QComboBox::down-arrow { image: url("${icons}/choice-down.svg"); width: 16px; height: 16px; }
QComboBox:disabled::down-arrow { image: none; }
QSpinBox::up-button, QSpinBox::down-button { border: none; background: transparent; width: 20px; }
QSpinBox::up-arrow { image: url("${icons}/choice-up.svg"); width: 12px; height: 12px; }
QSpinBox::down-arrow { image: url("${icons}/choice-down.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: ${raised}; color: ${text}; border: 1px solid ${line};
  selection-background-color: ${hover}; selection-color: ${text}; }
QTextBrowser { background: ${panel}; color: ${text}; border: none; selection-background-color: ${accent};
  selection-color: ${desk}; }
QListView, QListWidget, QScrollArea { background: ${panel}; color: ${text}; border: none; outline: none; }
QListView, QListWidget { border: 1px solid ${panel}; }
QListView:focus, QListWidget:focus, QTableView:focus { border-color: ${accent}; }
QTreeView { background: ${panel}; color: ${text}; border: 1px solid ${line}; outline: none; }
QTreeView:focus { border-color: ${accent}; }
QHeaderView { background: ${panel}; border: none; }
QHeaderView::section { background: ${panel}; color: ${secondary}; border: none; border-bottom: 1px solid ${line};
  padding: 6px 8px; }
QHeaderView::section:hover { background: ${hover}; }
QToolButton[chip="true"] { background: ${raised}; border-color: ${line}; padding: 4px 12px; }
QToolButton[chip="true"]:checked { border-color: ${accent}; color: ${accent}; }
QToolButton[chip="true"]:focus { border-color: ${text}; }
QListWidget::item { border: 1px solid transparent; border-radius: 4px; }
QListWidget::item:selected { background: ${raised}; border-color: ${accent}; color: ${text}; }
QListWidget::item:hover { background: ${hover}; }
QListWidget#groups::item { padding: 6px 10px; min-height: 20px; }
QComboBox, QSpinBox, QKeySequenceEdit QLineEdit { background: ${raised}; color: ${text}; border: 1px solid ${line};
  border-radius: 4px; padding: 4px 8px; min-height: ${line_height}px; }
QComboBox:focus, QSpinBox:focus { border-color: ${accent}; }
QComboBox:disabled, QSpinBox:disabled, QLineEdit:disabled { color: ${disabled}; }
QComboBox QAbstractItemView { background: ${raised}; color: ${text}; border: 1px solid ${line};
  selection-background-color: ${hover}; selection-color: ${text}; }
QCheckBox { color: ${text}; min-height: 32px; spacing: 8px; }
QCheckBox::indicator { width: ${tick}px; height: ${tick}px; }
QCheckBox:disabled { color: ${disabled}; }
QCheckBox:focus { color: ${accent}; }
QTableView { background: ${panel}; color: ${text}; border: 1px solid ${line}; gridline-color: ${line};
  selection-background-color: ${raised}; selection-color: ${text}; outline: none; }
QTableView:focus { border-color: ${accent}; }
QTableView::item { padding: 4px 8px; }
QHeaderView::section { background: ${panel}; color: ${secondary}; border: none; border-bottom: 1px solid ${line};
  padding: 6px 8px; text-align: left; }
QMenu { background: ${raised}; color: ${text}; border: 1px solid ${line}; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: ${hover}; }
QMenu::item:disabled { color: ${disabled}; }
QMenu::separator { height: 1px; background: ${line}; margin: 4px 8px; }
QToolTip { background: ${raised}; color: ${text}; border: 1px solid ${line}; padding: 4px 6px; }
QSplitter::handle { background: ${line}; }
QProgressBar { background: ${raised}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: ${accent}; border-radius: 2px; }
QScrollBar:vertical { background: ${panel}; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: ${line}; border-radius: 4px; min-height: 32px; margin: 1px 2px; }
QScrollBar::handle:vertical:hover { background: ${disabled}; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; height: 0; }
""")


def style_sheet(scale: int = 100) -> str:
    """The style sheet at a text scale in percent."""
    return _SHEET.substitute(
        icons=(resources() / "icons").as_posix(),
        desk=DESK,
        panel=PANEL,
        raised=RAISED,
        hover=HOVER,
        line=LINE,
        text=TEXT,
        secondary=SECONDARY,
        disabled=DISABLED,
        accent=ACCENT,
        amber=AMBER,
        red=RED,
        green=GREEN,
        base=round(BASE_PX * scale / 100),
        line_height=max(24, round(_LINE * BASE_PX * scale / 100)),
        tool=max(22, round(_LINE * BASE_PX * scale / 100) + 3),
        entry=max(32, round(_LINE * 18 * scale / 100)),
        tick=round(13 * scale / 100),
        large=round(18 * scale / 100),
        name=round(17 * scale / 100),
        title=round(22 * scale / 100),
    )
