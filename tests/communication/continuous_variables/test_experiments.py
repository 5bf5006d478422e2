"""Published experiments: both rates that the source states come out, and names that do not exist are refused."""

import pytest

from qlearn.communication.continuous_variables import (
    EXPERIMENTS,
    entangling_cloner,
    holevo_bound,
    key_rate,
    mutual_information,
)


def test_25_km_of_2007_as_published():
    # the source states 15.2 kbit/s against individual and 12.3 kbit/s against collective attacks
    link = EXPERIMENTS["lodewyck2007"]
    known = link.beta * float(mutual_information(link.transmittance, **link.line))
    tap = entangling_cloner(link.transmittance, **link.line)
    assert link.symbols_per_second * (known - tap.shannon) == pytest.approx(
        link.published["individual"], abs=50
    )
    hers = float(holevo_bound(link.transmittance, **link.line))
    assert link.symbols_per_second * (known - hers) == pytest.approx(link.published["collective"], abs=50)
    assert link.symbols_per_second * key_rate(link.length_km, **link.parameters) == pytest.approx(
        link.published["collective"], abs=50
    )


def test_an_experiment_says_where_it_comes_from_and_cannot_be_changed():
    for name, link in EXPERIMENTS.items():
        assert "arXiv" in link.source
        assert name.rstrip("0123456789") in link.source.lower()
        with pytest.raises(TypeError):
            link.published["collective"] = 1
    assert len(EXPERIMENTS) == len(list(EXPERIMENTS))
    assert EXPERIMENTS["lodewyck2007"].loss_db_per_km == pytest.approx(0.208, abs=5e-4)


def test_refuses_unknown_names():
    with pytest.raises(KeyError, match="EXPERIMENTS has no 'gys'; it has lodewyck2007"):
        EXPERIMENTS["gys"]
