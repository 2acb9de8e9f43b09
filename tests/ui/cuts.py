"""Finds texts that do not fit into what shows them, on any window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QSizePolicy,
    QTableWidget,
    QToolButton,
    QWidget,
)

from workstation.ui.labels import ElidedChooser, ElidedLabel

_PADDING = 8


def cut_texts(window: QWidget) -> list[str]:
    """What is cut on a window: the kind of widget, its text, and by how many pixels."""
    found: list[str] = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or not widget.visibleRegion().boundingRect().isValid():
            continue
        for text, over in _over(widget):
            if over > 1:
                found.append(f"{type(widget).__name__} “{text[:60]}” by {over} px")
    return found


def _over(widget: QWidget):
    if isinstance(widget, QScrollArea):
        yield f"{widget.widget().objectName()} scrolls sideways", 2 * widget.horizontalScrollBar().maximum()
    if isinstance(widget, (ElidedLabel, ElidedChooser)):
        return  # cuts with an ellipsis, and tells the whole on hover
    if isinstance(widget, QLabel):
        yield from _label(widget)
    elif isinstance(widget, QCheckBox):
        yield widget.text(), QCheckBox.sizeHint(widget).width() - widget.width()  # of the words as they are broken now
        yield widget.text(), QCheckBox.sizeHint(widget).height() - widget.height()
    elif isinstance(widget, QAbstractButton) and not isinstance(widget.parent(), QLineEdit):
        yield widget.text(), widget.sizeHint().width() - widget.width()
        yield widget.text(), _least_height(widget) - widget.height()
    elif isinstance(widget, QComboBox):
        room = widget.width() - 2 * _PADDING - 18
        yield widget.currentText(), QFontMetrics(widget.font()).horizontalAdvance(widget.currentText()) - room
    elif isinstance(widget, QLineEdit):
        yield from _line(widget)
    elif isinstance(widget, QListWidget):
        yield from _list(widget)
    elif isinstance(widget, QTableWidget):
        yield from _headers(widget)


def _least_height(button: QAbstractButton) -> int:
    """What a button's icon and words need; the hint of a tool button has three pixels of air besides."""
    if not isinstance(button, QToolButton):
        return button.minimumSizeHint().height()
    has_words = button.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly
    return max(button.iconSize().height(), QFontMetrics(button.font()).height() if has_words else 0) + _PADDING + 2


def _label(label: QLabel):
    if not label.text() or (label.pixmap() is not None and not label.pixmap().isNull()):
        return
    if label.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored and not label.wordWrap():
        return
    if label.wordWrap():
        yield label.text(), label.heightForWidth(label.width()) - label.height()
    else:
        yield label.text(), label.sizeHint().width() - label.width()


def _line(line: QLineEdit):
    if line.text() or not line.placeholderText():
        return
    needed = QFontMetrics(line.font()).horizontalAdvance(line.placeholderText())
    yield line.placeholderText(), needed - (line.width() - 2 * _PADDING)


def _list(listed: QListWidget):
    if listed.itemDelegate().metaObject().className() != "QStyledItemDelegate":
        return  # drawn by hand, with ellipses
    for row in range(listed.count()):
        item = listed.item(row)
        if not item.isHidden() and listed.objectName() == "groups":
            needed = QFontMetrics(item.font() if item.data(Qt.ItemDataRole.FontRole) else listed.font())
            yield item.text(), needed.horizontalAdvance(item.text()) + 22 - listed.viewport().width()


def _headers(table: QTableWidget):
    for column in range(table.columnCount()):
        item = table.horizontalHeaderItem(column)
        needed = QFontMetrics(table.font()).horizontalAdvance(item.text()) + 2 * _PADDING
        yield item.text(), needed - table.columnWidth(column)
