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

from qlearn.communication.continuous_variables.eavesdropper import Wiretap, entangling_cloner
from qlearn.communication.continuous_variables.estimation import Estimate, estimate
from qlearn.communication.continuous_variables.gaussian import entropy, epr, symplectic_eigenvalues
from qlearn.communication.continuous_variables.holevo import holevo_bound
from qlearn.communication.continuous_variables.information import mutual_information, sampled_information
from qlearn.communication.continuous_variables.links import LINKS, Link
from qlearn.communication.continuous_variables.noise import AddedNoise, added_noise
from qlearn.communication.continuous_variables.optics import beamsplitter, combine, condition
from qlearn.communication.continuous_variables.optimum import BestModulation, best_modulation
from qlearn.communication.continuous_variables.rate import key_rate, rate_at
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
