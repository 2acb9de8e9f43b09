"""`grayscale_of`: what a data set says of its grey scale and its look-up tables (PS3.3 C.11.1, C.11.2).

Apart from `grayscale`, so that who only shows pictures need not know data sets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from workstation.dicom.colour import supplemental_palette_of
from workstation.dicom.elements import items_of, number_of, numbers_of, text_of, texts_of, value_of, whole_number_of
from workstation.dicom.grayscale import Grayscale, ModalityTransform, VoiLut, Window
from workstation.dicom.lookup import LookupTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

_CT_STORAGE: Final = frozenset({"1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1"})
_XRAY_STORAGE: Final = frozenset({"1.2.840.10008.5.1.4.1.1.12.1", "1.2.840.10008.5.1.4.1.1.12.2"})
_FUNCTIONS: Final = frozenset({"LINEAR", "LINEAR_EXACT", "SIGMOID"})
_OFTEN_OVERSTATED_BITS = 16
_TRUE_BITS_THEN = 12


def grayscale_of(dataset: Dataset, frame: int = 1) -> Grayscale:
    """Read the grey scale of frame `frame` (from 1): of its functional groups where it has them, else of the image.

    References
    ----------
    PS3.3 C.7.6.16.2.9 (Pixel Value Transformation), C.7.6.16.2.10 (Frame VOI LUT).
    """
    is_signed = whole_number_of(dataset, "PixelRepresentation") == 1
    modality = _modality(dataset, frame, is_signed=is_signed)
    is_hounsfield = _is_hounsfield(dataset, modality)
    presentation = presentation_table_of(dataset)
    return Grayscale(
        modality=modality,
        voi_choices=_voi_choices(dataset, frame, modality, is_signed=is_signed),
        presentation=presentation,
        is_inverse=presentation is None and _is_inverse(dataset),
        padding=_padding(dataset, is_signed=is_signed),
        palette=supplemental_palette_of(dataset, is_signed=is_signed),
        is_signed=is_signed,
        is_hounsfield=is_hounsfield,
        unit="HU" if is_hounsfield else _unit(dataset, modality),
    )


def _groups(dataset: Dataset, frame: int, keyword: str) -> Iterator[Dataset]:
    """Where to look for a frame's attributes: its own functional group, the shared one, the image itself."""
    per_frame = items_of(dataset, "PerFrameFunctionalGroupsSequence")
    for group in (*per_frame[frame - 1 : frame], *items_of(dataset, "SharedFunctionalGroupsSequence")[:1]):
        yield from items_of(group, keyword)[:1]
    yield dataset


def _modality(dataset: Dataset, frame: int, *, is_signed: bool) -> ModalityTransform:
    if _is_for_measuring_only(dataset):
        return ModalityTransform()
    for item in items_of(dataset, "ModalityLUTSequence")[:1]:
        table = lookup_table_of(item, input_is_signed=is_signed)
        if table is not None:
            return ModalityTransform(table=table, rescale_type=text_of(item, "ModalityLUTType"))
    for group in _groups(dataset, frame, "PixelValueTransformationSequence"):
        slope, intercept = number_of(group, "RescaleSlope"), number_of(group, "RescaleIntercept")
        if slope or intercept is not None:  # a slope of 0 would make every value the same: taken as 1
            return ModalityTransform(slope or 1.0, intercept or 0.0, rescale_type=text_of(group, "RescaleType"))
    return ModalityTransform()


def _is_for_measuring_only(dataset: Dataset) -> bool:
    """X-ray angiography whose modality transform leads back to dose and not to the display (PS3.3 C.8.7.1.1.2)."""
    return text_of(dataset, "SOPClassUID") in _XRAY_STORAGE and text_of(dataset, "PixelIntensityRelationship") in (
        "LOG",
        "DISP",
    )


def _voi_choices(
    dataset: Dataset, frame: int, modality: ModalityTransform, *, is_signed: bool
) -> tuple[Window | VoiLut, ...]:
    offers = (tuple(_windows(group)) for group in _groups(dataset, frame, "FrameVOILUTSequence"))
    windows = next(filter(None, offers), ())
    can_be_negative = modality.table is None and (is_signed or modality.intercept < 0 or modality.slope < 0)
    tables = (
        VoiLut(table, text_of(item, "LUTExplanation"))
        for item in items_of(dataset, "VOILUTSequence")
        if (table := lookup_table_of(item, input_is_signed=can_be_negative)) is not None
    )
    return (*windows, *tables)


def _windows(group: Dataset) -> Iterator[Window]:
    function = text_of(group, "VOILUTFunction").upper()
    function = function if function in _FUNCTIONS else "LINEAR"
    explanations = texts_of(group, "WindowCenterWidthExplanation")
    pairs = zip(numbers_of(group, "WindowCenter"), numbers_of(group, "WindowWidth"), strict=False)
    for index, (center, width) in enumerate(pairs):
        if width > 0:  # writers leave 0 where they know no window
            yield Window(center, width, function, explanations[index] if index < len(explanations) else "")


def modality_of(dataset: Dataset) -> ModalityTransform:
    """The modality transformation that a presentation state brings: none where it has none (PS3.4 N.2.1.1)."""
    return _modality(dataset, 1, is_signed=False)


