"""Pictures with codes on the film door: files, what was copied or dropped, a region of the screen."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QPixmap
from PySide6.QtTest import QTest

from tests.phantoms import CT_STUDY, DX_STUDY, ct_stack
from tests.ui.watch import watching
from tests.workers.code_pictures import qr
from workstation.cli.windows import enter
from workstation.ui import screen_region
from workstation.ui.grey_picture import grey_pixels
from workstation.ui.offers import Offer, OfferList


def sheet(*texts: str) -> np.ndarray:
    """Codes beside each other on paper."""
    codes = [qr(text, 5) for text in texts]
    rows = max(code.shape[0] for code in codes)
    return np.hstack([cv2.copyMakeBorder(code, 0, rows - code.shape[0], 0, 40, cv2.BORDER_CONSTANT, value=255)
                      for code in codes])  # fmt: skip


def image(*texts: str) -> QImage:
    made = np.ascontiguousarray(sheet(*texts))
    return QImage(made.data, made.shape[1], made.shape[0], made.shape[1], QImage.Format.Format_Grayscale8).copy()


@pytest.fixture
def picture_file(tmp_path):
    def make(*texts, name="code.png"):
        file = tmp_path / name
        assert cv2.imwrite(str(file), sheet(*texts))
        return str(file)

    return make


def opened(bench, count=1):
    bench.until(lambda: len(bench.session.films.value) == count and bench.desk.is_settled)
    assert bench.desk.last_error is None


@pytest.mark.parametrize("name", ["code.png", "CODE.JPG", "code.bmp", "code.webp", "code.tif"])
def test_a_picture_file_with_one_code_opens_its_film(bench, service, picture_file, name):
    enter(bench.desk, picture_file(service.share(CT_STUDY), name=name))
    opened(bench)
    assert not bench.session.is_confirmed.value  # who it is is asked as ever


def test_a_code_among_codes_of_other_things_opens_its_film(bench, service, picture_file):
    bench.desk.open_path(picture_file("Wifi: guest", service.share(CT_STUDY), "https://shop.example/1"))
    opened(bench)


def test_several_codes_are_listed_with_what_each_is(bench, service, picture_file):
    door = bench.window.door
    bench.desk.open_path(picture_file(service.share(CT_STUDY), "Wifi: guest", service.share(DX_STUDY)))
    bench.until(lambda: door.has_candidates)
    rows = [door.choices.list.item(number) for number in range(door.choices.list.count())]
    assert [bool(row.flags() & Qt.ItemFlag.ItemIsEnabled) for row in rows] == [True, True, False]
    assert CT_STUDY in rows[0].text()
    assert DX_STUDY in rows[1].text()
    assert "Wifi: guest" in rows[2].text()
    assert "3" in door.understood.text()
    door.choices.list.itemClicked.emit(rows[2])
    bench.run()
    assert door.has_candidates
    door.choices.list.itemClicked.emit(rows[1])
    opened(bench)
    assert bench.session.films.value[0].instances[0].study.study_instance_uid == DX_STUDY


def test_codes_that_open_nothing_are_listed_greyed_and_it_is_said(bench, picture_file):
    bench.desk.open_path(picture_file("Wifi: guest", "https://shop.example/1"))
    bench.until(lambda: bench.window.door.has_candidates)
    assert bench.desk.last_error.code == "code-opens-nothing"
    assert not any(bench.window.door.choices.list.item(n).flags() & Qt.ItemFlag.ItemIsEnabled for n in range(2))


def test_a_picture_without_a_code_says_what_to_do(bench, tmp_path):
    file = tmp_path / "x.png"
    cv2.imwrite(str(file), np.full((400, 500), 255, np.uint8))
    bench.desk.open_path(str(file))
    bench.until(lambda: bench.desk.last_error is not None)
    assert bench.desk.last_error.code == "code-not-found"
    assert "sharper" in bench.window.door.understood.text()
    assert not bench.window.door.progress.isVisible()


@pytest.mark.parametrize(("content", "code"), [(b"\x89PNG\r\n\x1a\n broken", "picture-unreadable"),
                                               (None, "link-file-not-found")])  # fmt: skip
def test_a_picture_that_cannot_be_read_says_so(bench, tmp_path, content, code):
    file = tmp_path / "x.png"
    if content is not None:
        file.write_bytes(content)
    bench.desk.open_path(str(file))
    bench.until(lambda: bench.desk.last_error is not None)
    assert bench.desk.last_error.code == code


def test_a_dicom_file_with_a_pictures_name_is_opened_as_a_film(bench, tmp_path):
    from tests.phantoms import write_study

    (file,) = [one for one in write_study(tmp_path / "one", ct_stack(1)).rglob("*") if one.is_file()]
    bench.desk.open_path(str(file.rename(tmp_path / "scan.tif")))
    opened(bench)


def test_the_reading_can_be_called_off(bench, service, picture_file):
    bench.desk.open_path(picture_file(service.share(CT_STUDY)))
    assert bench.window.door.stop_button.isVisible()
    bench.window.door.stop_button.click()
    bench.run(0.6)
    assert not bench.session.films.value
    assert not bench.window.door.progress.isVisible()


def test_no_decoding_and_no_file_on_the_main_thread(bench, service, picture_file, monkeypatch):
    path = picture_file(service.share(CT_STUDY))
    bench.desk.open_path(path)  # once, so that modules are imported
    opened(bench)
    with watching(monkeypatch) as watch:
        bench.desk.open_path(path)
        bench.until(lambda: bench.desk.is_settled)
    assert not watch.on_main, watch.on_main
    assert watch.elsewhere


@pytest.fixture(autouse=True)
def _nothing_left_on_the_clipboard(qapp):
    """What Python put there must not outlive Python."""
    yield
    QGuiApplication.clipboard().clear()


# Copied ---------------------------------------------------------------


def copy(**held):
    mime = QMimeData()
    if "picture" in held:
        mime.setImageData(held["picture"])
    if "text" in held:
        mime.setText(held["text"])
    if "path" in held:
        mime.setUrls([QUrl.fromLocalFile(held["path"])])
    QGuiApplication.clipboard().setMimeData(mime)


def test_a_copied_picture_is_pasted_into_the_field(bench, service):
    copy(picture=image(service.share(CT_STUDY)))
    QTest.keyClick(bench.window.door.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    opened(bench)


def test_a_copied_link_is_pasted_as_ever(bench, service):
    link = service.share(CT_STUDY)
    copy(text=link, picture=image("https://other.example/1"))
    QTest.keyClick(bench.window.door.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert bench.window.door.entry() == link


def test_what_was_copied_is_opened_by_its_action_on_the_reading_page_too(bench, service, picture_file):
    bench.open(CT_STUDY)
    copy(path=picture_file(service.share(DX_STUDY)))
    bench.window.trigger("film.clipboard")
    opened(bench, 2)


def test_a_copied_link_is_put_into_the_field_by_the_button(bench, service):
    link = service.share(CT_STUDY)
    copy(text=link)
    bench.window.door.ways.clipboard_button.click()
    assert bench.window.door.entry() == link


def test_nothing_copied_is_said(bench):
    QGuiApplication.clipboard().clear()
    bench.window.door.ways.clipboard_button.click()
    assert "copy the picture" in bench.window.door.understood.text()


# Dropped ---------------------------------------------------------------


def drop(bench, mime):
    door = bench.window.door
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, left, none)
    door.dragEnterEvent(enter)
    assert enter.isAccepted()
    door.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, left, none))


def test_a_dropped_screenshot_opens_its_film(bench, service):
    mime = QMimeData()
    mime.setImageData(image(service.share(CT_STUDY)))
    drop(bench, mime)
    opened(bench)


def test_a_dropped_picture_file_opens_its_film(bench, service, picture_file):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(picture_file(service.share(CT_STUDY)))])
    drop(bench, mime)
    opened(bench)


def test_a_picture_with_a_clear_background_lies_on_paper():
    made = QImage(20, 10, QImage.Format.Format_ARGB32)
    made.fill(Qt.GlobalColor.transparent)
    made.setPixelColor(3, 4, Qt.GlobalColor.black)
    grey = grey_pixels(made)
    assert grey.shape == (10, 20)
    assert grey[4, 3] == 0
    assert grey[0, 0] == 255


# The screen ---------------------------------------------------------------


@pytest.fixture
def screen(bench, service, monkeypatch):
    """A screen that shows a code at (600, 300), twice as fine as the desktop counts it."""
    size = QGuiApplication.primaryScreen().geometry().size() * 2
    shown = QImage(size, QImage.Format.Format_RGB32)
    shown.fill(Qt.GlobalColor.darkBlue)
    from PySide6.QtGui import QPainter

    painter = QPainter(shown)
    painter.drawImage(QPoint(200, 100), image(service.share(CT_STUDY)))
    painter.end()
    shot = QPixmap.fromImage(shown)
    monkeypatch.setattr(screen_region.QGuiApplication.primaryScreen().__class__, "grabWindow", lambda *_: shot)
    return shown


def region_of(bench):
    bench.until(lambda: [one for one in bench.app.topLevelWidgets() if isinstance(one, screen_region.RegionVeil)])
    veils = [one for one in bench.app.topLevelWidgets() if isinstance(one, screen_region.RegionVeil)]
    bench.run()
    return veils[0]


def test_a_frame_round_a_code_on_the_screen_opens_its_film(bench, screen):
    bench.window.door.ways.screen_button.click()
    assert not bench.window.isVisible()
    veil = region_of(bench)
    veil.setGeometry(QRect(0, 0, screen.width() // 2, screen.height() // 2))
    bench.drag(veil, (80, 40), (390, 390))
    opened(bench)
    assert bench.window.isVisible()


def test_the_whole_screen_by_the_enter_key(bench, screen):
    bench.window.trigger("film.screen_region")
    veil = region_of(bench)
    QTest.keyClick(veil, Qt.Key.Key_Return)
    opened(bench)


@pytest.mark.parametrize("act", [
    lambda bench, veil: QTest.keyClick(veil, Qt.Key.Key_Escape),
    lambda bench, veil: bench.press(veil, 5, 5, Qt.MouseButton.RightButton),
])  # fmt: skip
def test_escape_and_the_right_button_give_up(bench, screen, act):
    bench.open(CT_STUDY)
    bench.window.trigger("film.screen_region")
    act(bench, region_of(bench))
    bench.run(0.1)
    assert bench.window.isVisible()
    assert bench.window.is_reading
    assert not [
        one for one in bench.app.topLevelWidgets() if isinstance(one, screen_region.RegionVeil) and one.isVisible()
    ]


def test_a_click_is_no_frame(bench, screen):
    bench.window.trigger("film.screen_region")
    veil = region_of(bench)
    bench.drag(veil, (80, 40), (82, 41))
    assert veil.isVisible()
    QTest.keyClick(veil, Qt.Key.Key_Escape)


@pytest.mark.parametrize("kept", [QPixmap, lambda: QPixmap.fromImage(QImage(64, 64, QImage.Format.Format_Mono))])
def test_a_desktop_that_hides_its_picture_is_said(bench, monkeypatch, kept):
    hidden = kept()
    hidden.fill(Qt.GlobalColor.black)
    monkeypatch.setattr(QGuiApplication.primaryScreen().__class__, "grabWindow", lambda *_: hidden)
    bench.window.trigger("film.screen_region")
    bench.until(lambda: bench.desk.last_error is not None)
    assert bench.desk.last_error.code == "screen-not-readable"
    assert "screenshot" in bench.window.door.understood.text()
    assert bench.window.isVisible()


def test_it_may_forbid_the_screen_and_files(make_bench, service, picture_file):
    settings = service.settings
    policy = replace(settings.policy, read_screen=False, open_files=False)
    bench = make_bench(settings=replace(settings, policy=policy))
    assert not bench.window.door.ways.screen_button.isVisible()
    bench.window.trigger("film.screen_region")
    bench.run(0.4)
    assert bench.window.isVisible()
    bench.desk.open_path(picture_file(service.share(CT_STUDY)))
    assert bench.desk.last_error.code == "not-allowed"


def test_a_picture_is_recorded_and_what_its_code_holds_is_not(
    bench, service, picture_file, caplog, tmp_path, monkeypatch
):
    recorded = []
    monkeypatch.setattr(bench.workstation.station, "record", lambda event, **fields: recorded.append((event, fields)))
    link = service.share(CT_STUDY)
    token = link.partition("token=")[2]
    bench.desk.open_path(picture_file(link))
    opened(bench)
    assert recorded[0] == ("open", {"kind": "picture"})
    assert token
    assert token not in str(recorded) + caplog.text


def test_a_list_that_is_told_again_stays_as_it_is_under_the_hand(qtbot):
    offers = OfferList()
    qtbot.addWidget(offers)
    told = (Offer("2026-01-02  CT", "W*", "one"), Offer("2026-01-03  DX", "W*", "two"))
    offers.show_offers(told)
    row = offers.item(1)
    offers.show_offers(tuple(told))
    assert offers.item(1) is row
    offers.show_offers(told[:1])
    assert offers.count() == 1
