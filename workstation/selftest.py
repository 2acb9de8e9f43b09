"""Proves an installed copy: resources, languages, workers with each codec and parser, sign-in, key store, OpenGL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from workstation.archive.sign_in import SpnegoConversation
from workstation.dicom.frames import decode_frame
from workstation.dicom.part10 import read_part10
from workstation.dicom.pixels import FrameKey
from workstation.errors import WorkstationError
from workstation.locations import resources
from workstation.reference import Secret
from workstation.rendering.opengl_probe import probe_in_child
from workstation.station.diagnostics import Check, Outcome, Verdict
from workstation.station.vault import Vault
from workstation.ui.glyphs import RARE, missing
from workstation.ui.language import Language, tr
from workstation.workers.documents import page_picture, page_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from PySide6.QtCore import QCoreApplication

    from workstation.workers.pool import WorkerPool

SIDE: Final = 32
CODE_TEXT: Final = "cloudfilm self-test 影像"
PAGE_TEXT: Final = "SELF-TEST"
_ICON_COUNT: Final = 10


@dataclass(frozen=True, slots=True)
class Syntax:
    """How the self-test's picture is stored in one transfer syntax; `tolerance` in stored values."""

    bits: int = 12
    is_encapsulated: bool = True
    tolerance: int = 0


SYNTAXES: Final[dict[str, Syntax]] = {
    "1.2.840.10008.1.2": Syntax(is_encapsulated=False),
    "1.2.840.10008.1.2.1": Syntax(is_encapsulated=False),
    "1.2.840.10008.1.2.2": Syntax(is_encapsulated=False),
    "1.2.840.10008.1.2.1.99": Syntax(is_encapsulated=False),
    "1.2.840.10008.1.2.5": Syntax(),
    "1.2.840.10008.1.2.4.50": Syntax(bits=8, tolerance=6),
    "1.2.840.10008.1.2.4.51": Syntax(tolerance=60),
    "1.2.840.10008.1.2.4.57": Syntax(),
    "1.2.840.10008.1.2.4.70": Syntax(),
    "1.2.840.10008.1.2.4.80": Syntax(),
    "1.2.840.10008.1.2.4.81": Syntax(tolerance=2),
    "1.2.840.10008.1.2.4.90": Syntax(),
    "1.2.840.10008.1.2.4.91": Syntax(tolerance=20),
    "1.2.840.10008.1.2.4.201": Syntax(),
    "1.2.840.10008.1.2.4.110": Syntax(),
}


def ramp(bits: int) -> NDArray[Any]:
    """The picture every test instance holds: a slope along the columns, a smaller one along the rows."""
    row, column = np.mgrid[0:SIDE, 0:SIDE]
    values = column * ((1 << bits) - 1) // (SIDE + 8) + row * (1 << bits) // (SIDE * 8)
    return np.asarray(values, np.uint8 if bits <= 8 else np.uint16)


def checks(pool: WorkerPool, app: QCoreApplication) -> Iterator[Check]:
    """Everything that is tested, in order."""
    yield Check("resources", _resources)
    yield Check("languages", lambda: _languages(app))
    yield Check("rare characters", _rare_characters)
    for syntax in SYNTAXES:
        yield Check(f"decode {syntax}", lambda syntax=syntax: _decodes(syntax, pool))  # type: ignore[misc]
    yield Check("QR code", lambda: _reads_code(pool))
    yield Check("PDF page", lambda: _draws_page(pool))
    yield Check("proxy script", lambda: _runs_script(pool))
    yield Check("proxy sign-in", _signs_in)
    yield Check("key store", _key_store)
    yield Check("OpenGL", opengl)


def _resources() -> Verdict:
    icons = len(list((resources() / "icons").glob("*.svg")))
    return Verdict(Outcome.GOOD if icons >= _ICON_COUNT else Outcome.BAD, f"{icons} icons")


def _languages(app: QCoreApplication) -> Verdict:
    language = Language(app)
    before = "zh" if tr("Open a film") != "Open a film" else "en"
    found = {}
    for code in ("zh", "en"):
        language.set(code)
        found[code] = tr("Open a film")
    language.set(before)
    is_good = found["en"] == "Open a film" and found["zh"] not in ("", "Open a film")
    return Verdict(Outcome.GOOD if is_good else Outcome.BAD, " / ".join(found.values()))


