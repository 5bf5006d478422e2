"""PLOB: the published value, its limits, and that nothing here beats it."""

import numpy as np
import pytest

from qlearn.communication.photons import LINKS, decoy_rate, plob


def test_twenty_decibel():
    assert plob(0.01) == pytest.approx(0.0144996, abs=5e-8)


def test_limits():
    assert plob(0.0) == 0
    assert plob(0.5) == pytest.approx(1)
    assert plob(1.0) == np.inf
    assert plob(1e-12) == pytest.approx(1e-12 / np.log(2), rel=1e-9)  # where 1 - eta has lost its digits


@pytest.mark.parametrize("method", ["infinite", "vacuum+weak", "none"])
def test_no_link_beats_it(method):
    for link in LINKS.values():
        lengths = np.linspace(0, 250, 51)
        assert (decoy_rate(lengths, link=link, method=method) < plob(link.transmittance(lengths))).all()


@pytest.mark.parametrize(
    ("wrong", "error"), [(1.1, ValueError), (-0.1, ValueError), (np.nan, ValueError), ("x", TypeError)]
)
def test_refuses(wrong, error):
    with pytest.raises(error, match="transmittance must be transmittances"):
        plob(wrong)