def voi_choices_of(item: Dataset) -> tuple[Window | VoiLut, ...]:
    """The windows and tables of an item of Softcopy VOI LUT Sequence (PS3.3 C.11.8)."""
    tables = (
        VoiLut(table, text_of(one, "LUTExplanation"))
        for one in items_of(item, "VOILUTSequence")
        if (table := lookup_table_of(one, input_is_signed=True)) is not None
    )
    return (*_windows(item), *tables)


def presentation_table_of(dataset: Dataset) -> LookupTable | None:
    """The Presentation LUT of an image or a presentation state, as a table; None for a shape (PS3.3 C.11.6)."""
    items = items_of(dataset, "PresentationLUTSequence")
    return lookup_table_of(items[0], input_is_signed=False) if items else None


def _is_inverse(dataset: Dataset) -> bool:
    """Presentation LUT Shape decides where there is one, also against the photometric interpretation (C.11.6.1)."""
    shape = text_of(dataset, "PresentationLUTShape").upper()
    if shape in ("IDENTITY", "INVERSE"):
        return shape == "INVERSE"
    return text_of(dataset, "PhotometricInterpretation").upper() == "MONOCHROME1"


def _padding(dataset: Dataset, *, is_signed: bool) -> tuple[float, float] | None:
    """Range of padding in stored values; the two values may come in either order and with the wrong VR."""
    for kind in ("Float", "DoubleFloat"):
        first, last = (
            number_of(dataset, f"{kind}PixelPaddingValue"),
            number_of(dataset, f"{kind}PixelPaddingRangeLimit"),
        )
        if first is not None:
            return min(first, first if last is None else last), max(first, first if last is None else last)
    values = [
        number
        for keyword in ("PixelPaddingValue", "PixelPaddingRangeLimit")
        if (number := whole_number_of(dataset, keyword)) is not None
    ]
    if not values or value_of(dataset, "PixelPaddingValue") is None:
        return None
    if (whole_number_of(dataset, "BitsAllocated") or 16) <= 16:
        values = [value & 0xFFFF for value in values]
        values = [value - 0x10000 if is_signed and value > 0x7FFF else value for value in values]
    return min(values), max(values)


def _is_hounsfield(dataset: Dataset, modality: ModalityTransform) -> bool:
    """PS3.3 C.8.2.1.1.2 and C.8.15.2.1.5: CT values that are not of a localizer, with a rescale and no table.

    A localizer is a projection, whatever its header calls its values. Of several energies the header has to say HU: the
    values of iodine or of effective atomic number come with a rescale, too.
    """
    if modality.table is not None or text_of(dataset, "SOPClassUID") not in _CT_STORAGE:
        return False
    if "LOCALIZER" in texts_of(dataset, "ImageType"):
        return False
    if modality.rescale_type:
        return modality.rescale_type == "HU"
    is_of_energies = text_of(dataset, "MultienergyCTAcquisition").upper() == "YES"
    return not is_of_energies and value_of(dataset, "RescaleIntercept") is not None


def _unit(dataset: Dataset, modality: ModalityTransform) -> str:
    """US means unspecified; PET says its unit, or that there is NONE, elsewhere (PS3.3 C.8.9.1)."""
    if modality.rescale_type not in ("", "US", "HU"):
        return modality.rescale_type
    units = text_of(dataset, "Units")
    return "" if units.upper() == "NONE" else units


def lookup_table_of(item: Dataset, *, input_is_signed: bool) -> LookupTable | None:
    """Read a table from an item of a Modality or VOI LUT sequence; None where it is unusable.

    Parameters
    ----------
    input_is_signed : bool
        Whether the table's input can be negative. The descriptor's second value is signed then, whatever VR it was
        written with.
    """
    descriptor = [int(number) for number in numbers_of(item, "LUTDescriptor")]
    if len(descriptor) != 3:
        return None
    count, first, bits = descriptor[0] & 0xFFFF or 65536, descriptor[1] & 0xFFFF, descriptor[2]
    if input_is_signed and first > 0x7FFF:
        first -= 0x10000
    entries = _entries(item, count)
    if not 1 <= bits <= 16 or not len(entries):
        return None
    if bits == _OFTEN_OVERSTATED_BITS and int(entries.max()) < 1 << _TRUE_BITS_THEN:
        bits = _TRUE_BITS_THEN  # taken at its word such a table gives a picture that is almost black
    return LookupTable(first, bits, entries.astype("<u2").tobytes())


def _entries(item: Dataset, count: int) -> NDArray[Any]:
    """LUT Data, written as words (US) or as bytes (OW), in which 8-bit entries may be packed two in a word."""
    value = value_of(item, "LUTData")
    if isinstance(value, bytes):
        if count <= len(value) < 2 * count:
            return np.frombuffer(value, np.uint8)[:count]
        order = ">" if item.original_encoding[1] is False else "<"
        return np.frombuffer(value[: len(value) // 2 * 2], f"{order}u2")[:count]
    return np.array([int(number) & 0xFFFF for number in numbers_of(item, "LUTData")], np.uint16)[:count]
