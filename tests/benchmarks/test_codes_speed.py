"""A 12-megapixel photograph of a QR code, beside the bare call of the library on the same array."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from tests.workers import code_pictures as made


@pytest.mark.parametrize("given", ["pixels", "jpeg"])
def test_a_photograph_of_twelve_megapixels(pair, worker_pool, given):
    photograph = made.photograph([made.qr(made.text_of(0), 12)], np.random.default_rng(12))
    _, data = cv2.imencode(".jpg", cv2.cvtColor(photograph, cv2.COLOR_GRAY2BGR), [cv2.IMWRITE_JPEG_QUALITY, 88])
    file = data.tobytes()
    picture = file if given == "jpeg" else photograph
    assert [code.text for code in worker_pool.codes(picture)] == [made.text_of(0)]

    def bare():
        pixels = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_GRAYSCALE) if given == "jpeg" else photograph
        return zxingcpp.read_barcodes(pixels)

    pair.compare(f"codes_12_megapixels_{given}", lambda: worker_pool.codes(picture), bare, rounds=7)
