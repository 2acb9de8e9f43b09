"""The DICOM JSON model: what a search returns at each level, and an instance's metadata.

References
----------
PS3.18 F.2 (JSON model), 10.6.3.3 (attributes of an answer).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pydicom
from pydicom.datadict import dictionary_VR

from workstation.demo.catalogue import tag_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

    from workstation.demo.catalogue import Stored

PIXEL_DATA: Final = 0x7FE00010
_TRAILING_PADDING: Final = 0xFFFCFFFC
_BULK_BYTES: Final = 1024  # larger values are pointed to, not written out
_CHARACTER_SET: Final = 0x00080005
_BINARY: Final = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_ATTRIBUTES: Final[dict[str, tuple[int, ...]]] = {
    "study": (
        0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00100010, 0x00100020, 0x00100030, 0x00100040,
        0x0020000D, 0x00200010,
    ),
    "series": (0x00080060, 0x0008103E, 0x0020000E, 0x00200011, 0x00400244, 0x00400245),
    "instance": (0x00080016, 0x00080018, 0x00200013, 0x00280008, 0x00280010, 0x00280011, 0x00280100),
}  # fmt: skip


def entity(level: str, group: list[Stored], included: Iterable[str], root: str) -> dict[str, Any]:
    """One answer of a search: the attributes of its level and those above, and what `includefield` asks for."""
    header = group[0].header
    depth = ("study", "series", "instance").index(level) + 1
    tags = [tag for name in ("study", "series", "instance")[:depth] for tag in _ATTRIBUTES[name]]
    wanted = list(included)
    if "all" in wanted:
        tags += [int(element.tag) for element in header if element.VR not in _BINARY]
    tags += [tag for name in wanted if (tag := tag_of(name)) is not None]
    answer = {f"{tag:08X}": element_json(header[tag], "") for tag in sorted(set(tags)) if tag in header}
    answer |= _counted(level, group)
    answer["00080005"] = {"vr": "CS", "Value": ["ISO_IR 192"]}
    answer["00081190"] = {"vr": "UR", "Value": [f"{root}/{_path(group[0], depth)}"]}
    return answer


def _path(one: Stored, depth: int) -> str:
    words = [f"studies/{one.uid('study')}", f"series/{one.uid('series')}", f"instances/{one.uid('instance')}"]
    return "/".join(words[:depth])


def _counted(level: str, group: list[Stored]) -> dict[str, Any]:
    """Attributes that only the whole group has (PS3.4 C.3.4)."""
    if level == "series":
        return {"00201209": {"vr": "IS", "Value": [len(group)]}}
    if level == "instance":
        return {}
    modalities = sorted({str(one.header.get("Modality", "")) for one in group} - {""})
    return {
        "00080061": {"vr": "CS", "Value": modalities},
        "00201206": {"vr": "IS", "Value": [len({one.uid("series") for one in group})]},
        "00201208": {"vr": "IS", "Value": [len(group)]},
    }


def metadata(one: Stored, root: str) -> dict[str, Any]:
    """Every attribute of an instance; large values as BulkDataURI."""
    bulk = f"{root}/{_path(one, 3)}/bulkdata"
    # read anew: the pixels are only looked up, their bytes stay on disk
    data_set = pydicom.dcmread(one.path, defer_size=_BULK_BYTES)
    answer = {
        f"{int(element.tag):08X}": element_json(element, bulk)
        for element in _without_pixels(data_set)
        if int(element.tag) != _CHARACTER_SET
    }
    if "PixelData" in data_set:
        answer[f"{PIXEL_DATA:08X}"] = {"vr": "OW", "BulkDataURI": f"{bulk}/{PIXEL_DATA:08X}"}
    answer["00080005"] = {"vr": "CS", "Value": ["ISO_IR 192"]}
    answer["00083002"] = {"vr": "UI", "Value": [one.transfer_syntax_uid]}
    return dict(sorted(answer.items()))


def _without_pixels(data_set: Dataset) -> Iterable[DataElement]:
    for tag in data_set.keys():  # noqa: SIM118 - iterating the data set itself would read the pixels
        if tag not in {PIXEL_DATA, _TRAILING_PADDING}:
            yield data_set[tag]


def element_json(element: DataElement, bulk: str) -> dict[str, Any]:
    """One element; with `bulk`, a large value of the top level is pointed to below that address."""
    is_large = bulk and element.VR in _BINARY and element.value is not None and len(element.value) > _BULK_BYTES
    if is_large:
        return {"vr": element.VR, "BulkDataURI": f"{bulk}/{int(element.tag):08X}"}
    try:
        made: dict[str, Any] = element.to_json_dict(None, 0)
    except (ValueError, TypeError, AttributeError):  # e.g. a decimal string that is none
        made = {"vr": element.VR if element.VR != "UN" else dictionary_VR(element.tag)}
    return made