def _rare_characters() -> Verdict:
    lost = missing(RARE)
    if lost:
        codes = " ".join(f"U+{ord(char):04X}" for char in lost)
        return Verdict(
            Outcome.WARNING, tr("no font has {codes}: install a font for rare Chinese characters", codes=codes)
        )
    return Verdict(Outcome.GOOD, RARE)


def _decodes(syntax: str, pool: WorkerPool) -> Verdict:
    try:
        part10 = read_part10((resources() / "selftest" / f"{syntax}.dcm").read_bytes())
        part10.check_complete()
        frame = decode_frame(part10, 1, FrameKey("2.25.1", "2.25.2", "2.25.3", 1), pool)
    except (WorkstationError, OSError) as error:
        return Verdict(Outcome.BAD, str(error))
    expected = ramp(SYNTAXES[syntax].bits)
    if frame.values.shape != expected.shape:
        return Verdict(Outcome.BAD, f"shape {frame.values.shape}")
    worst = int(np.abs(frame.values.astype(np.int64) - expected).max())
    is_good = worst <= SYNTAXES[syntax].tolerance
    return Verdict(Outcome.GOOD if is_good else Outcome.BAD, f"largest difference {worst}")


def _reads_code(pool: WorkerPool) -> Verdict:
    try:
        found = pool.codes((resources() / "selftest" / "code.png").read_bytes())
    except (WorkstationError, OSError) as error:
        return Verdict(Outcome.BAD, str(error))
    texts = [code.text for code in found]
    return Verdict(Outcome.GOOD if texts == [CODE_TEXT] else Outcome.BAD, f"{len(texts)}")


def _draws_page(pool: WorkerPool) -> Verdict:
    """The page is 100 by 100 points: black on its left half, white on its right, with a word of text."""
    try:
        pdf = (resources() / "selftest" / "page.pdf").read_bytes()
        paper = page_picture(pool, pdf, 0, (100, 100))[..., :3]
        text = page_text(pool, pdf, 0).text
    except (WorkstationError, OSError) as error:
        return Verdict(Outcome.BAD, str(error))
    is_good = not paper[:, :48].any() and bool((paper[50:, 52:] == 255).all()) and PAGE_TEXT in text
    return Verdict(Outcome.GOOD if is_good else Outcome.BAD)


def _runs_script(pool: WorkerPool) -> Verdict:
    script = "function FindProxyForURL(url, host) { return isPlainHostName(host) ? 'DIRECT' : 'PROXY 127.0.0.1:9'; }"
    try:
        answers = [pool.proxy_for(script, f"https://{host}/", host) for host in ("ward", "cloud.example")]
    except WorkstationError as error:
        return Verdict(Outcome.BAD, str(error))
    return Verdict(Outcome.GOOD if answers == ["DIRECT", "PROXY 127.0.0.1:9"] else Outcome.BAD)


def _signs_in() -> Verdict:
    """NTLM's first token begins with its name (MS-NLMP 2.2.1.1); its library is found at run time alone."""
    try:
        header = SpnegoConversation("ntlm", "SELF\\test", Secret("self-test"), "127.0.0.1").header("")
    except LookupError as error:
        return Verdict(Outcome.BAD, str(error))
    return Verdict(Outcome.GOOD if (header or "").startswith("NTLM TlRMTVNTUAABAAAA") else Outcome.BAD, "NTLM")


def _key_store() -> Verdict:
    name = Vault().key_store_name()
    return Verdict(Outcome.GOOD if name else Outcome.WARNING, name or tr("none: passwords are kept in memory only"))


def opengl() -> Verdict:
    """Whether 3D can be drawn here; in a child process, so that a broken driver costs nothing."""
    found = probe_in_child()
    if not found.works:
        return Verdict(Outcome.WARNING, tr("3D is off: {reason}", reason=found.reason))
    kind = tr("software") if found.is_software else tr("graphics card")
    return Verdict(Outcome.GOOD, f"{found.renderer} ({kind})")
