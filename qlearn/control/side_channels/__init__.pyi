from .binomial_power import (
    detection_power as detection_power,
    least_right as least_right,
    smallest_leak as smallest_leak,
    trials_needed as trials_needed,
)
from .bit_swap import SwappedDetectors as SwappedDetectors, swapped_detectors as swapped_detectors
from .detection_times import DetectionTimes as DetectionTimes
from .detector_mismatch import mismatch_key_rate as mismatch_key_rate
from .leak_testing import (
    LeakTest as LeakTest,
    PermutationTest as PermutationTest,
    leak_test as leak_test,
    permutation_test as permutation_test,
)
from .leaking_modulator import (
    FrequencyLeak as FrequencyLeak,
    IntensityLeak as IntensityLeak,
    PhaseLeak as PhaseLeak,
)
from .masked_leaks import KeyedLeak as KeyedLeak, SharedLeak as SharedLeak
from .qrng_memory import (
    MemoryEntropy as MemoryEntropy,
    ParitySource as ParitySource,
    memory_entropy as memory_entropy,
)
from .single_shot import SingleShotClassifier as SingleShotClassifier
