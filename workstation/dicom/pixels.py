"""`PixelDescription`, `Frame`: what a frame's bytes mean and what they become. No decoder lives here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PixelDescription:
    """The Image Pixel module of one instance (PS3.3 C.7.6.3), as far as decoding needs it."""

    rows: int
    columns: int
    number_of_frames: int
    samples_per_pixel: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    pixel_representation: int  # 0 unsigned, 1 two's complement
    photometric_interpretation: str  # as the data set says: MONOCHROME1, MONOCHROME2, RGB, YBR_FULL, ...
    planar_configuration: int
    transfer_syntax_uid: str
    is_float: bool = False  # Float or Double Float Pixel Data (PS3.3 C.7.6.24, C.7.6.25): IEEE 754 of 32 or 64 bit

    @property
    def is_colour(self) -> bool:
        """Whether a frame is true colour or palette colour: no window applies."""
        return self.samples_per_pixel > 1 or self.photometric_interpretation == "PALETTE COLOR"

    @property
    def frame_bytes(self) -> int:
        """Bytes of one uncompressed frame (PS3.5 8.1); bit-packed frames are rounded up."""
        bits = self.rows * self.columns * self.samples_per_pixel * self.bits_allocated
        if self.photometric_interpretation == "YBR_FULL_422" and self.samples_per_pixel == 3:
            bits = bits * 2 // 3
        return (bits + 7) // 8


@dataclass(frozen=True, slots=True)
class FrameKey:
    """One frame of one instance. `frame` counts from 1, as PS3.18 and `NumberOfFrames` do."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    frame: int


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Decoded stored values with the identity they were checked against.

    Attributes
    ----------
    key : FrameKey
        Whose pixels these are.
    values : (rows, columns) integer or float array, or (rows, columns, 3) uint8 array for colour (R, G, B)
        Read-only. Grey integers are masked to BitsStored and sign-extended (PS3.5 8.1.1).
    ignores_profile : bool
        The colours have an ICC profile that could not be used; they are not sRGB.
    """

    key: FrameKey
    values: NDArray[np.generic]
    ignores_profile: bool = False

    @property
    def is_colour(self) -> bool:
        """Whether the values are R, G, B."""
        return self.values.ndim == 3
