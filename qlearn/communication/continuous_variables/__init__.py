"""Continuous variables: a key from the amplitude and phase of laser light, without counting a photon.

The way through: :func:`exchange` sends Gaussian-modulated coherent states and gives :class:`Symbols`,
:func:`estimate` discloses some of them to learn transmittance and excess noise, and :func:`key_rate` says what
a line of these is worth: :func:`mutual_information` less :func:`holevo_bound`. :func:`entangling_cloner` builds
the Eve behind that bound, as a covariance matrix.

>>> from qlearn.communication import continuous_variables
>>> line = {"modulation_variance": 4, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
>>> round(float(continuous_variables.key_rate(25, beta=0.95, **line)), 6)
0.091627

Taught in :doc:`/communication/continuous_variables`.
"""

from qlearn.communication.continuous_variables.gaussian_states import (
    beamsplitter,
    combine,
    condition,
    entropy,
    epr,
    symplectic_eigenvalues,
)
from qlearn.communication.continuous_variables.holevo import Wiretap, entangling_cloner, holevo_bound
from qlearn.communication.continuous_variables.information import (
    AddedNoise,
    added_noise,
    mutual_information,
    sampled_information,
)
from qlearn.communication.continuous_variables.key_rates import (
    BestModulation,
    best_modulation,
    key_rate,
    rate_at,
)
from qlearn.communication.continuous_variables.links import LINKS, Link
from qlearn.communication.continuous_variables.parameter_estimation import Estimate, estimate
from qlearn.communication.continuous_variables.transmission import Symbols, exchange
from qlearn.qubits.noise import transmittance

__all__ = [
    "LINKS",
    "AddedNoise",
    "BestModulation",
    "Estimate",
    "Link",
    "Symbols",
    "Wiretap",
    "added_noise",
    "beamsplitter",
    "best_modulation",
    "combine",
    "condition",
    "entangling_cloner",
    "entropy",
    "epr",
    "estimate",
    "exchange",
    "holevo_bound",
    "key_rate",
    "mutual_information",
    "rate_at",
    "sampled_information",
    "symplectic_eigenvalues",
    "transmittance",
]
