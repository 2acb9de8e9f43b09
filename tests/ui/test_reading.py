"""From the link to the glass, through the real window, proxy, TLS and cloud."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
from pydicom.uid import EncapsulatedPDFStorage
from PySide6.QtCore import QByteArray, QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from tests.phantoms import CT_STUDY, DX_STUDY, SERIES, STRANGER_STUDY, Person, ct_stack, radiograph, sop, write_study
from workstation import locations
from workstation.dicom.geometry import ImagePoint
from workstation.errors import StationError
from workstation.station.audit import verify
from workstation.ui.study_browser import thumbnail_key
from workstation.ui.viewport_words import nothing_words, situation
from workstation.viewing.overlay import Mark, overlay
from workstation.viewing.session import FilmState


def pixels(image: QImage) -> np.ndarray:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())[:, : grey.width()]


def marks_on(bench) -> list[str]:
    """The marks over the active viewport's image."""
    widget, state = bench.viewport(), bench.session.active_viewport.state
    primitives = overlay(
        widget.plan(), state, situation(bench.session, state, widget.shown().instance, chinese=widget.chinese), str
    )
    return [one.text for one in primitives if isinstance(one, Mark)]


def trail():
    path = locations.state_dir() / "audit.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_pasted_link_becomes_the_film_and_asks_who_it_is(bench):
    bench.open(confirm=False)
    assert bench.window.is_reading
    assert bench.session.films.value[0].state is FilmState.COMPLETE
    assert bench.window.question.isVisible()
    assert "Ouyang Xiaodong" in bench.window.question.text.text()
    assert "1980-03-12" in bench.window.question.text.text()
    assert bench.window.identity.name.text().startswith("Ouyang Xiaodong")
    assert bench.window.identity.patient_id.text() == "ID DEMO-7001"
    assert bench.window.status.completeness.text() == "✓ Complete 13 / 13"
    assert sum(bench.service.proxy.passed.values())  # nothing went past the proxy


def test_the_glass_shows_the_pixels_of_the_slice_it_names(bench):
    bench.open()
    widget = bench.viewport()
    shown = widget.shown()
    assert shown.instance.instance_number == 5
    grabbed = pixels(widget.grab().toImage())
    plan = widget.plan()
    # the bright square near the patient's left and front: columns 108..113, rows 10..15
    place = plan.projection.to_canvas(ImagePoint(110.5, 12.5))
    assert grabbed[int(place.y), int(place.x)] == 255


def test_until_confirmed_nothing_leaves_and_the_frame_is_amber(bench):
    bench.open(confirm=False)
    bench.window.trigger("picture.copy")
    bench.run()
    edge = bench.viewport().grab().toImage().pixelColor(0, 5).name()
    assert edge.lower() == "#ffb224"
    assert "Not confirmed" in bench.window.identity.state.text()
    QTest.keyClick(bench.window, Qt.Key.Key_Return)
    bench.run()
    assert bench.session.is_confirmed.value
    assert not bench.window.question.isVisible()
    bench.until(lambda: [entry["event"] for entry in trail()][-1:] == ["confirm"])
    assert verify(locations.state_dir() / "audit.jsonl") == []
    assert "7001" not in json.dumps(trail())


def test_saying_no_closes_the_film_and_leaves_nothing_on_the_door(bench):
    bench.open(confirm=False)
    bench.window.question.no.click()
    bench.run()
    assert not bench.window.is_reading
    assert bench.session.patient is None
    assert bench.window.door.field.text() == ""
    assert "Ouyang" not in bench.window.windowTitle()
    assert bench.window.identity.name.text() == ""


def test_wheel_keys_and_drag_go_through_the_stack(bench):
    bench.open()
    widget = bench.viewport()
    bench.wheel(widget, 1)
    assert bench.session.active_viewport.state.index == 5
    bench.wheel(widget, 1, Qt.KeyboardModifier.ShiftModifier)
    assert bench.session.active_viewport.state.index == 8
    QTest.keyClick(bench.window, Qt.Key.Key_Home)
    assert bench.session.active_viewport.state.index == 0
    QTest.keyClick(bench.window, Qt.Key.Key_Down)
    assert bench.session.active_viewport.state.index == 1
    QTest.keyClick(bench.window, Qt.Key.Key_S)
    bench.drag(widget, (300, 100), (300, 500))
    bench.until(bench.desk.is_painted)
    assert bench.session.active_viewport.state.index == 8
    assert bench.viewport().shown().instance.instance_number == 9


