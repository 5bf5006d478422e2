"""Photons: BB84 with the light that there is, and the decoys that make it safe.

A laser pulse holds a random number of photons, and of a pulse of two Eve may keep one. :func:`decoy_rate` says what
is left of the key over a fibre, :func:`stream` sends the pulses one by one, :class:`Counts` is what remains of them,
and :func:`finite_key` what these prove.

>>> from qlearn.communication import photons
>>> photons.decoy_rate(100, link=photons.LINKS["gys"]).round(7)
np.float64(1.72e-05)

Taught in :doc:`/communication/photons`.
"""

from qlearn.communication.photons.counts import Counts, expected_counts
from qlearn.communication.photons.decoy_states import (
    SinglePhotons,
    infinite_decoy,
    no_decoy,
    vacuum_weak,
    yields_exist,
)
from qlearn.communication.photons.distillation import distill
from qlearn.communication.photons.finite_keys import FiniteKey, FixedLength, finite_key, fixed_length
from qlearn.communication.photons.key_rate import (
    decoy_rate,
    longest_distance,
    optimal_mu,
    plob,
    rate_at,
    secret_rate,
)
from qlearn.communication.photons.link import LINKS, Link, error_gain, gain, photon_yield
from qlearn.communication.photons.parameter_optimisation import best_source
from qlearn.communication.photons.phase_errors import phase_error, phase_error_lim2014
from qlearn.communication.photons.photon_number_splitting import PhotonAttack, PhotonNumberSplitting
from qlearn.communication.photons.source import Source, photon_probabilities
from qlearn.communication.photons.transmission import LaserTransmission, exchange, stream

__all__ = [
    "LINKS",
    "Counts",
    "FiniteKey",
    "FixedLength",
    "LaserTransmission",
    "Link",
    "PhotonAttack",
    "PhotonNumberSplitting",
    "SinglePhotons",
    "Source",
    "best_source",
    "decoy_rate",
    "distill",
    "error_gain",
    "exchange",
    "expected_counts",
    "finite_key",
    "fixed_length",
    "gain",
    "infinite_decoy",
    "longest_distance",
    "no_decoy",
    "optimal_mu",
    "phase_error",
    "phase_error_lim2014",
    "photon_probabilities",
    "photon_yield",
    "plob",
    "rate_at",
    "secret_rate",
    "stream",
    "vacuum_weak",
    "yields_exist",
]
