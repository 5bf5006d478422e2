"""Links: the published numbers, what a fibre passes, and links that cannot be."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from qlearn.communication.photons import LINKS, Link, decoy_rate


def test_gys_as_published():
    gys = LINKS["gys"]
    assert (gys.loss_db_per_km, gys.misalignment, gys.background, gys.receiver_efficiency) == (
        0.21,
        0.033,
        1.7e-6,
        0.045,
    )
    assert (gys.error_correction, gys.background_error, gys.sifting, gys.afterpulse) == (1.22, 0.5, 0.5, 0.0)


@pytest.mark.parametrize("name", sorted(LINKS))
def test_every_link_names_its_source(name):
    link = LINKS[name]
    assert link.name == name
    assert any(mark in link.source for mark in ("arXiv:", "doi:"))


def test_links_do_not_change():
    with pytest.raises(TypeError):
        LINKS["mine"] = LINKS["gys"]
    with pytest.raises(FrozenInstanceError):
        LINKS["gys"].background = 0.0


def test_ten_decibel_pass_a_tenth():
    fibre = replace(LINKS["gys"], loss_db_per_km=0.2)
    np.testing.assert_allclose(fibre.transmittance([0, 50, 100]), [1, 0.1, 0.01], rtol=1e-12)
    assert fibre.transmittance(np.zeros((2, 3))).shape == (2, 3)


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"misalignment": 3.3}, ValueError, "misalignment must be a probability between 0 and 1, not 3.3"),
        ({"loss_db_per_km": -0.2}, ValueError, "loss_db_per_km must be a finite number between 0"),
        ({"error_correction": 0.9}, ValueError, "error_correction must be a finite number between 1"),
        ({"background": "dark"}, TypeError, "background must be a number"),
    ],
)
def test_refuses(changes, error, says):
    with pytest.raises(error, match=says):
        replace(LINKS["gys"], **changes)


@pytest.mark.parametrize(
    ("length", "error"),
    [(-1, ValueError), (np.nan, ValueError), (np.inf, ValueError), ("far", TypeError), (1j, TypeError)],
)
def test_refuses_lengths(length, error):
    with pytest.raises(error, match="length_km must be"):
        LINKS["gys"].transmittance(length)


def test_a_name_is_no_link():
    with pytest.raises(TypeError, match=r'link must be a Link, such as LINKS\["gys"\].*not \'gys\''):
        decoy_rate(10, link="gys")
    assert isinstance(LINKS["gys"], Link)