def test_left_windows_middle_pans_right_zooms(bench):
    bench.open()
    widget, viewport = bench.viewport(), bench.session.active_viewport
    bench.drag(widget, (300, 300), (420, 300))
    assert viewport.state.voi.width > 1500
    bench.drag(widget, (300, 300), (330, 280), Qt.MouseButton.MiddleButton)
    assert viewport.state.view.centre is not None
    before = viewport.state.view.scale
    bench.drag(widget, (300, 300), (300, 200), Qt.MouseButton.RightButton)
    assert viewport.state.view.scale > before
    bench.wheel(widget, -1, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(bench.window, Qt.Key.Key_Backspace)
    assert viewport.state.voi is None
    assert viewport.state.view.scale is None


def test_escape_in_the_middle_of_a_drag_puts_the_window_back(bench):
    bench.open()
    widget = bench.viewport()
    bench.press(widget, 300, 300)
    bench.move(widget, 420, 350)
    assert bench.session.active_viewport.state.voi is not None
    QTest.keyClick(bench.window, Qt.Key.Key_Escape)
    assert bench.session.active_viewport.state.voi is None
    bench.move(widget, 500, 350)
    assert bench.session.active_viewport.state.voi is None


def test_presets_only_where_the_values_are_hounsfield(bench):
    bench.open()
    QTest.keyClick(bench.window, Qt.Key.Key_2)
    assert bench.session.active_viewport.state.voi_name == "Soft tissue"
    QTest.keyClick(bench.window, Qt.Key.Key_9)
    assert bench.session.active_viewport.state.voi is None
    bench.desk.close_film()
    bench.open(DX_STUDY)
    own = bench.viewport().plan().voi
    QTest.keyClick(bench.window, Qt.Key.Key_2)
    assert bench.session.active_viewport.state.voi_name == "More contrast"
    assert bench.session.active_viewport.state.voi.width < own.width
    QTest.keyClick(bench.window, Qt.Key.Key_7)  # a window in Hounsfield units is not offered here
    assert bench.session.active_viewport.state.voi_name == "More contrast"


def test_flip_rotate_invert_say_so_on_the_glass(bench):
    bench.open()
    for key, word in ((Qt.Key.Key_H, "FLIPPED"), (Qt.Key.Key_I, "INVERTED")):
        QTest.keyClick(bench.window, key)
        bench.run()
        assert word in marks_on(bench)
    QTest.keyClick(bench.window, Qt.Key.Key_R)
    assert bench.session.active_viewport.state.view.quarter_turns == 3  # clockwise on a mirrored screen


def test_the_probe_says_value_and_unit(bench):
    bench.open()
    widget = bench.viewport()
    bench.move(widget, widget.width() / 2, widget.height() / 2, Qt.MouseButton.NoButton)
    assert bench.window.status.probe.text().endswith("HU")


def test_cine_plays_round_and_space_stops_it(bench):
    bench.open()
    QTest.keyClick(bench.window, Qt.Key.Key_Space)
    seen = set()
    bench.session.active_viewport.changed.connect(lambda old, new: seen.add(new.index))
    bench.until(lambda: len(seen) == 9)
    QTest.keyClick(bench.window, Qt.Key.Key_Space)
    index = bench.session.active_viewport.state.index
    bench.run(0.2)
    assert bench.session.active_viewport.state.index == index


def test_layouts_drop_a_series_and_double_click_fills_the_grid(bench):
    bench.open()
    bench.window.trigger("layout.2x2")
    bench.until(bench.desk.is_painted)
    assert sum(widget.isVisible() for widget in bench.window.grid.widgets) == 4
    target = bench.viewport(3)
    data = QMimeData()
    data.setData("application/x-workstation-display-set", QByteArray(f"{SERIES}/0".encode()))
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    target.dropEvent(event)
    bench.until(bench.desk.is_painted)
    assert target.shown().instance.series.series_instance_uid == SERIES
    assert bench.session.active.value == 3
    bench.double_click(target, 20, 20)
    assert [widget.isVisible() for widget in bench.window.grid.widgets].count(True) == 1
    bench.double_click(target, 20, 20)
    assert sum(widget.isVisible() for widget in bench.window.grid.widgets) == 4


def test_a_second_patient_asks_and_opens_apart_in_another_colour(bench):
    bench.open()
    bench.enter(bench.service.share(STRANGER_STUDY))
    bench.until(lambda: bench.window.question.isVisible())
    assert "ANOTHER PATIENT" in bench.window.question.text.text()
    assert len(bench.session.films.value) == 1
    QTest.keyClick(bench.window, Qt.Key.Key_Return)  # the key that confirms never mixes two people
    bench.run()
    assert len(bench.workstation.desks) == 1
    bench.window.question.yes.click()
    bench.until(lambda: len(bench.workstation.desks) == 2)
    other = bench.workstation.desks[1]
    bench.until(lambda: other.is_settled)
    bench.run()
    assert other.window.identity.name.text().startswith("Wang Wu")
    assert bench.window.identity.name.text().startswith("Ouyang Xiaodong")
    colours = [w.identity.grab().toImage().pixelColor(1, 10).name() for w in (bench.window, other.window)]
    assert colours[0] != colours[1]
    assert not other.session.is_confirmed.value


def test_the_question_about_another_patient_changes_its_language_too(bench):
    bench.open()
    bench.open(STRANGER_STUDY, confirm=False)
    bench.desk.switch_language()
    bench.run()
    assert "另一位患者" in bench.window.question.text.text() or "其他患者" in bench.window.question.text.text()
    assert "王五" in bench.window.question.text.text()


def test_closing_the_film_forgets_the_other_patient_who_was_asked_about(bench):
    bench.open()
    bench.open(STRANGER_STUDY, confirm=False)
    bench.desk.close_film()
    bench.desk.open_apart(True)
    assert len(bench.workstation.desks) == 1
    bench.desk.switch_language()
    bench.run()
    assert not bench.window.question.isVisible()


def test_a_notice_of_a_closed_film_does_not_come_back_with_the_language(bench):
    bench.open()
    bench.window.show_notice(StationError("cannot-write", reason="knee.png"))
    bench.desk.close_film()
    bench.open()
    bench.desk.switch_language()
    bench.run()
    assert not bench.window.notice.isVisible()


def test_not_opening_the_second_patient_leaves_the_first(bench):
    bench.open()
    bench.enter(bench.service.share(STRANGER_STUDY))
    bench.until(lambda: bench.window.question.isVisible())
    bench.window.question.no.click()
    bench.run()
    assert len(bench.workstation.desks) == 1
    assert bench.window.identity.name.text().startswith("Ouyang")


def test_a_second_film_of_the_same_patient_joins(bench):
    bench.open()
    bench.open(DX_STUDY)
    assert len(bench.session.films.value) == 2
    assert bench.session.is_confirmed.value


def test_a_second_film_is_on_the_glass_when_it_opens(bench):
    bench.open()
    bench.open(DX_STUDY)
    bench.run(0.1)
    assert bench.viewport().shown().instance.study.study_instance_uid == DX_STUDY
    assert "DX" in bench.viewport().shown().instance.series.modality


def test_a_closed_film_leaves_no_name_in_any_widget(bench):
    bench.open(confirm=False)
    bench.desk.close_film()
    bench.run(0.1)
    mine = [widget for widget in bench.app.allWidgets() if widget.window() is bench.window]
    texts = [widget.toolTip() + widget.accessibleName() for widget in mine]
    texts += [widget.text() for widget in mine if isinstance(widget, QLabel | QLineEdit)]
    assert not [text for text in texts if "Ouyang" in text or "欧阳" in text or "7001" in text]


def test_a_film_under_another_name_is_on_the_glass_while_it_is_asked_about(bench, tmp_path):
    bench.open()
    write_study(tmp_path, [radiograph(person=Person(name="Someone^Else"))])
    bench.desk.open_path(str(tmp_path))
    bench.until(lambda: bench.desk.is_settled)
    bench.run(0.1)
    assert "Someone Else" in bench.window.question.text.text()
    assert bench.window.identity.name.text() == "Someone Else"


def test_a_film_opened_again_takes_the_place_of_what_came_before(bench):
    bench.open()
    first = bench.session.films.value[0]
    bench.open(DX_STUDY)
    bench.open()
    fresh = bench.session.film_of(bench.session.active_viewport.state.display_set)
    assert len(bench.session.films.value) == 2
    assert fresh is not first
    assert fresh.totals == (13, 13)
    assert first not in bench.session.films.value


def test_two_people_of_one_name_and_no_id_in_a_folder_are_offered_apart(bench, tmp_path):
    nobody = Person(patient_id="", name="Zhang^Wei", birth_date="", sex="", issuer="")
    write_study(tmp_path / "a", [radiograph(person=nobody)])
    second = radiograph(person=nobody)
    second.StudyInstanceUID, second.SOPInstanceUID = "2.25.99", "2.25.99.1"
    write_study(tmp_path / "b", [second])
    bench.desk.open_path(str(tmp_path))
    bench.until(lambda: bench.desk.is_settled)
    assert not bench.session.films.value
    assert bench.window.door.choices.list.count() == 2


def test_a_film_of_reports_alone_says_what_it_holds(bench, tmp_path):
    report = radiograph()
    for keyword in ("Rows", "Columns", "PixelData"):
        delattr(report, keyword)
    report.SOPClassUID, report.Modality = EncapsulatedPDFStorage, "DOC"
    write_study(tmp_path, [report])
    bench.desk.open_path(str(tmp_path))
    bench.until(lambda: bench.desk.is_settled)
    assert "report is beside" in nothing_words(bench.session, bench.session.active_viewport.state)
    assert bench.window.status.completeness.text() == "✓ Complete 1 / 1"
    assert bench.window.is_report_open  # there is nothing else to look at
    assert "damaged" in bench.window.reports.message.text()  # this one holds no PDF
    assert bench.window.identity.patient_id.text() == "ID DEMO-7001"


def test_a_protected_film_asks_for_its_passcode(bench):
    bench.enter(bench.service.share(CT_STUDY, passcode="2468"))
    bench.until(lambda: bench.window.door.passcode.isVisible())
    assert "passcode" in bench.window.door.understood.text()
    bench.window.door.passcode.setText("1111")
    QTest.keyClick(bench.window.door.passcode, Qt.Key.Key_Return)
    bench.until(lambda: "wrong" in bench.window.door.understood.text())
    bench.window.door.passcode.setText("2468")
    QTest.keyClick(bench.window.door.passcode, Qt.Key.Key_Return)
    bench.until(lambda: bench.window.is_reading)
    bench.until(lambda: bench.desk.is_settled)
    assert bench.session.films.value[0].state is FilmState.COMPLETE
    assert bench.window.door.passcode.text() == ""


def test_what_was_understood_is_said_while_typing(bench):
    door = bench.window.door
    QTest.keyClicks(door.field, f"https://127.0.0.1:{bench.service.cloud.port}/viewer?StudyInstanceUIDs={CT_STUDY}")
    bench.until(lambda: "OHIF link · DEMO" in door.understood.text())
    QTest.keyClicks(door.field, "&token=very-secret-token-123")
    bench.run(0.3)
    assert "very-secret" not in door.understood.text() + door.field.text()
    assert "•••" in door.field.text()
    assert door.entry().endswith("very-secret-token-123")
    QTest.keyClicks(door.field, "x")
    assert door.field.text() == ""  # a masked link is not edited: another one is begun


@pytest.mark.parametrize("text", ["https://unknown.example/viewer?StudyInstanceUIDs=1.2.3.4&token=TOKEN-abc-123",
                                  "https://a.example/dw/studies/1.2.3.4/?access_token=TOKEN-abc-123"])  # fmt: skip
def test_a_pasted_token_is_never_on_the_screen(bench, text):
    bench.window.door.enter_text(text)
    assert "TOKEN" not in bench.window.door.field.text() + bench.window.door.understood.text()


def test_single_letters_typed_on_the_door_are_letters(bench):
    bench.open()
    bench.window.trigger("film.open")
    QTest.keyClicks(bench.window.door.field, "HIR0")
    assert bench.window.door.field.text() == "HIR0"
    assert not bench.session.active_viewport.state.view.is_mirrored
    QTest.keyClick(bench.window, Qt.Key.Key_Escape)
    bench.run()
    assert bench.window.is_reading


def test_the_picture_that_leaves_carries_identity_and_marks(bench, tmp_path):
    from workstation.ui.deeds import picture, save_to

    bench.open()
    bench.session.texts_hidden.set(True)
    made = picture(bench.window)
    assert bench.session.texts_hidden.value
    with_texts = pixels(made)[:60, :200]
    bench.run()
    assert (with_texts > 200).sum() > 100
    save_to(bench.window, made, str(tmp_path / "film"))
    bench.until(lambda: "film.png" in bench.window.status.hint.text())
    assert QImage(str(tmp_path / "film.png")).size() == made.size()
    bench.window.trigger("picture.copy")
    assert QGuiApplication.clipboard().image().size() == made.size()
    bench.until(lambda: [entry["event"] for entry in trail()][-1:] == ["export"])
    QGuiApplication.clipboard().clear()


def test_a_picture_that_cannot_be_written_says_so(bench):
    from workstation.ui.deeds import picture, save_to

    bench.open()
    save_to(bench.window, picture(bench.window), "/nowhere/at/all.png")
    bench.until(bench.window.notice.isVisible)
    assert "cannot be written" in bench.window.notice.text.text()
    bench.window.notice.no.click()
    assert not bench.window.notice.isVisible()


def test_policy_takes_commands_away(make_bench, without_export, service):
    bench = make_bench(settings=without_export)
    bench.open()
    QGuiApplication.clipboard().clear()
    bench.window.trigger("picture.copy")
    assert QGuiApplication.clipboard().image().isNull()
    assert not bench.window.door.ways.file_button.isVisibleTo(bench.window.door)
    bench.desk.open_path("/tmp")
    assert bench.desk.last_error.code == "not-allowed"


def test_the_language_changes_while_a_film_is_open(bench):
    bench.open(confirm=False)
    bench.window.trigger("desk.language")
    bench.run()
    assert bench.window.identity.name.text().startswith("欧阳晓东")
    assert "男" in bench.window.identity.person.text()
    assert bench.window.question.text.text().startswith("患者是")
    assert bench.window.status.completeness.text().startswith("✓ 完整")
    bench.window.trigger("desk.language")
    bench.run()
    assert bench.window.question.text.text().startswith("Is this")


def test_a_folder_with_two_patients_offers_both(bench, tmp_path, films):
    bench.desk.open_path(str(films))
    bench.until(lambda: bench.window.door.choices.list.count() == 3)
    bench.window.door.choices.list.setCurrentRow(0)
    bench.window.door.picked.emit(0)
    bench.until(lambda: bench.window.is_reading)
    bench.until(lambda: bench.desk.is_settled)
    assert len(bench.session.films.value) == 1


def test_a_slice_missing_from_a_folder_is_amber(bench, tmp_path):
    write_study(tmp_path / "disc", [one for one in ct_stack(9) if one.InstanceNumber != 4])
    bench.desk.open_path(str(tmp_path / "disc"))
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    bench.viewport()
    assert "1 slices missing between the positions" in marks_on(bench)


def test_hundreds_of_series_are_listed_without_a_wait(bench, tmp_path):
    for number in range(400):
        write_study(tmp_path / str(number), ct_stack(1, series=f"2.25.9{number:04}"))
    bench.desk.open_path(str(tmp_path))
    bench.until(lambda: bench.session.films.value, 60)
    while not bench.desk.is_settled:
        bench.run()
    assert bench.window.strip.model().rowCount() == 401
    key = thumbnail_key(bench.session.films.value[0].display_sets[399])
    lines = 0

    def count(_frame, event, _argument):
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        bench.window.strip.on_arrived(key)
    finally:
        sys.settrace(before)
    assert lines < 200  # thousands when each arrival looked through all rows and all series


def test_a_file_nobody_can_read_makes_the_film_incomplete(bench, tmp_path):
    write_study(tmp_path, ct_stack(6))
    last = sorted(path for path in tmp_path.rglob("*") if path.is_file())[-1]
    last.write_bytes(last.read_bytes()[:300])
    bench.desk.open_path(str(tmp_path))
    bench.until(lambda: bench.desk.is_settled)
    assert bench.window.status.completeness.text() == "⚠ INCOMPLETE 5 of 6"
    assert bench.window.notice.isVisible()


def test_a_file_that_turns_bad_is_said_and_the_rest_is_read(bench, tmp_path):
    folder = write_study(tmp_path / "disc", ct_stack(5))
    from workstation.archive import media

    original = media.take_in

    def taken(data, asked, patient, issuer=""):
        if asked.sop_instance_uid == sop(1):
            data = data[:-300]
        return original(data, asked, patient, issuer)

    media.take_in = taken
    try:
        bench.desk.open_path(str(folder))
        bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    finally:
        media.take_in = original
    assert bench.session.films.value[0].state is FilmState.INCOMPLETE
    assert bench.window.notice.isVisible()
    assert "INCOMPLETE 4 of 5" in bench.window.status.completeness.text()
    bench.session.active_viewport.go_to(0)
    bench.run(0.1)
    assert bench.viewport().shown() is None  # nothing is shown for it, and no neighbour in its place


def test_closing_the_window_lets_go_of_everything(bench):
    bench.open()
    bench.window.close()
    bench.run()
    assert bench.session.patient is None
    assert bench.workstation.desks == []


@pytest.mark.parametrize("text", ["hello", "https://news.example/x"])
def test_what_is_no_link_is_said_and_stays_typed(bench, text):
    bench.enter(text)
    bench.run()
    assert bench.window.door.field.text() == text
    assert "not a film link" in bench.window.door.understood.text()


def test_broken_settings_start_safely_and_say_so(make_bench, service):
    from workstation.errors import ConfigError

    broken = replace(service.settings, problem=ConfigError("config-unknown-key", key="porxy", suggestion="proxy"))
    bench = make_bench(settings=broken)
    assert "porxy" in bench.window.door.understood.text()
    bench.enter(service.share(CT_STUDY))
    bench.until(lambda: bench.desk.last_error is not None)
    assert bench.desk.last_error.code == "network-off"


def test_an_unknown_proxy_password_is_asked_for_and_the_film_opens(make_bench, service):
    proxy = service.settings.proxy
    bench = make_bench(settings=replace(service.settings, proxy=replace(proxy, user="", secret="nobody-knows-it")))
    bench.enter(service.share(CT_STUDY))
    bench.until(lambda: bench.window.door.passcode.isVisible())
    door = bench.window.door
    assert "asks for a name and a password" in door.understood.text()
    assert door.user.isVisible()
    assert door.passcode.placeholderText() == "Password"
    door.user.setText(proxy.user)
    door.passcode.setText("wrong")
    QTest.keyClick(door.passcode, Qt.Key.Key_Return)
    bench.until(lambda: "does not accept the password" in door.understood.text())
    door.passcode.setText(service.secrets[proxy.secret].reveal())
    QTest.keyClick(door.passcode, Qt.Key.Key_Return)
    bench.until(lambda: bench.window.is_reading)
    bench.until(lambda: bench.desk.is_settled)
    assert bench.session.films.value[0].state is FilmState.COMPLETE


def test_an_unknown_secret_of_a_source_is_asked_for(make_bench, service):
    (source,) = service.settings.sources
    bench = make_bench(settings=replace(service.settings, sources=(replace(source, secret="not-stored"),)))
    bench.enter(CT_STUDY)
    bench.until(lambda: bench.window.door.passcode.isVisible())
    assert "“DEMO”" in bench.window.door.understood.text()
    assert not bench.window.door.user.isVisible()
    bench.window.door.passcode.setText(service.secrets[source.secret].reveal())
    QTest.keyClick(bench.window.door.passcode, Qt.Key.Key_Return)
    bench.until(lambda: bench.window.is_reading)


def test_the_window_and_its_strip_come_back_where_they_stood(make_bench):
    from workstation.station.places import load

    first = make_bench()
    first.window.setGeometry(20, 30, 740, 620)
    first.open()
    first.window.splitter.setSizes([300, 440])
    first.window.trigger("desk.language")
    first.run()
    first.close()
    kept = load()
    assert len(kept.arrangements) == 1
    assert kept.language == "zh"
    assert abs(kept.strip_width - 300) <= 2
    again = make_bench(language="auto")
    again.window.take_places(again.workstation.places)
    again.run()
    assert again.window.geometry().getRect() == (20, 30, 740, 620)
    assert again.workstation.language.code == "zh"


def test_a_window_that_stood_on_a_screen_that_is_gone_comes_to_one_that_is_there(bench):
    from PySide6.QtGui import QGuiApplication

    from workstation.station.displays import WindowPlace
    from workstation.station.places import Places

    bench.window.setGeometry(90_000, 90_000, 1000, 700)
    bench.window.take_places(Places({"a monitor that is gone": (WindowPlace("a monitor that is gone"),)}))
    assert any(
        screen.availableGeometry().contains(bench.window.geometry().topLeft()) for screen in QGuiApplication.screens()
    )


def test_three_patients_have_three_colours(bench):
    desks = [bench.desk, bench.workstation.new_desk(), bench.workstation.new_desk()]
    assert len({desk.window.patient_colour for desk in desks}) == 3
    for desk in desks[1:]:
        desk.window.close()


def told_on_hover(widget, part):
    """What the tooltip says over the place whose words hold a part."""
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHelpEvent
    from PySide6.QtWidgets import QApplication, QToolTip

    middle = next(box for box, words in widget._hints if part in words).center().toPoint()
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, middle, widget.mapToGlobal(middle)))
    told = QToolTip.text()
    QToolTip.hideText()
    return told


