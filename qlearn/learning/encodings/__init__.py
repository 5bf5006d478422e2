"""Encodings: how a row of numbers becomes a quantum state.

>>> from qlearn.learning.encodings import AngleEncoding
>>> AngleEncoding().n_qubits(3)
3
"""

from qlearn.learning.encodings.amplitude import AmplitudeEncoding, prepare
from qlearn.learning.encodings.angle import AngleEncoding
from qlearn.learning.encodings.basis import BasisEncoding
from qlearn.learning.encodings.encoding import Encoding, LoadingCost, loading_cost
from qlearn.learning.encodings.feature_maps import PhaseMap, as_encoding
from qlearn.learning.encodings.fourier import (
    Spectrum,
    accessible_frequencies,
    fourier_coefficients,
    fourier_series,
)
from qlearn.learning.encodings.reuploading import ReuploadingEncoding

__all__ = [
    "AmplitudeEncoding",
    "AngleEncoding",
    "BasisEncoding",
    "Encoding",
    "LoadingCost",
    "PhaseMap",
    "ReuploadingEncoding",
    "Spectrum",
    "accessible_frequencies",
    "as_encoding",
    "fourier_coefficients",
    "fourier_series",
    "loading_cost",
    "prepare",
]
