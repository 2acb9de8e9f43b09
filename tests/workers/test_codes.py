"""Codes in pictures: what is read, that nothing wrong is, and that no picture harms the program."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import zlib

import cv2
import numpy as np
import pytest
import zxingcpp
from PIL import Image

from tests.workers import code_pictures as made
from workstation.errors import Cancelled, DecodeError, LinkError
from workstation.tasks import CancelToken
from workstation.workers.codes import MOST_CODES, FoundCode, packed, unpacked
from workstation.workers.jobs.codes import codes_in


def texts(codes) -> set[str]:
    return {code.text for code in codes}


def others_read(picture: np.ndarray, folder) -> set[str]:
    """What three other readers see: ZBar, OpenCV and zxing-cpp called bare."""
    found = {code.text for code in zxingcpp.read_barcodes(picture)}
    is_there, read, _, _ = cv2.QRCodeDetector().detectAndDecodeMulti(picture)
    found |= set(read) if is_there else set()
    if shutil.which("zbarimg"):
        file = folder / "picture.png"
        cv2.imwrite(str(file), picture)
        run = subprocess.run(["zbarimg", "-q", "--raw", str(file)], capture_output=True, text=True, check=False)
        found |= set(run.stdout.splitlines())
    return found - {""}


def judge(numbers, folder) -> tuple[int, int, list, list]:
    """(readable, read of them, missed, wrong) over every kind of picture: readable is what any other reader reads."""
    readable = read = 0
    missed, wrong = [], []
    for kind in made.KINDS:
        for number in numbers:
            picture, text = made.one_of(kind, number)
            ours = texts(codes_in(picture))
            wrong += [(kind, number, one) for one in ours - {text}]
            if text in ours or text in others_read(picture, folder):
                readable += 1
                read += text in ours
                missed += [] if text in ours else [(kind, number)]
    return readable, read, missed, wrong


def test_a_hundred_pictures_of_codes_are_read_and_none_is_read_wrong(tmp_path):
    readable, read, missed, wrong = judge(range(10), tmp_path)
    assert readable >= 90
    assert not wrong
    assert read / readable >= 0.99, missed


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_thousands_of_pictures_of_codes_are_read_and_none_is_read_wrong(tmp_path):
    readable, read, missed, wrong = judge(range(1000, 1300), tmp_path)
    assert readable >= 2500
    assert not wrong
    assert read / readable >= 0.99, missed


@pytest.mark.parametrize("degrees", range(0, 360, 15))
def test_a_code_is_read_at_every_angle(degrees):
    text = made.text_of(degrees)
    assert texts(codes_in(made.turned(made.qr(text), degrees))) == {text}


def test_nothing_is_read_where_no_code_is():
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 256, (1200, 1600)).astype(np.uint8)
    stripes = np.tile((np.sin(np.arange(1600) * rng.uniform(0.2, 0.6)) * 127 + 128).astype(np.uint8), (900, 1))
    page = np.full((1200, 1600), 255, np.uint8)
    for row in range(60, 1150, 40):
        words = "".join(map(chr, rng.integers(48, 122, 60)))
        cv2.putText(page, words, (30, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
    for picture in (
        noise,
        cv2.GaussianBlur(noise, (0, 0), 3),
        stripes,
        page,
        made.photograph([made.faint(noise)], rng),
    ):
        assert codes_in(picture) == []


def test_several_codes_in_one_photograph_are_all_read(pool):
    rng = np.random.default_rng(9)
    wanted = [made.text_of(number) for number in range(4)]
    photograph = made.photograph([made.qr(text, 14) for text in wanted], rng)
    assert texts(pool.codes(photograph)) == set(wanted)
    _, data = cv2.imencode(".jpg", photograph, [cv2.IMWRITE_JPEG_QUALITY, 85])
    assert texts(pool.codes(data.tobytes())) == set(wanted)


def test_a_small_code_beside_a_large_one_is_not_passed_over(pool):
    rng = np.random.default_rng(10)
    large, small = made.text_of(11), made.text_of(12)
    photograph = made.photograph([made.qr(large, 20), made.qr(small, 3)], rng)
    bare = {code.text for code in zxingcpp.read_barcodes(photograph)}
    assert texts(pool.codes(photograph)) >= bare
    assert large in texts(pool.codes(photograph))


def test_corners_lie_on_the_code_clockwise_from_its_own_top_left(pool):
    code = made.qr("https://a.example/1", 8)
    picture = np.full((2400, 3200), 255, np.uint8)
    picture[1000 : 1000 + code.shape[0], 2000 : 2000 + code.shape[1]] = code
    (found,) = pool.codes(picture)
    low, high = 32, code.shape[0] - 32  # four modules of quiet zone
    expected = [(2000 + x, 1000 + y) for x, y in ((low, low), (high, low), (high, high), (low, high))]
    assert np.abs(np.array(found.corners) - expected).max() <= 8  # a module


SYMBOLS = {
    "QR": (zxingcpp.BarcodeFormat.QRCode, "https://cloud.example.cn/studies/1.2.3"),
    "Data Matrix": (zxingcpp.BarcodeFormat.DataMatrix, "https://cloud.example.cn/studies/1.2.3"),
    "Aztec": (zxingcpp.BarcodeFormat.Aztec, "https://cloud.example.cn/studies/1.2.3"),
    "PDF417": (zxingcpp.BarcodeFormat.PDF417, "https://cloud.example.cn/studies/1.2.3"),
    "Code 128": (zxingcpp.BarcodeFormat.Code128, "CT2026000123"),
    "Code 39": (zxingcpp.BarcodeFormat.Code39, "CT2026000123"),
}


def symbol(kind, text) -> np.ndarray:
    drawn = np.array(zxingcpp.create_barcode(text, kind).to_image(scale=4))
    return cv2.copyMakeBorder(drawn, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255)


@pytest.mark.parametrize("name", SYMBOLS)
def test_each_symbology_is_read_and_named(name):
    kind, text = SYMBOLS[name]
    (found,) = codes_in(symbol(kind, text))
    assert (found.text, found.symbology) == (text, name)


@pytest.mark.parametrize("kind", ["ITF", "Codabar", "EAN13", "DataBarOmni"])
def test_bar_codes_that_do_not_check_themselves_or_name_goods_are_no_codes_of_ours(kind):
    text = {"ITF": "12345678", "Codabar": "A123456B", "EAN13": "4006381333931", "DataBarOmni": "0950110153001"}[kind]
    drawn = symbol(getattr(zxingcpp.BarcodeFormat, kind), text)
    assert zxingcpp.read_barcodes(drawn)
    assert codes_in(drawn) == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_in_a_code_reads_as_it_was_meant(encoding):
    (found,) = codes_in(made.qr("影像号 CT2026 欧阳".encode(encoding)))
    assert found.text == "影像号 CT2026 欧阳"


def encoded(picture: np.ndarray, kind: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP", "TIFF"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_picture_file_of_each_kind_is_read(pool, kind, mode):
    text = made.text_of(3)
    picture = np.array(Image.fromarray(made.qr(text)).convert(mode))
    assert texts(pool.codes(encoded(picture, kind))) == {text}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_black_ink_on_nothing_is_read_as_on_paper(pool, kind):
    text = made.text_of(4)
    ink = np.zeros((*made.qr(text).shape, 4), np.uint8)
    ink[..., 3] = 255 - made.qr(text)
    data = io.BytesIO()
    Image.fromarray(ink, "RGBA").save(data, kind, **({"lossless": True} if kind == "WEBP" else {}))
    assert texts(pool.codes(data.getvalue())) == {text}


def test_a_deep_picture_is_read(pool):
    text = made.text_of(6)
    _, data = cv2.imencode(".png", made.qr(text).astype(np.uint16) * 257)
    assert texts(pool.codes(data.tobytes())) == {text}


def png_head(columns: int, rows: int) -> bytes:
    head = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    body = b"IHDR" + head
    packed_rows = zlib.compress(b"\0" * 1000)
    return (b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
            + struct.pack(">I", len(packed_rows)) + b"IDAT" + packed_rows
            + struct.pack(">I", zlib.crc32(b"IDAT" + packed_rows)))  # fmt: skip


BOMBS = {
    "png": png_head(2**31 - 1, 2**31 - 1),
    "png of a line": png_head(60_000_000, 1),
    "png of many": png_head(20_000, 20_000),
    "bmp": b"BM" + struct.pack("<IHHI", 0, 0, 0, 54) + struct.pack("<IiiHHI", 40, 40000, -40000, 1, 24, 0) + b"\0" * 99,
    "webp": b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0" + b"\xff\xff\xff" * 2 + b"\0" * 40,
    "tiff": b"II*\0\x08\0\0\0\x02\0" + struct.pack("<HHII", 256, 4, 1, 10**6) + struct.pack("<HHII", 257, 4, 1, 10**6),
    "jpeg": b"\xff\xd8\xff\xc0\0\x0b\x08" + struct.pack(">HH", 65535, 65535) + b"\x01\x01\x11\0" + b"\xff\xd9",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_picture_that_declares_more_than_is_read_is_refused_before_it_is_decoded(pool, name):
    workers = pool.process_ids
    with pytest.raises(LinkError) as refused:
        pool.codes(BOMBS[name])
    assert refused.value.code == "picture-too-large"
    assert pool.process_ids == workers


def test_too_many_bytes_or_pixels_never_reach_a_worker(pool):
    with pytest.raises(LinkError, match="picture-too-large"):
        pool.codes(np.zeros((8001, 8000), np.uint8))


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b"not one" * 9, b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"II*\0", b"RIFF....WEBP", b"GIF89a" * 9],
)
def test_what_is_no_picture_is_said_to_be_none(pool, data):
    with pytest.raises(LinkError) as refused:
        pool.codes(data)
    assert refused.value.code == "picture-unreadable"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP", "TIFF"])
def test_a_damaged_picture_is_refused_or_read_right(pool, kind):
    rng = np.random.default_rng(len(kind))
    text = made.text_of(8)
    whole = encoded(np.array(Image.fromarray(made.qr(text)).convert("RGB")), kind)
    for number in range(25):
        data = bytearray(whole[: int(rng.integers(1, len(whole)))] if number % 2 else whole)
        for at in rng.integers(0, len(data), 6):
            data[at] = int(rng.integers(0, 256))
        try:
            assert texts(pool.codes(bytes(data))) <= {text}
        except (LinkError, DecodeError) as error:
            assert error.code in ("picture-unreadable", "picture-too-large", "decoder-died")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_thousands_of_damaged_pictures_are_refused_or_read_right(pool):
    rng = np.random.default_rng(77)
    text = made.text_of(8)
    for kind in ("PNG", "JPEG", "BMP", "WEBP", "TIFF"):
        whole = encoded(np.array(Image.fromarray(made.qr(text)).convert("RGB")), kind)
        for number in range(600):
            data = bytearray(whole[: int(rng.integers(1, len(whole)))] if number % 3 == 0 else whole)
            for at in rng.integers(0, len(data), int(rng.integers(1, 12))):
                data[at] = int(rng.integers(0, 256))
            try:
                assert texts(pool.codes(bytes(data))) <= {text}
            except (LinkError, DecodeError) as error:
                assert error.code in ("picture-unreadable", "picture-too-large", "decoder-died", "decode-timeout")


def test_a_picture_of_one_pixel_or_none_holds_no_code(pool):
    assert pool.codes(np.zeros((1, 1), np.uint8)) == ()
    with pytest.raises(LinkError, match="picture-unreadable"):
        pool.codes(np.zeros((0, 0), np.uint8))


def test_a_called_off_picture_is_not_read(pool):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        pool.codes(made.qr("x" * 40), token)


def test_codes_cross_the_wall_unchanged_and_no_more_than_are_read():
    codes = [FoundCode("文字 \0 a", "QR", ((1, 2), (3, 4), (-5, 6), (7, 8)))] * (MOST_CODES + 3)
    block = packed(codes)
    assert unpacked(memoryview(block)) == tuple(codes[:MOST_CODES])
    for cut in (1, 20, len(block) - 1):
        with pytest.raises(ValueError, match=r".*"):
            unpacked(memoryview(block)[:cut])
