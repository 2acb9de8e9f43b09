"""Pictures with codes as a clinic makes them: turned, blurred, squeezed, aslant, off a monitor, several at once."""

from __future__ import annotations

import cv2
import numpy as np
import qrcode

LINK = "https://cloud.example.cn/link/Ab3dEf0123456789xyZ{n:04d}/viewer?StudyInstanceUIDs=2.25.7001000{n}"
TEXTS = (
    LINK,
    "cloudfilm:open?source=Province&study=2.25.71{n}&token=t0ken-{n:06d}",
    "https://film.example/callscan/3301/AbC%2F{n}/1763712000",
    "1.2.840.113619.2.55.3.{n}.7",
    "CT2026{n:06d}",
)


def text_of(number: int) -> str:
    return TEXTS[number % len(TEXTS)].format(n=number)


def qr(text: str | bytes, module_px: int = 6, level: str = "M") -> np.ndarray:
    """A QR code with its quiet zone of four modules, (rows, columns) uint8."""
    levels = {"L": 1, "M": 0, "Q": 3, "H": 2}
    made = qrcode.QRCode(box_size=module_px, border=4, error_correction=levels[level])
    made.add_data(text)
    made.make(fit=True)
    return np.array(made.make_image().convert("L"))


def on_desk(code: np.ndarray, rng: np.random.Generator, margin: int = 60) -> np.ndarray:
    """The code on a grained background."""
    rows, columns = code.shape[0] + 2 * margin, code.shape[1] + 2 * margin
    coarse = rng.integers(90, 200, (rows // 24 + 2, columns // 24 + 2)).astype(np.uint8)
    desk = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    desk[margin:-margin, margin:-margin] = code
    return desk


def turned(code: np.ndarray, degrees: float) -> np.ndarray:
    rows, columns = code.shape
    side = int(np.hypot(rows, columns)) + 20
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    turn[:, 2] += (side - columns) / 2, (side - rows) / 2
    return cv2.warpAffine(code, turn, (side, side), borderValue=255, flags=cv2.INTER_AREA)


def blurred(code: np.ndarray, sigma: float) -> np.ndarray:
    return cv2.GaussianBlur(code, (0, 0), sigma)


def squeezed(picture: np.ndarray, quality: int = 20) -> np.ndarray:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)


def aslant(code: np.ndarray, rng: np.random.Generator, share: float = 0.18) -> np.ndarray:
    """Seen from the side: each corner moves inwards by up to `share` of the side."""
    rows, columns = code.shape
    corners = np.float32([[0, 0], [columns, 0], [columns, rows], [0, rows]])
    inwards = np.float32([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * rng.uniform(0, share, (4, 2)) * (columns, rows)
    seen = cv2.getPerspectiveTransform(corners, (corners + inwards + 20).astype(np.float32))
    return cv2.warpPerspective(code, seen, (columns + 40, rows + 40), borderValue=235, flags=cv2.INTER_AREA)


def faint(code: np.ndarray, low: int = 105, high: int = 145) -> np.ndarray:
    return (low + code.astype(np.float32) / 255 * (high - low)).astype(np.uint8)


def off_a_monitor(code: np.ndarray, rng: np.random.Generator, pitch: float = 3.3) -> np.ndarray:
    """Through the grid of a screen: stripes of the pixel raster beating with the camera's, and noise."""
    rows, columns = np.mgrid[: code.shape[0], : code.shape[1]].astype(np.float32)
    angle = rng.uniform(0.02, 0.12)
    stripes = np.sin(2 * np.pi * (columns * np.cos(angle) + rows * np.sin(angle)) / pitch)
    beat = np.sin(2 * np.pi * (columns * 0.021 + rows * 0.013))
    seen = code * 0.6 + 45 + 22 * stripes * rng.uniform(0.5, 2.5) + 14 * beat + rng.normal(0, 6, code.shape)
    return np.clip(seen, 0, 255).astype(np.uint8)


def unevenly_lit(code: np.ndarray) -> np.ndarray:
    ramp = np.linspace(0.25, 1.0, code.shape[1], dtype=np.float32)
    return (code * ramp).astype(np.uint8)


def noisy(code: np.ndarray, rng: np.random.Generator, sigma: float) -> np.ndarray:
    return np.clip(code + rng.normal(0, sigma, code.shape), 0, 255).astype(np.uint8)


def photograph(codes: list[np.ndarray], rng: np.random.Generator, rows: int = 3000, columns: int = 4000) -> np.ndarray:
    """A 12-megapixel photograph of sheets with codes lying about, out of focus by a pixel, with the sensor's noise."""
    coarse = rng.integers(40, 220, (rows // 40, columns // 40)).astype(np.uint8)
    scene = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    step = columns // len(codes)
    for number, code in enumerate(codes):
        seen = aslant(code, rng, 0.1)
        top = int(rng.integers(0, rows - seen.shape[0]))
        left = number * step + int(rng.integers(0, max(1, step - seen.shape[1])))
        scene[top : top + seen.shape[0], left : left + seen.shape[1]] = seen * 0.75 + 20
    return noisy(cv2.GaussianBlur(scene, (0, 0), 1.1), rng, 5)


def handled(code: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """All of it: aslant, turned, out of focus, noisy, sent on by a messenger."""
    seen = blurred(turned(aslant(code, rng), rng.uniform(0, 360)), rng.uniform(0.8, 2.5))
    return squeezed(noisy(seen, rng, 8), 20)


def one_of(kind: str, number: int) -> tuple[np.ndarray, str]:
    """A picture of a kind, made from a number alone, and the text in it."""
    rng = np.random.default_rng([number, len(kind), ord(kind[0])])
    text = text_of(number)
    module = int(rng.integers(3, 9))
    code = qr(text, module, "LMQH"[number % 4])
    small = dict.fromkeys(("fx", "fy"), rng.uniform(1.2, 3.0) / module)  # pixels a module
    made = {
        "turned": lambda: turned(on_desk(code, rng, 30), number * 37 % 360),
        "blurred": lambda: blurred(on_desk(code, rng), module * rng.uniform(0.2, 0.95)),
        "squeezed": lambda: squeezed(on_desk(code, rng), 20),
        "aslant": lambda: aslant(code, rng),
        "inverted": lambda: 255 - code,
        "faint": lambda: noisy(faint(code, 112, 112 + int(rng.integers(8, 40))), rng, 3),
        "monitor": lambda: off_a_monitor(cv2.resize(code, None, fx=1.5, fy=1.5), rng),
        "uneven": lambda: unevenly_lit(on_desk(code, rng)),
        "noisy": lambda: noisy(on_desk(code, rng), rng, rng.uniform(10, 110)),
        "all at once": lambda: handled(code, rng),
        "small": lambda: cv2.resize(code, None, **small, interpolation=cv2.INTER_AREA),
    }  # fmt: skip
    return made[kind](), text


KINDS = ("turned", "blurred", "squeezed", "aslant", "inverted", "faint", "monitor", "uneven", "noisy", "all at once",
         "small")  # fmt: skip
