"""Make resources/selftest: one small instance a transfer syntax, a QR code, a PDF page. Run by hand, rarely.

The picture is the ramp that `workstation.selftest.ramp` gives; encoders are those of imagecodecs and pydicom.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import imagecodecs
import qrcode
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import get_encoder
from pydicom.uid import RLELossless

from workstation.selftest import CODE_TEXT, PAGE_TEXT, SIDE, SYNTAXES, ramp

if TYPE_CHECKING:
    import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "selftest"
JPEG_XL, HTJ2K = "1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.201"
_LOSSLESS_JPEG = {"1.2.840.10008.1.2.4.57": 2, "1.2.840.10008.1.2.4.70": 1}


def encoded(syntax: str, picture: np.ndarray) -> bytes:
    """The picture as a codestream."""
    if syntax == RLELossless:
        made = get_encoder(RLELossless).encode(
            picture, rows=SIDE, columns=SIDE, samples_per_pixel=1, bits_allocated=picture.itemsize * 8, bits_stored=12,
            pixel_representation=0, photometric_interpretation="MONOCHROME2", number_of_frames=1)  # fmt: skip
        return bytes(made)
    if syntax in _LOSSLESS_JPEG:
        return imagecodecs.jpeg8_encode(picture, lossless=True, predictor=_LOSSLESS_JPEG[syntax], bitspersample=12)
    if syntax == "1.2.840.10008.1.2.4.50":
        return imagecodecs.jpeg8_encode(picture, level=95)
    if syntax == "1.2.840.10008.1.2.4.51":
        return imagecodecs.jpeg8_encode(picture, level=95, bitspersample=12)
    if syntax.startswith("1.2.840.10008.1.2.4.8"):
        return imagecodecs.jpegls_encode(picture, level=2 if syntax.endswith("81") else 0)
    if syntax.startswith("1.2.840.10008.1.2.4.9"):
        level = 90 if syntax.endswith("91") else 0
        return imagecodecs.jpeg2k_encode(picture, level=level, codecformat="j2k", reversible=level == 0)
    if syntax == "1.2.840.10008.1.2.4.201":
        return imagecodecs.htj2k_encode(picture, reversible=True)
    return imagecodecs.jpegxl_encode(picture, lossless=True)


def instance(syntax: str) -> bytes:
    """A Part 10 file of the ramp."""
    bits = SYNTAXES[syntax].bits
    picture = ramp(bits)
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", f"2.25.{zlib.crc32(syntax.encode())}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "2.25.1", "2.25.2"
    dataset.PatientID, dataset.PatientName, dataset.Modality = "DEMO-SELFTEST", "Self^Test", "OT"
    dataset.Rows = dataset.Columns = SIDE
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = (16, bits, bits - 1) if bits > 8 else (8, 8, 7)
    dataset.PixelRepresentation = 0
    if SYNTAXES[syntax].is_encapsulated:
        dataset.PixelData = encapsulate([encoded(syntax, picture)])
        dataset["PixelData"].VR = "OB"
    else:
        big = syntax == "1.2.840.10008.1.2.2"
        dataset.PixelData = picture.astype(picture.dtype.newbyteorder(">" if big else "<")).tobytes()
        dataset["PixelData"].VR = "OW"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    path = FOLDER / f"{syntax}.dcm"
    if syntax == JPEG_XL:  # not yet known to pydicom's writer: written under a name of the same length, then renamed
        dataset.file_meta.TransferSyntaxUID = HTJ2K
    dataset.save_as(path, enforce_file_format=True)
    path.write_bytes(
        path.read_bytes().replace(HTJ2K.encode(), syntax.encode(), 1) if syntax == JPEG_XL else path.read_bytes()
    )
    return path.read_bytes()


def page() -> bytes:
    """A PDF of one page (ISO 32000-1 7.5): its left half black, a word in the right half."""
    drawing = f"0 g 0 0 50 100 re f BT /F 8 Tf 52 80 Td ({PAGE_TEXT}) Tj ET".encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table, len(made))  # fmt: skip


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for one in SYNTAXES:
        print(one, len(instance(one)))
    qrcode.make(CODE_TEXT.encode(), box_size=4).get_image().save(FOLDER / "code.png")
    (FOLDER / "page.pdf").write_bytes(page())
