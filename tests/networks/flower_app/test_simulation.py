"""The simulation: how it is started; that it trains what the loop trains is in tests/networks/test_flower_app.py."""

import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from qlearn.networks.flower_app import Federation, simulate
from qlearn.networks.flower_app.simulation import Simulation


def test_it_asks_for_as_many_nodes_as_there_are_clients(tmp_path):
    engine = Simulation(Federation(n_clients=7), tmp_path)
    assert "num-supernodes=7 " in engine._of_run()[1]


def test_refuses_what_is_no_federation():
    with pytest.raises(TypeError, match="federation must be a Federation, not 3"):
        simulate(3)
