"""Every attack pulse by pulse, written down once more without the library's formulas: the same cells fill up equally often."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.photons import LINKS, Source
from qlearn.control.eavesdropper_detection import Blinding, Intercept, MonitoredLink, TimeShift
from qlearn.control.eavesdropper_detection.link_streams import cell_probabilities
from qlearn.evidence import counts_agree

BRIGHT = replace(LINKS["gys"], receiver_efficiency=0.6, background=0.01, misalignment=0.05)
SOURCE = Source((0.8, 0.3, 0.0), (0.6, 0.2, 0.2), 0.4)
N = 400_000


def send(eve, transmittance, rng):
    """Return the intensity of each pulse, both bases, and whether the right and the wrong detector clicked."""
    mu = np.array(SOURCE.intensities)
    level = rng.choice(3, N, p=SOURCE.probabilities)
    alice, bob = (rng.random((2, N)) < SOURCE.p_x).astype(int)
    photons = rng.poisson(mu[level])
    touched = rng.random(N) < eve.fraction
    # chance of each photon to go to the detector of the other bit than Alice's, and what the line passes
    wrong = np.where(alice == bob, BRIGHT.misalignment, 0.5)
    passes = np.full(N, transmittance)
    right_eye, wrong_eye = np.ones(N), np.ones(N)
    blinded = np.zeros(N, dtype=bool)

    if isinstance(eve, Intercept | Blinding):
        q = eve.p_x if isinstance(eve, Intercept) else 0.5
        hers = (rng.random(N) < q).astype(int)
        she_is_wrong = (hers != alice) & (rng.random(N) < 0.5)
    if isinstance(eve, Intercept):
        e = np.where(eve.aligned, 0.0, BRIGHT.misalignment)
        read = touched & (rng.random(N) < eve.measured)
        sent_on = np.where(bob != hers, 0.5, np.where(she_is_wrong, 1 - e, e))
        not_read = np.where(alice == bob, e, 0.5)
        wrong = np.where(touched, np.where(read, sent_on, not_read), wrong)
    elif isinstance(eve, TimeShift):
        good, poor = eve.efficiencies
        favours_right = rng.random(N) < 0.5
        passes[touched] = min(2 * transmittance / (good + poor), 1.0)
        right_eye[touched] = np.where(favours_right, good, poor)[touched]
        wrong_eye[touched] = np.where(favours_right, poor, good)[touched]
    else:
        blinded = touched

    arriving = rng.binomial(photons, passes * BRIGHT.receiver_efficiency)
    to_wrong = rng.binomial(arriving, wrong)
    right = rng.binomial(arriving - to_wrong, right_eye) > 0
    other = rng.binomial(to_wrong, wrong_eye) > 0
    own = 1 - np.sqrt(1 - BRIGHT.background)
    right |= rng.random(N) < own
    other |= rng.random(N) < own

    if blinded.any():
        usual = 1 - (1 - BRIGHT.background) * np.exp(-mu[0] * transmittance * BRIGHT.receiver_efficiency)
        flash = (photons > 0) & (rng.random(N) < 2 * usual / (1 - np.exp(-mu[0]))) & (hers == bob)
        tells_wrong = she_is_wrong ^ (rng.random(N) < eve.errors)
        right = np.where(blinded, flash & ~tells_wrong, right)
        other = np.where(blinded, flash & tells_wrong, other)
    return level, alice, bob, right, other


ATTACKS = [
    Intercept(0.6, p_x=0.2),
    Intercept(0.7, p_x=0.5, aligned=True, measured=0.4),
    TimeShift(0.8, efficiencies=(0.9, 0.2)),
    Blinding(0.7, errors=0.1),
    Blinding(1.0),
]


@pytest.mark.parametrize("transmittance", [0.3, 0.9])
@pytest.mark.parametrize("eve", ATTACKS, ids=lambda eve: eve.name)
def test_cells_fill_as_often(eve, transmittance):
    level, alice, bob, right, wrong = send(eve, transmittance, np.random.default_rng(11))
    line = MonitoredLink(BRIGHT, transmittance=transmittance, source=SOURCE)
    signal, *others = cell_probabilities(line, line.state(), eve)
    seen, due = [], []
    for basis in (0, 1):
        sifted = (level == 0) & (alice == bob) & (alice == basis)
        first = signal[0, 4 * basis : 4 * basis + 4] * SOURCE.probabilities[0]
        seen += [
            (sifted & right & ~wrong).sum(),
            (sifted & wrong & ~right).sum(),
            (sifted & right & wrong).sum(),
        ]
        due += [first[0], first[1], first[2] + first[3]]
    mixed = (level == 0) & (alice != bob)
    seen += [(mixed & (right ^ wrong)).sum(), (mixed & right & wrong).sum()]
    due += list(signal[0, 8:] * SOURCE.probabilities[0])
    for k, table in enumerate(others, start=1):
        seen += [((level == k) & (right ^ wrong)).sum(), ((level == k) & right & wrong).sum()]
        due += list(table[0] * SOURCE.probabilities[k])
    assert counts_agree((np.array(seen) / N, np.array(due), N), failure=1e-6)
