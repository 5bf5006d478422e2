"""Types of arrays that many modules speak of."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Arrays = list[Array]
Bits = NDArray[np.uint8]
