"""Pages of reports from a worker: what is drawn and found, and what hostile documents cost."""

from __future__ import annotations

import subprocess
from shutil import which

import numpy as np
import pytest

from tests.documents import pdf, raw_pdf, stream
from workstation.errors import DecodeError, DicomError
from workstation.tasks import CancelToken
from workstation.workers.documents import find, layout_of, page_picture, page_text
from workstation.workers.limits import Limits
from workstation.workers.pages import MAX_PAGES
from workstation.workers.pool import WorkerPool

POPPLER = pytest.mark.skipif(which("pdftotext") is None, reason="poppler-utils is not installed")
CATALOGUE, PAGES = "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def one_page(content: str, *more: str, box: str = "0 0 200 100", page: str = "", catalogue: str = CATALOGUE) -> bytes:
    head = f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R {page} >>"
    return raw_pdf(catalogue, PAGES, head, stream(content), *more)


def poppler(form: str, path: object) -> str:
    """What pdftotext reads."""
    return subprocess.run(["pdftotext", form, str(path), "-"], capture_output=True, text=True, check=True).stdout


def test_pages_and_their_sizes_in_points(worker_pool):
    layout = layout_of(worker_pool, pdf(["one"], pages=3))
    assert layout.count == 3
    assert np.allclose(layout.sizes, [(595.2756, 841.8898)] * 3, atol=0.01)  # ISO 216 A4 in points


def test_a_page_is_drawn_at_the_size_that_is_asked_for(worker_pool):
    # a black square, 20 to 40 points from the left, 10 to 30 from the top
    data = one_page("0 0 0 rg 20 70 20 20 re f")
    pixels = page_picture(worker_pool, data, 0, (400, 200))
    assert pixels.shape == (200, 400, 4)
    assert not pixels.flags.writeable
    dark = np.argwhere(pixels[..., 0] < 128)
    assert dark.min(axis=0).tolist() == [20, 40]
    assert dark.max(axis=0).tolist() == [59, 79]


@pytest.mark.parametrize("more", range(5))
def test_colours_come_as_blue_green_red_however_long_the_document_is(worker_pool, more):
    """PDFium ends the process when pixels begin at an address that is no multiple of four."""
    data = one_page("1 0 0 rg 0 0 200 100 re f") + b"\n" * more
    pixels = page_picture(worker_pool, data, 0, (20, 10))
    assert pixels[5, 10, :3].tolist() == [0, 0, 255]


def test_a_page_turned_by_the_document_is_turned(worker_pool):
    data = one_page("0 0 0 rg 0 80 20 20 re f", page="/Rotate 90")
    assert layout_of(worker_pool, data).sizes == ((100.0, 200.0),)
    pixels = page_picture(worker_pool, data, 0, (100, 200))
    dark = np.argwhere(pixels[..., 0] < 128)  # top left goes to top right (ISO 32000-1 table 30: clockwise)
    assert dark.min(axis=0).tolist() == [0, 80]


@POPPLER
def test_text_and_its_places_agree_with_another_reader(worker_pool, tmp_path):
    data = pdf(["Right tibia fracture", "Follow up 2026-09-14"])
    (tmp_path / "a.pdf").write_bytes(data)
    told = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "a.pdf"), "-"], capture_output=True, text=True, check=True
    )
    text = page_text(worker_pool, data, 0)
    for word in ("tibia", "2026-09-14"):
        line = next(line for line in told.stdout.splitlines() if f">{word}<" in line)
        left, top, right, bottom = (float(part.split('"')[1]) for part in line.split()[1:5])
        (hit,) = find(text, 0, word)
        (box,) = hit.boxes
        assert box[0] == pytest.approx(left, abs=1)
        assert box[2] == pytest.approx(right, abs=1)
        assert box[1] == pytest.approx(top, abs=4)  # how high a line is, readers decide for themselves
        assert box[3] == pytest.approx(bottom, abs=4)


@POPPLER
def test_the_sample_report_reads_as_another_reader_reads_it(worker_pool):
    from workstation.locations import resources

    path = resources() / "demo" / "reports" / "knee-ct-current.pdf"
    for page, words in enumerate(poppler("-raw", path).split("\f")[:2]):
        ours = page_text(worker_pool, path.read_bytes(), page).text
        assert "".join(ours.split()) == "".join(words.split())


def test_words_are_found_across_lines_whatever_their_case_and_radicals(worker_pool):
    data = pdf(["Fractura ti", "BIA recens"])
    (hit,) = find(page_text(worker_pool, data, 0), 0, "tibia")
    assert len(hit.boxes) == 2
    assert hit.boxes[0][1] < hit.boxes[1][1]
    from workstation.workers.documents import PageText

    radicals = PageText(np.array([0x2F70, 0x2EE3, 0x2F00], np.uint32), np.ones((3, 4), np.float32))
    assert len(find(radicals, 0, "示骨一")) == 1  # Unicode: KANGXI RADICAL SPIRIT, CJK RADICAL BONE, KANGXI RADICAL ONE


def test_a_document_under_a_password_says_so(worker_pool):
    from reportlab.lib.pdfencrypt import StandardEncryption

    data = pdf(["secret"], encrypt=StandardEncryption("user", "owner", strength=128))
    with pytest.raises(DecodeError) as caught:
        layout_of(worker_pool, data)
    assert caught.value.code == "document-locked"


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\nnothing", b"no document", pdf(["x"])[:300], b"%PDF-1.4" + b"\xff" * 5000]
)
def test_damaged_documents_say_so(worker_pool, data):
    with pytest.raises(DecodeError) as caught:
        layout_of(worker_pool, data)
    assert caught.value.code == "document-damaged"


