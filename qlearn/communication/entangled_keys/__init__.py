"""Keys from entangled pairs: BBM92, E91 and its CHSH value, keys from devices that nobody trusts, and conferences.

The way through: :func:`distribute` sends pairs from a source (any state, or Eve's: :class:`PairSource`,
:class:`Impostor`) to two dials and gives :class:`Rounds`. :func:`bbm92` and :func:`sift` make the
:class:`~qlearn.communication.bb84.SiftedKeys` of BB84 of them; :func:`e91` tests them by :func:`chsh_from` and
keeps a key or says why not; :func:`device_independent_rate` says what it is worth. :func:`conference` is for more
than two. :func:`circuit` is a round as a :class:`~qlearn.qubits.Circuit`.

>>> from qlearn.communication import entangled_keys
>>> round(entangled_keys.critical_qber(), 4)
0.0715

Taught in :doc:`/communication/entangled_keys`.
"""

from qlearn.communication.entangled_keys.circuits import circuit, conference_circuit
from qlearn.communication.entangled_keys.conference_keys import ConferenceKeys, conference, conference_rate
from qlearn.communication.entangled_keys.device_independent import (
    ChshEstimate,
    chsh_from,
    critical_efficiency,
    critical_qber,
    device_independent_rate,
    eve_information,
    lossy_chsh,
)
from qlearn.communication.entangled_keys.protocols import EkertKeys, bbm92, e91, matched, sift
from qlearn.communication.entangled_keys.rounds import Rounds, distribute
from qlearn.communication.entangled_keys.settings import ACIN, BBM92, EKERT, Settings
from qlearn.communication.entangled_keys.sources import (
    SILENT,
    Impostor,
    LocalSource,
    PairSource,
    SharedDirection,
    intercepted,
)

__all__ = [
    "ACIN",
    "BBM92",
    "EKERT",
    "SILENT",
    "ChshEstimate",
    "ConferenceKeys",
    "EkertKeys",
    "Impostor",
    "LocalSource",
    "PairSource",
    "Rounds",
    "Settings",
    "SharedDirection",
    "bbm92",
    "chsh_from",
    "circuit",
    "conference",
    "conference_circuit",
    "conference_rate",
    "critical_efficiency",
    "critical_qber",
    "device_independent_rate",
    "distribute",
    "e91",
    "eve_information",
    "intercepted",
    "lossy_chsh",
    "matched",
    "sift",
]
