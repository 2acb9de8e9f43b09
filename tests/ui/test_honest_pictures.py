"""What leaves the program as a picture says what it is; and a state's true size on the glass, through the window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydicom.dataset import Dataset
from PySide6.QtCore import QRectF

from tests.oracles.test_presentation_states import state_for
from tests.phantoms import DX_STUDY, ct_stack, part10, radiograph, write_study
from tests.ui.test_monitors import declare, fit_for_diagnosis
from workstation.ui.deeds import picture
from workstation.ui.overlay_painter import OverlayPainter
from workstation.viewing.honesty import Mark
from workstation.viewing.overlay import Corner


@pytest.fixture
def primitives(monkeypatch):
    """What the painter was last given, and the boxes of the chips that it drew."""
    told = {"given": [], "boxes": []}
    draw, chip = OverlayPainter.draw, OverlayPainter._chip

    def drawn(self, given, **keywords):
        told["given"], told["boxes"] = list(given), []
        draw(self, given, **keywords)

    def chipped(self, mark, x, y, metrics):
        width = chip(self, mark, x, y, metrics)
        told["boxes"].append((mark.text, QRectF(x, y, width, metrics.height() + 4)))
        return width

    monkeypatch.setattr(OverlayPainter, "draw", drawn)
    monkeypatch.setattr(OverlayPainter, "_chip", chipped)
    return told


def marks(told):
    return [one.text for one in told["given"] if isinstance(one, Mark)]


def lines(told):
    return next(one.lines for one in told["given"] if isinstance(one, Corner) and one.corner == "bottom-left")


def test_a_picture_that_leaves_the_program_is_not_for_diagnosis_whatever_the_monitor(bench, primitives):
    bench.open(DX_STUDY)
    fit_for_diagnosis(bench)
    bench.viewport().grab()
    assert "Not for diagnosis" not in marks(primitives)
    picture(bench.window)
    assert "Not for diagnosis" in marks(primitives)
    bench.viewport().grab()
    assert "Not for diagnosis" not in marks(primitives)


def test_a_copy_does_not_claim_life_size(bench, primitives):
    bench.open()
    declare(bench, pixel_mm=(0.25, 0.25))
    bench.window.trigger("view.life_size")
    bench.run()
    assert "Life size" in lines(primitives)
    scale = bench.viewport().plan().projection.scale
    picture(bench.window)
    assert "Life size" not in lines(primitives)
    assert bench.viewport().plan().projection.scale == scale


@pytest.fixture
def one_application(qapp, monkeypatch):
    monkeypatch.setattr("workstation.cli.annotated._app", [qapp])


def burned_in(data, size, primitives):
    from workstation.cli.annotated import annotated_png
    from workstation.workers.pool import WorkerPool

    with WorkerPool(1) as pool:
        annotated_png(data, pool, frame=1, voi=None, size=size, language="en")
    return primitives


@pytest.mark.parametrize("size", [(160, 120), (240, 180), (800, 600)])
def test_a_rendered_picture_carries_side_and_marks_at_any_size(one_application, primitives, size):
    made = radiograph((300, 200))
    made.Laterality, made.LossyImageCompression, made.LossyImageCompressionRatio = "L", "01", 10
    made.ImageType, made.BurnedInAnnotation = ["DERIVED", "PRIMARY"], "YES"
    told = burned_in(part10(made), size, primitives)
    assert marks(told) == [
        "Side contradictory: right / left", "Not calibrated", "Not for diagnosis", "DEMO", "LOSSY 10:1",
        "Text in the picture", "Derived",
    ]  # fmt: skip
    words = [text for text, _ in told["boxes"]]
    hidden = len(marks(told)) - len([text for text in words if not text.startswith("+")])
    assert hidden == (int(words[-1][1:]) if words[-1].startswith("+") else 0)
    if size == (800, 600):
        assert words[:4] == marks(told)[:4]
    for _, box in told["boxes"]:
        assert box.left() >= 0
        assert box.right() <= size[0]


def test_a_rendered_picture_has_the_side_in_its_words(one_application, primitives):
    burned_in(part10(radiograph()), (400, 300), primitives)
    assert [one.headline for one in primitives["given"] if isinstance(one, Corner) and one.headline] == [
        "Right knee, AP"
    ]


def test_a_true_size_state_follows_the_monitor_and_says_where_it_cannot(make_bench, tmp_path, primitives):
    images = ct_stack(3, spacing_mm=(0.5, 0.5))
    area = Dataset()
    area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = [1, 1], [128, 96]
    area.PresentationSizeMode, area.PresentationPixelSpacing = "TRUE SIZE", [0.5, 0.5]
    made = state_for(images[0], DisplayedAreaSelectionSequence=[area], ContentLabel="TRUE")
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "IssuerOfPatientID",
                    "SpecificCharacterSet"):  # fmt: skip
        setattr(made, keyword, images[0][keyword].value)
    bench = make_bench()
    bench.desk.open_path(str(write_study(tmp_path / "film", [*images, made])))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.session.films.value[0].states)
    viewport = bench.session.active_viewport
    viewport.go_to(0)
    bench.until(lambda: bench.session.films.value[0].states_for(viewport.state.key))
    viewport.apply(bench.session.films.value[0].states_for(viewport.state.key)[0])
    bench.run(0.1)
    assert "Not true size" in marks(primitives)
    assert any("shown to fit" in line for line in lines(primitives))
    declare(bench, pixel_mm=(0.25, 0.25))
    bench.viewport().grab()
    assert bench.viewport().plan().projection.scale == pytest.approx(0.5 / 0.25)
    assert "Not true size" not in marks(primitives)
    assert "Life size" in lines(primitives)
    viewport.set_view(replace(viewport.state.view, scale=1.0))
    bench.run()
    assert "50 % of life size" in lines(primitives)
    bench.window.trigger("view.fit")
    bench.run()
    assert bench.viewport().plan().projection.scale > 2.5
