from .circuits import circuit as circuit, conference_circuit as conference_circuit
from .conference_keys import (
    ConferenceKeys as ConferenceKeys,
    conference as conference,
    conference_rate as conference_rate,
)
from .device_independent import (
    ChshEstimate as ChshEstimate,
    chsh_from as chsh_from,
    critical_efficiency as critical_efficiency,
    critical_qber as critical_qber,
    device_independent_rate as device_independent_rate,
    eve_information as eve_information,
    lossy_chsh as lossy_chsh,
)
from .protocols import (
    EkertKeys as EkertKeys,
    bbm92 as bbm92,
    e91 as e91,
    matching_rounds as matching_rounds,
    sift as sift,
)
from .rounds import Rounds as Rounds, distribute as distribute
from .settings import ACIN as ACIN, BBM92 as BBM92, EKERT as EKERT, Settings as Settings
from .sources import (
    NO_CLICK as NO_CLICK,
    DetectionLoopholeSource as DetectionLoopholeSource,
    LocalSource as LocalSource,
    PairSource as PairSource,
    SharedDirection as SharedDirection,
    intercepted_pairs as intercepted_pairs,
)
