"""A worklist of a thousand rows beside Qt's own table of ready-made texts: to fill, to sort, to scroll through."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTreeView

from tests.faults.lists import Listed
from workstation.dicom.attributes import JsonAttributes, PersonName
from workstation.dicom.name_search import NameWords
from workstation.dicom.study_search import found_study
from workstation.ui.worklist_model import NAMES, StudyTable, cell
from workstation.ui.worklist_view import StudyList

ROWS = 1000


def studies():
    rows = [
        Listed(n, f"Li^Si{n * 7919 % ROWS:04d}=李^四", f"P{n}", date=f"202611{n % 28 + 1:02d}") for n in range(ROWS)
    ]
    return [found_study(JsonAttributes(row.record()), "PACS", "") for row in rows]


def filled(found):
    table = StudyTable()
    for first in range(0, ROWS, 200):
        table.add(found[first : first + 200])
    return table


def plain(found):
    model = QStandardItemModel()
    for one in found:
        model.appendRow([QStandardItem(cell(one, name)) for name in NAMES])
    return model


def test_filling_a_thousand_rows(pair, qapp):
    found = studies()
    pair.compare("worklist-fill-1000", lambda: filled(found), lambda: plain(found), rounds=7)


def test_sorting_a_thousand_rows(pair, qapp):
    found = studies()
    table, model = filled(found), plain(found)
    column, orders = NAMES.index("name"), [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder]

    def both(one):
        for order in orders:
            one.sort(column, order)

    pair.compare("worklist-sort-1000", lambda: both(table), lambda: both(model), rounds=9, each=2)


def scroll(view, app):
    bar = view.verticalScrollBar()
    longest = 0.0
    for step in range(60):
        began = time.perf_counter()
        bar.setValue(bar.maximum() * step // 60)
        view.viewport().repaint()
        longest = max(longest, time.perf_counter() - began)
    app.processEvents()
    return longest


def test_scrolling_through_a_thousand_rows(pair, qapp):
    found = studies()
    table = filled(found)
    picture = QPixmap(96, 96)
    picture.fill(Qt.GlobalColor.darkGray)
    for one in found[:400]:
        table.show_picture(one.key, picture)
    ours, other = StudyList(table), QTreeView()
    other.setModel(plain(found))
    other.setUniformRowHeights(True)
    for view in (ours, other):
        view.resize(1400, 800)
        view.show()
    qapp.processEvents()
    longest = []
    pair.compare(
        "worklist-scroll-step",
        lambda: longest.append(scroll(ours, qapp)),
        lambda: scroll(other, qapp),
        rounds=7,
        each=60,
    )
    pair.note(f"worklist: longest step of a scroll through 1,000 rows {1e3 * max(longest):.1f} ms")
    for view in (ours, other):
        view.close()
        view.deleteLater()


def test_holding_a_thousand_names_against_initials(pair):
    found, words = studies(), NameWords.of("oyxd")
    names = [one.patient.name for one in found]
    words.find(PersonName("Ouyang^Xiaodong", "欧阳^晓东"))
    pair.compare(
        "worklist-names-1000",
        lambda: [words.find(name) for name in names],
        lambda: ["oyxd" in name.alphabetic.casefold() for name in names],
        rounds=7,
    )
