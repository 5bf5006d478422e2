"""Photons: BB84 with the light that there is, and the decoys that make it safe.

A laser pulse holds a random number of photons, and of a pulse of two Eve may keep one. :func:`decoy_rate` says what
is left of the key over a fibre, :func:`stream` sends the pulses one by one, :class:`Counts` is what remains of them,
and :func:`finite_key` what these prove.

>>> from qlearn.communication import photons
>>> photons.decoy_rate(100, link=photons.LINKS["gys"]).round(7)
np.float64(1.72e-05)

Taught in :doc:`/communication/photons`.
"""

from qlearn.communication.photons.best_source import best_source
from qlearn.communication.photons.counts import Counts, expected_counts
from qlearn.communication.photons.detection import error_gain, gain, photon_yield
from qlearn.communication.photons.distillation import distill
from qlearn.communication.photons.finite import FiniteKey, finite_key
from qlearn.communication.photons.fixed_length import FixedLength, fixed_length
from qlearn.communication.photons.link import LINKS, Link
from qlearn.communication.photons.phase_error import phase_error, phase_error_lim2014
from qlearn.communication.photons.plob import plob
from qlearn.communication.photons.rate import decoy_rate, optimal_mu, rate_at
from qlearn.communication.photons.reach import longest_distance
from qlearn.communication.photons.secret_rate import secret_rate
from qlearn.communication.photons.single_photons import SinglePhotons, infinite_decoy, no_decoy, vacuum_weak
from qlearn.communication.photons.source import Source, photon_probabilities
from qlearn.communication.photons.splitting import PhotonAttack, PhotonNumberSplitting
from qlearn.communication.photons.transmission import LaserTransmission, exchange, stream
from qlearn.communication.photons.yields_exist import yields_exist

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
