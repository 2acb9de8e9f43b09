"""The Grayscale Standard Display Function: luminance of an index of just noticeable differences, and back (PS3.14).

The formula is the standard's, with its coefficients of eight digits. The table printed beside it (PS3.14 Table B-1)
was computed with more digits than are printed: at its end, index 1023, it says 3993.4040 cd/m2, the formula 3993.3296.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FIRST_INDEX: Final = 1.0
LAST_INDEX: Final = 1023.0
_ABOVE: Final = (-1.3011877, 8.0242636e-2, 1.3646699e-1, -2.5468404e-2, 1.3635334e-3)  # a, c, e, g, m
_BELOW: Final = (1.0, -2.5840191e-2, -1.0320229e-1, 2.8745620e-2, -3.1978977e-3, 1.2992634e-4)  # 1, b, d, f, h, k
_BACK: Final = (
    71.498068, 94.593053, 41.912053, 9.8247004, 0.28175407, -1.1878455, -0.18014349, 0.14710899, -0.017046845,
)  # A to I  # fmt: skip


def luminance(index: ArrayLike) -> NDArray[np.float64]:
    """The luminance of an index (PS3.14 7.1, equation 1).

    Parameters
    ----------
    index : array of any shape
        Just noticeable differences, 1 to 1023; need not be whole. What lies outside is taken as the nearest end.

    Returns
    -------
    array of the same shape
        cd/m2, 0.05 to 3993.33.
    """
    x = np.log(np.clip(np.asarray(index, np.float64), FIRST_INDEX, LAST_INDEX))
    return np.asarray(10.0 ** (_polynomial(_ABOVE, x) / _polynomial(_BELOW, x)))


def index_of(luminances: ArrayLike) -> NDArray[np.float64]:
    """The index of a luminance, by the standard's own approximation (PS3.14 7.1, equation 2).

    It strays from the exact inverse by up to 0.1 of an index (0.0916 at 1023).

    Parameters
    ----------
    luminances : array of any shape
        cd/m2, 0.05 to 3993.33. What lies outside is taken as the nearest end.
    """
    low, high = luminance([FIRST_INDEX, LAST_INDEX])
    return np.asarray(_polynomial(_BACK, np.log10(np.clip(np.asarray(luminances, np.float64), low, high))))


def _polynomial(coefficients: tuple[float, ...], x: NDArray[Any]) -> NDArray[np.float64]:
    total = np.zeros_like(x)
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total