def test_the_chip_that_stands_for_folded_marks_tells_them_on_hover(bench):
    bench.open()
    bench.session.set_layout(3, 4)
    bench.session.active_viewport.set_view(replace(bench.session.active_viewport.state.view, scale=9.0))
    bench.run(0.1)
    assert "Interpolated" in told_on_hover(bench.viewport(), "Interpolated")


def test_side_view_and_edges_are_told_in_words_on_hover(bench):
    bench.open(DX_STUDY)
    told = told_on_hover(bench.viewport(), "Side: right")
    assert "Right knee, AP" in told
    assert "Edges: right – left, cranial – caudal" in told
    bench.window.trigger("view.flip_horizontal")
    bench.run()
    assert "Edges: left – right, cranial – caudal" in told_on_hover(bench.viewport(), "Side: right")


def test_cine_takes_the_speed_of_the_series_that_plays(bench):
    bench.open()
    QTest.keyClick(bench.window, Qt.Key.Key_Space)
    timer = bench.window.grid._cine._clock
    assert timer.interval() == 67
    viewport = bench.session.active_viewport
    viewport.set(replace(viewport.state, display_set=replace(viewport.state.display_set, frame_time_ms=40.0)))
    assert timer.interval() == 40
    QTest.keyClick(bench.window, Qt.Key.Key_Space)
    assert not timer.isActive()