def test_a_page_that_is_not_there_is_refused(worker_pool):
    for page in (1, 10**9):
        with pytest.raises(DecodeError):
            page_picture(worker_pool, pdf(["x"]), page, (10, 10))


def test_scripts_actions_and_attachments_do_nothing(worker_pool, tmp_path):
    """Opening and drawing runs no script, starts no program and reads no file (ISO 32000-1 12.6)."""
    witness = tmp_path / "run"
    catalogue = (
        "<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R /AA << /WC 5 0 R >> "
        "/Names << /JavaScript << /Names [(a) 5 0 R] >> >> /AcroForm << /Fields [6 0 R] /XFA (x) >> >>"
    )
    script = f"<< /S /JavaScript /JS (app.launchURL\\('file://{witness}'\\); while\\(true\\){{}}) /Next 7 0 R >>"
    field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (t) /V (v) /Rect [0 0 10 10] /AA << /C 5 0 R /F 5 0 R >> >>"
    launch = f"<< /S /Launch /F (/bin/touch) /Unix << /F (/bin/touch) /P ({witness}) >> >>"
    data = one_page("0 0 0 rg 20 70 20 20 re f", script, field, launch, page="/Annots [6 0 R] /AA << /O 5 0 R >>",
                    catalogue=catalogue)  # fmt: skip
    assert layout_of(worker_pool, data).count == 1
    assert page_picture(worker_pool, data, 0, (200, 100))[..., 0].min() == 0
    assert not witness.exists()


def test_a_stamp_on_a_page_is_drawn(worker_pool):
    form = stream("0 0 0 rg 0 0 40 40 re f", "/Type /XObject /Subtype /Form /BBox [0 0 40 40]")
    stamp = "<< /Type /Annot /Subtype /Stamp /Rect [0 0 40 40] /F 4 /AP << /N 5 0 R >> >>"
    pixels = page_picture(worker_pool, one_page("", form, stamp, page="/Annots [6 0 R]"), 0, (200, 100))
    assert pixels[99, 0, 0] == 0
    assert pixels[0, 100, 0] == 255


@pytest.mark.parametrize(
    ("box", "size"),
    [
        ("0 0 1000000000 1000000000", (14400.0, 14400.0)),
        ("0 0 0 0", None),
        ("10 10 -5 nan", None),
        ("0 0 0.001 5", None),
    ],
)
def test_a_page_of_a_mad_size_gets_one_that_can_be_drawn(worker_pool, box, size):
    ((width, height),) = layout_of(worker_pool, one_page("", box=box)).sizes
    assert 1 <= width <= 14400
    assert 1 <= height <= 14400
    assert size is None or (width, height) == size


def test_more_pixels_than_allowed_are_refused_before_anything_is_made(worker_pool):
    with pytest.raises(DicomError) as caught:
        page_picture(worker_pool, pdf(["x"]), 0, (20_000, 20_000))
    assert caught.value.code == "over-limit"


def test_a_page_tree_that_claims_a_million_pages_is_cut(worker_pool):
    kids = " ".join(["3 0 R"] * 5000)
    data = raw_pdf(CATALOGUE, f"<< /Type /Pages /Kids [{kids}] /Count 5000 >>",
                   "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>")  # fmt: skip
    layout = layout_of(worker_pool, data)
    assert len(layout.sizes) <= MAX_PAGES


def draws_itself() -> bytes:
    itself = "/Resources << /XObject << /X 5 0 R >> >>"
    inner = stream("/X Do /X Do /X Do", f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {itself}")
    return one_page("/X Do", inner, page=itself)


def bomb(levels: int = 14, width: int = 12) -> bytes:
    """Forms that draw the next form many times over: width to the power of levels."""
    forms = []
    for level in range(levels):
        words = "/X Do " * width if level < levels - 1 else "0 0 5 5 re f"
        forms.append(stream(words, f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
                                   f"/Resources << /XObject << /X {6 + level} 0 R >> >>"))  # fmt: skip
    return one_page("/X Do", *forms, page="/Resources << /XObject << /X 5 0 R >> >>")


@pytest.mark.parametrize("made", [bomb, draws_itself])
def test_a_page_that_never_ends_is_given_up_and_costs_one_job(made):
    with WorkerPool(1, limits=Limits(deadline_s=1.0)) as own:
        layout_of(own, pdf(["x"]))
        with pytest.raises(DecodeError) as caught:
            page_picture(own, made(), 0, (100, 100))
        assert caught.value.code == "document-failed"
        assert layout_of(own, pdf(["still"], pages=2)).count == 2


def test_an_image_that_unpacks_without_end_stays_within_its_memory():
    """A picture of 60,000 x 60,000 RGB in a stream of a few bytes."""
    picture = stream("x", "/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 "
                          "/ColorSpace /DeviceRGB /Filter /RunLengthDecode")  # fmt: skip
    data = one_page("200 0 0 100 0 0 cm /I Do", picture, page="/Resources << /XObject << /I 5 0 R >> >>")
    with WorkerPool(1, limits=Limits(deadline_s=5.0)) as own:
        try:
            assert page_picture(own, data, 0, (200, 100)).shape == (100, 200, 4)
        except DecodeError as error:
            assert error.code == "document-failed"
        assert layout_of(own, pdf(["still"])).count == 1


def test_a_called_off_page_is_called_off():
    from workstation.errors import Cancelled

    token = CancelToken()
    token.cancel()
    with WorkerPool(1) as own, pytest.raises(Cancelled):
        layout_of(own, pdf(["x"]), token)
