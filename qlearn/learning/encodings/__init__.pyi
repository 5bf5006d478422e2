from .amplitude import AmplitudeEncoding as AmplitudeEncoding, prepare as prepare
from .angle import AngleEncoding as AngleEncoding
from .basis import BasisEncoding as BasisEncoding
from .circuit_encoding import CircuitEncoding as CircuitEncoding, trainable_embedding as trainable_embedding
from .encoding import Encoding as Encoding, LoadingCost as LoadingCost, loading_cost as loading_cost
from .feature_maps import IQPFeatureMap as IQPFeatureMap, ZZFeatureMap as ZZFeatureMap
from .fourier import (
    Spectrum as Spectrum,
    accessible_frequencies as accessible_frequencies,
    fourier_coefficients as fourier_coefficients,
    fourier_series as fourier_series,
)
from .pauli_feature_map import PauliFeatureMap as PauliFeatureMap
from .reuploading import ReuploadingEncoding as ReuploadingEncoding
