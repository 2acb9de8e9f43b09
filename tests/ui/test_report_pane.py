"""The report beside the images, in the real window."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QTextDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest

from tests.documents import CDA, ENCAPSULATED_CDA, encapsulated, item, knee_report, pdf, structured
from tests.phantoms import Person, ct_stack, part10, sop, stranger, write_study
from tests.ui.watch import watching
from workstation import locations
from workstation.ui import theme
from workstation.viewing.session import FilmState


def write(folder, *documents, count=9):
    write_study(folder, [*ct_stack(count), *documents])
    return folder


@pytest.fixture
def opened(make_bench, tmp_path):
    def open_(*documents, confirm=True, count=9, **keywords):
        bench = make_bench(**keywords)
        bench.desk.open_path(str(write(tmp_path / "film", *documents, count=count)))
        bench.until(lambda: bench.session.films.value and bench.desk.is_settled)
        if confirm:
            bench.window.trigger("film.confirm")
        bench.run()
        return bench

    return open_


def unfold(bench):
    QTest.keyClick(bench.window, Qt.Key.Key_D)
    bench.until(lambda: bench.desk.is_settled)
    bench.run()
    return bench.window.reports


def words(pane):
    return pane.text.toPlainText()


def trail():
    path = locations.state_dir() / "audit.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_one_key_unfolds_the_report_and_folds_it_away(opened):
    bench = opened(knee_report())
    assert bench.window.reports.isHidden()
    pane = unfold(bench)
    assert pane.isVisible()
    assert pane.width() >= 300
    assert "右胫骨近段骨折。" in words(pane)
    assert "4.20" in words(pane)
    assert "mm" in words(pane)
    QTest.keyClick(bench.window, Qt.Key.Key_D)
    assert pane.isHidden()


def test_the_banner_is_that_of_the_object_shown(opened):
    pane = unfold(opened(knee_report()))
    assert pane.banner.name.text() == "Ouyang Xiaodong  欧阳晓东"
    assert pane.banner.person.text() == "male · 46 y · 1980-03-12 · ID DEMO-7001"
    assert pane.banner.dates.text() == "Study 2026-11-20 · Report 2026-11-21 08:15"
    assert pane.banner.state.text() == "PARTIAL · UNVERIFIED"
    assert pane.banner.state.property("tone") == "amber"
    assert not pane.banner.warning.text()
    assert "DEMO-7001" in pane.banner.accessibleName()


def test_until_confirmed_the_banner_says_so_and_nothing_leaves(opened):
    bench = opened(knee_report(), confirm=False)
    pane = unfold(bench)
    assert pane.banner.warning.text() == "Not confirmed"
    assert not pane.tools.buttons["print"].isEnabled()
    pane.text.selectAll()
    QGuiApplication.clipboard().setText("before")
    pane.text.copy_selection()
    assert QGuiApplication.clipboard().text() == "before"
    bench.window.trigger("film.confirm")
    assert not pane.banner.warning.text()
    assert pane.tools.buttons["print"].isEnabled()


def test_the_report_of_another_patient_never_comes_in(opened, tmp_path, monkeypatch):
    """Listed as the patient's, it turns out to be somebody else's when it is read."""
    bench = opened(knee_report(), count=3, confirm=False)
    pane = bench.window.reports
    bench.desk.close_film()
    path = next(p for p in (tmp_path / "film").iterdir() if "右胫骨".encode("gb18030") in p.read_bytes())
    from workstation.archive import media

    original = media.MediaFilm.obtain

    def obtain(self, asked, *arguments):
        path.write_bytes(part10(knee_report(person=stranger())))
        return original(self, asked, *arguments)

    monkeypatch.setattr(media.MediaFilm, "obtain", obtain)
    bench.desk.open_path(str(tmp_path / "film"))
    bench.until(lambda: bench.session.films.value and bench.desk.is_settled)
    pane = unfold(bench)
    (film,) = bench.session.films.value
    assert film.reports == ()
    assert film.state is FilmState.INCOMPLETE
    assert "ANOTHER PATIENT" in pane.message.text()
    assert "王五" not in words(pane)
    assert not pane.banner.isVisible()
    assert "refused" in " ".join(_rows(bench))


def _rows(bench):
    from workstation.ui.study_browser import _REPORT, report_row

    model = bench.window.strip.model()
    ids = [model.index(row, 0).data(_REPORT) for row in range(model.rowCount())]
    film = bench.session.films.value[0]
    return [" ".join(report_row(bench.session, film.film_id, one)) for one in ids if one]


def test_a_report_whose_header_is_of_another_patient_is_under_a_red_banner(opened):
    """The gate refuses it; were it ever to come in, the banner would not hide it."""
    bench = opened(knee_report())
    (film,) = bench.session.films.value
    own = film.reports[0]
    film.add_report(
        replace(own, instance=replace(own.instance, patient=replace(own.instance.patient, patient_id="X9")))
    )
    pane = unfold(bench)
    assert pane.banner.warning.text() == "This report is of ANOTHER PATIENT."
    assert pane.banner.warning.property("tone") == "red"
    assert "ID X9" in pane.banner.person.text()
    assert pane.banner.grab().toImage().pixelColor(1, 20).name().upper() == theme.RED.upper()


def test_a_clinical_document_that_names_somebody_else_is_red(opened):
    pane = unfold(opened(encapsulated(CDA.replace("{name}", "王五").encode(), sop_class=ENCAPSULATED_CDA)))
    assert "王五" in pane.banner.warning.text()
    assert pane.banner.warning.property("tone") == "red"


def test_a_link_jumps_to_the_image_and_one_that_leads_nowhere_says_so(opened):
    bench = opened(knee_report())
    pane = unfold(bench)
    assert "image not in this film" in words(pane)
    (link,) = pane.text._links
    assert link.sop_instance_uid == sop(7)
    assert "骨窗 · image 7 of 9 ›" in words(pane)
    pane.text.anchorClicked.emit(QUrl("image:0"))
    bench.until(bench.desk.is_painted)
    assert bench.viewport().shown().instance.instance_number == 7


def test_a_link_is_reached_and_followed_by_the_keyboard(opened):
    bench = opened(knee_report())
    pane = unfold(bench)
    assert pane.text.hasFocus()
    QTest.keyClick(pane.text, Qt.Key.Key_Tab)
    QTest.keyClick(pane.text, Qt.Key.Key_Return)
    bench.until(bench.desk.is_painted)
    assert bench.session.active_viewport.state.index == 6


def test_arrows_scroll_the_report_while_it_has_the_focus_and_the_images_otherwise(opened):
    bench = opened(knee_report(), structured([item("TEXT", "x", TextValue="y")] * 300, number=2))
    pane = unfold(bench)
    before = bench.session.active_viewport.state.index
    QTest.keyClick(pane.text, Qt.Key.Key_PageDown)
    assert bench.session.active_viewport.state.index == before
    bench.viewport().setFocus()
    QTest.keyClick(bench.viewport(), Qt.Key.Key_Down)
    assert bench.session.active_viewport.state.index == before + 1


def test_nothing_a_report_says_is_loaded_or_run(opened, tmp_path, monkeypatch):
    hostile = ('<img src="file:///etc/passwd"><script>x</script><a href="http://127.0.0.1:9/">a</a>'
               '<table background="http://127.0.0.1:9/b">')  # fmt: skip
    bench = opened(structured([item("TEXT", hostile[:60], TextValue=hostile)], title="<b>t</b>"))
    with watching(monkeypatch) as watch:
        pane = unfold(bench)
        pane.text.anchorClicked.emit(QUrl("http://127.0.0.1:9/"))
        pane.text.anchorClicked.emit(QUrl("image:7"))
        pane.text.anchorClicked.emit(QUrl("file:///etc/passwd"))
        bench.run()
    assert not watch.on_main, watch.told()
    assert hostile in words(pane)
    assert pane.text.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("file:///etc/passwd")) is None


def test_several_reports_are_offered_the_newest_first(opened):
    older = knee_report(number=2)
    older.ContentDate, older.ConceptNameCodeSequence[0].CodeMeaning = "20261101", "旧报告"
    bench = opened(older, knee_report(), encapsulated(pdf(["x"]), number=3, title="附件"))
    pane = unfold(bench)
    offered = [pane.tools.chooser.itemText(n) for n in range(pane.tools.chooser.count())]
    assert sorted(offered[:2]) == ["CT诊断报告 · 2026-11-21", "附件 · 2026-11-21"]
    assert offered[2] == "旧报告 · 2026-11-01"
    pane.tools.chooser.setCurrentIndex(2)
    pane.tools.chooser.activated.emit(2)
    assert "2026-11-01" in pane.banner.dates.text()


def test_a_click_on_the_row_of_the_strip_opens_the_report(opened):
    bench = opened(encapsulated(pdf(["x"]), title="附件"))
    strip = bench.window.strip
    assert _rows(bench) == ["附件 Report · 2026-11-21"]
    place = strip.visualRect(strip.model().index(strip.model().rowCount() - 1, 0)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    bench.until(lambda: bench.desk.is_settled)
    assert bench.window.reports.isVisible()
    assert bench.window.reports.pages.page_count == 1


def grey(pane):
    image = pane.pages.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())[:, : image.width()]


def test_pages_are_drawn_scrolled_and_enlarged(opened):
    bench = opened(encapsulated(pdf(["Finding"], pages=5)))
    pane = unfold(bench)
    assert pane.tools.place.text().startswith("Page 1 of 5 · ")
    sharp = pane.pages.drawn.picture(0)
    assert (sharp.width(), sharp.height()) == pane.pages._pixels(0)
    assert grey(pane).min() < 60  # letters
    assert 150 < np.median(grey(pane)) < 230  # paper, dimmed
    pane.pages.go_to_page(3)
    bench.until(lambda: bench.desk.is_settled)
    assert pane.tools.place.text().startswith("Page 4 of 5")
    before = pane.pages.zoom
    pane.tools.asked.emit("larger")
    bench.until(lambda: bench.desk.is_settled)
    assert pane.pages.zoom == pytest.approx(before * 1.15)
    pane.tools.asked.emit("page")
    bench.until(lambda: bench.desk.is_settled)
    assert pane.pages._rectangle(pane.pages.page).height() <= pane.pages.viewport().height()
    pane.tools.asked.emit("width")
    assert pane.pages.zoom == pytest.approx(before)


def test_words_are_found_in_pages_and_stepped_through(opened):
    bench = opened(encapsulated(pdf(["tibia", "other", "Tibia"], pages=3)))
    pane = unfold(bench)
    search = pane.tools.search
    search.field.setFocus()
    QTest.keyClicks(search.field, "tibia")
    assert search.field.text() == "tibia"  # no letter was a command
    bench.until(lambda: search.told.text() == "1 of 6")
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    assert search.told.text() == "2 of 6"
    QTest.keyClick(search.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(search.field, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert search.told.text() == "6 of 6"
    assert pane.pages.page == 2
    search.field.setText("nowhere")
    bench.until(lambda: search.told.text() == "Not found")
    QTest.keyClick(search.field, Qt.Key.Key_Escape)
    assert not search.field.text()


def test_words_are_found_in_a_text(opened):
    pane = unfold(opened(knee_report()))
    pane.tools.search.field.setText("断端")
    assert pane.tools.search.told.text() == "1 of 1"
    pane.tools.search.field.setText("绝无")
    assert pane.tools.search.told.text() == "Not found"


def test_a_scanned_page_says_that_it_has_no_text(opened, shared_data):
    from workstation.dicom.part10 import read_part10

    scanned = bytes(
        read_part10((shared_data / "reports" / "encapsulated_pdf.dcm").read_bytes()).dataset.EncapsulatedDocument
    )
    bench = opened(encapsulated(scanned))
    pane = unfold(bench)
    pane.tools.search.field.setText("x")
    bench.until(lambda: pane.tools.search.told.text() == "A scanned page: no text")


@pytest.mark.parametrize("made", ["locked", "damaged"])
def test_a_report_that_cannot_be_shown_is_one_sentence(opened, made):
    from reportlab.lib.pdfencrypt import StandardEncryption

    data = pdf(["x"], encrypt=StandardEncryption("a", "b")) if made == "locked" else b"%PDF-1.7\nnothing"
    pane = unfold(opened(encapsulated(data)))
    assert ("password" if made == "locked" else "damaged") in pane.message.text()
    assert pane.banner.isVisible()
    assert not pane.tools.buttons["print"].isEnabled()


def test_a_film_without_a_report_says_so(opened):
    pane = unfold(opened())
    assert pane.message.text() == "There is no report in this film."
    assert not pane.banner.isVisible()


def test_a_film_of_reports_alone_opens_them_and_names_its_patient(make_bench, tmp_path):
    bench = make_bench()
    write_study(tmp_path / "film", [knee_report()])
    bench.desk.open_path(str(tmp_path / "film"))
    bench.until(lambda: bench.session.films.value and bench.desk.is_settled)
    assert bench.window.reports.isVisible()
    assert "右胫骨近段骨折。" in words(bench.window.reports)
    assert bench.window.identity.name.text().startswith("Ouyang Xiaodong")
    assert bench.window.identity.patient_id.text() == "ID DEMO-7001"
    assert "Not confirmed" in bench.window.identity.state.text()


def test_a_text_file_beside_the_images_names_nobody_and_says_so(make_bench, tmp_path):
    bench = make_bench()
    write(tmp_path / "film")
    (tmp_path / "film" / "报告.txt").write_bytes("右胫骨骨折".encode("gb18030"))
    bench.desk.open_path(str(tmp_path / "film"))
    bench.until(lambda: bench.session.films.value and bench.desk.is_settled)
    pane = unfold(bench)
    assert words(pane) == "右胫骨骨折"
    assert "names no patient" in pane.banner.warning.text()
    assert "DEMO-7001" not in pane.banner.words


def test_text_is_copied_only_where_it_is_allowed_and_recorded(opened, without_export):
    bench = opened(knee_report())
    pane = unfold(bench)
    pane.text.selectAll()
    QTest.keyClick(pane.text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "右胫骨近段骨折。" in QGuiApplication.clipboard().text()
    bench.until(lambda: [one.get("act") for one in trail() if one["event"] == "export"] == ["copy_report"])
    assert pane.text.createMimeDataFromSelection().formats() == []  # and nothing leaves by dragging
    QGuiApplication.clipboard().clear()


def test_where_nothing_may_leave_neither_text_nor_paper_does(opened, without_export, tmp_path):
    bench = opened(
        knee_report(), settings=replace(without_export, policy=replace(without_export.policy, open_files=True))
    )
    pane = unfold(bench)
    QGuiApplication.clipboard().setText("before")
    pane.text.selectAll()
    QTest.keyClick(pane.text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "before"
    pane.print_on(printer(tmp_path / "a.pdf"))
    bench.run()
    assert not (tmp_path / "a.pdf").exists()


def printer(path):
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(path))
    made.setResolution(300)
    return made


def test_a_printed_text_names_its_patient_on_every_page(opened, tmp_path, worker_pool):
    from workstation.workers.documents import layout_of, page_text

    many = [item("TEXT", "finding", TextValue=f"line {n}") for n in range(120)]
    bench = opened(structured(many, title="CT report", person=replace(Person(), name="Ouyang^Xiaodong")))
    pane = unfold(bench)
    pane.print_on(printer(tmp_path / "a.pdf"))
    bench.until(lambda: not pane.printing.is_running)
    data = (tmp_path / "a.pdf").read_bytes()
    layout = layout_of(worker_pool, data)
    assert layout.count >= 2
    pages = ["".join(page_text(worker_pool, data, n).text.split()) for n in range(layout.count)]
    assert all("OuyangXiaodong" in page and "male" in page for page in pages)
    whole = "".join(pages)
    assert whole.count("line") >= 120  # Qt names the digits of this font wrongly in a PDF; on paper they are right
    bench.until(lambda: "print_report" in [one.get("act") for one in trail()])


def test_printed_pages_are_as_large_and_sharp_as_on_paper(opened, tmp_path, worker_pool):
    from workstation.workers.documents import layout_of, page_picture

    bench = opened(encapsulated(pdf(["Finding"], pages=3)))
    pane = unfold(bench)
    pane.print_on(printer(tmp_path / "a.pdf"))
    bench.until(lambda: not pane.printing.is_running)
    data = (tmp_path / "a.pdf").read_bytes()
    assert layout_of(worker_pool, data).count == 3
    pixels = page_picture(worker_pool, data, 0, (595, 842))[..., 0]
    dark = np.argwhere(pixels < 100)
    assert dark[:, 1].min() == pytest.approx(73, abs=14)  # 72 points from the left, but for the printer's own margin
    assert pane.tools.printing.isHidden()


def test_a_print_can_be_called_off(opened, tmp_path):
    bench = opened(encapsulated(pdf(["x"], pages=40)))
    pane = unfold(bench)
    pane.print_on(printer(tmp_path / "a.pdf"))
    bench.until(lambda: pane.tools.progress.value() >= 1)
    pane.tools.asked.emit("stop_printing")
    assert pane.tools.printing.isHidden()
    bench.run(0.3)
    assert "print_report" not in [one.get("act") for one in trail()]


def test_the_pane_keeps_its_width_for_the_next_start(opened):
    bench = opened(knee_report())
    pane = unfold(bench)
    strip, glass, table, report = bench.window.splitter.sizes()
    bench.window.splitter.setSizes([strip, glass - 120, table, report + 120])
    bench.run()
    assert bench.window.places().report_width == pane.width() == report + 120


def test_closing_the_film_leaves_nothing_of_the_report(opened):
    bench = opened(knee_report())
    pane = unfold(bench)
    bench.desk.close_film()
    bench.run()
    assert pane.isHidden()
    assert not words(pane)
    assert not pane.banner.words
    assert pane.tools.chooser.count() == 0
    assert pane.report is None


def test_switching_the_language_switches_the_pane_and_not_the_report(opened):
    bench = opened(knee_report())
    pane = unfold(bench)
    bench.window.trigger("desk.language")
    bench.run()
    assert pane.banner.state.text() == "未完成 · 未审核"
    assert pane.banner.name.text() == "欧阳晓东  Ouyang Xiaodong"
    assert "该图像不在此影像中" in words(pane)
    assert "右胫骨近段骨折。" in words(pane)
    bench.window.trigger("desk.language")


def test_no_file_or_decoder_is_called_on_the_main_thread(make_bench, tmp_path, monkeypatch):
    write(tmp_path / "film", encapsulated(pdf(["tibia"], pages=3)), knee_report(number=2))
    bench = make_bench()
    with watching(monkeypatch) as watch:
        bench.desk.open_path(str(tmp_path / "film"))
        bench.until(lambda: bench.session.films.value and bench.desk.is_settled)
        pane = unfold(bench)
        pane.show_report(bench.session.films.value[0].reports[1].report_id)
        bench.until(lambda: bench.desk.is_settled)
        pane.tools.search.field.setText("tibia")
        bench.run(0.5)
    assert not watch.on_main, watch.told()


def test_everything_in_the_pane_has_a_name_for_screen_readers(opened):
    from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton

    pane = unfold(opened(encapsulated(pdf(["x"]))))
    for kind in (QToolButton, QLineEdit, QComboBox):
        for widget in pane.findChildren(kind):
            if widget.isVisible() and widget.parent() is not pane.tools.search.field:
                assert widget.accessibleName(), widget
    assert pane.text.accessibleName()
    assert pane.pages.accessibleName()


def test_a_drag_moves_the_paper(opened):
    bench = opened(encapsulated(pdf(["x"], pages=4)))
    pane = unfold(bench)
    view = pane.pages.viewport()
    bench.press(view, 100, 300)
    bench.move(view, 100, 100)
    bench.release(view, 100, 100)
    assert pane.pages.verticalScrollBar().value() == 200
