"""What the tests of stations share: the measurement itself, as a matrix."""

import numpy as np
import pytest
from scipy.linalg import expm

_CUT = 13


def _lower(n=_CUT):
    return np.diag(np.sqrt(np.arange(1.0, n)), 1)


def _station_operator(t, dark):
    """M of "detector 1 clicks alone", on the photon numbers (Alice, Bob) before the loss; exact below the cut-off."""
    a, one = np.kron(_lower(), np.eye(_CUT)), np.eye(_CUT)
    b = np.kron(one, _lower())
    turn = expm(np.pi / 4 * (a.T @ b - b.T @ a))
    # Loss alike on both sides commutes with the beam splitter, and makes "no photon seen of n" (1 - t)^n.
    keep = (1.0 - t) ** np.arange(_CUT)
    dark_1, dark_2 = np.kron(np.diag(keep), one), np.kron(one, np.diag(keep))
    alone = (1 - dark) * dark_2 - (1 - dark) ** 2 * dark_1 @ dark_2
    return turn.T @ alone @ turn


@pytest.fixture(scope="session")
def station_operator():
    """Return the matrix of "detector 1 clicks alone" for a transmittance and a dark chance."""
    return _station_operator