def test_a_called_off_opening_says_nothing_of_its_film_while_another_is_opened(bench, monkeypatch):
    from threading import Event

    from workstation.dicom.study import Patient, Study
    from workstation.film.resolve import FilmOpening

    second_has_begun, first_has_told, done = Event(), Event(), Event()
    calls = []

    def opened(self, reference, passcode, token, identified, *, at_once):
        assert at_once  # a window shows the first image before the whole list
        calls.append(reference)
        if len(calls) == 1:
            second_has_begun.wait(10)
            identified(Patient("DEMO-1"), Study("2.25.1", date="20010203", description="ANOTHER FILM"))
            first_has_told.set()
        else:
            second_has_begun.set()
            done.wait(10)
        token.raise_if_cancelled()
        return ()

    monkeypatch.setattr(FilmOpening, "open", opened)
    bench.enter(CT_STUDY)
    bench.until(lambda: len(calls) == 1)
    bench.enter(DX_STUDY)
    bench.until(first_has_told.is_set)
    bench.run(0.1)
    assert "ANOTHER FILM" not in bench.window.door.understood.text()
    bench.desk.stop()
    done.set()


def test_a_large_image_follows_a_zoom_roughly_and_is_painted_well_when_the_hand_rests(make_bench, tmp_path):
    from tests.phantoms import radiograph, write_study

    bench = make_bench()
    bench.desk.open_path(str(write_study(tmp_path / "dx", [radiograph((1800, 1500))])))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.until(lambda: bench.viewport().plan() is not None)
    widget = bench.viewport()
    bench.wheel(widget, -1, Qt.KeyboardModifier.ControlModifier)
    widget.grab()
    assert widget._rest.isActive()
    assert widget._painter.is_rough
    rough = widget.grab().toImage()
    bench.until(lambda: not widget._painter.is_rough)
    bench.run(0.05)
    assert not widget._rest.isActive()
    assert widget.grab().toImage() != rough
    kept = widget._painter._samples
    bench.drag(widget, (100, 100), (130, 120), Qt.MouseButton.MiddleButton)
    assert not widget._painter.is_rough
    assert widget._painter._samples is not kept
