"""FedProx: what the server sends, what a client makes of it, and where the rounds then end."""

import numpy as np
import pytest

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import Client, FedAvg, FedProx, run
from tests.networks.federated.flower_oracle import SET_A, START, flower, messages


class Parabola(Client):
    """Answers the minimiser of a (w - c)^2 / 2 + mu / 2 (w - theta)^2, in each of its parameters."""

    settings = (*Client.settings, "proximal_mu")

    def __init__(self, a, c):
        super().__init__(SoftmaxClassifier(), [[-1.0], [1.0]], [0, 1])
        self.a, self.c = a, c

    def fit(self, parameters, config):
        mu = config.get("proximal_mu", 0.0)
        return [(self.a * self.c + mu * p) / (self.a + mu) for p in parameters], self.n_samples, {}


def test_one_answer_by_hand():
    # a = 2, c = 3, theta = 1, mu = .5: (2 * 3 + .5 * 1) / 2.5 = 2.6, and no w of a fine grid is better
    history = run([Parabola(2, 3)], FedProx(0.5), 1, initial=[np.ones((1, 1)), np.ones(1)])
    assert history.parameters[0] == pytest.approx(2.6)
    w = np.linspace(0, 4, 4001)
    assert w[np.argmin((w - 3) ** 2 + 0.25 * (w - 1) ** 2)] == pytest.approx(2.6)


@pytest.mark.parametrize("mu", [0.0, 0.5, 3.0, 1e4])
def test_rounds_end_at_the_fixed_point(mu):
    # theta = mean of (a c + mu theta) / (a + mu)  =>  theta = sum a c / (a + mu) over sum a / (a + mu):
    # from the mean of the minimisers (mu = 0) to the minimiser of the sum (mu -> infinity)
    a, c = np.array([1.0, 9.0]), np.array([0.0, 1.0])
    clients = [Parabola(*both) for both in zip(a, c, strict=True)]
    fixed = (a * c / (a + mu)).sum() / (a / (a + mu)).sum()
    history = run(clients, FedProx(mu), 60, initial=[np.full((1, 1), fixed), np.full(1, 9.0)])
    assert history.parameters[0] == pytest.approx(fixed)
    shrink = 1 - (a / (a + mu)).mean()  # the rest of the way, round by round
    assert history.parameters[1] - fixed == pytest.approx((9 - fixed) * shrink**60)
    assert {0.0: fixed == 0.5, 1e4: abs(fixed - 0.9) < 1e-3}.get(mu, 0.5 < fixed < 0.9)


def test_on_the_server_it_is_fedavg_and_sends_its_mu():
    assert str(FedProx(0.3).aggregate(SET_A, START)) == str(FedAvg().aggregate(SET_A, START))
    assert FedProx(0.3, local_epochs=2).config(7) == {**FedAvg(2).config(7), "proximal_mu": 0.3}
    assert FedProx(np.float32(0.5)).config(1)["proximal_mu"] == 0.5
    theirs = flower("flwr.serverapp.strategy").FedProx(proximal_mu=0.3)
    for message in messages(theirs, 7, START, 2):
        assert message.content["config"]["proximal-mu"] == FedProx(0.3).config(7)["proximal_mu"]


def test_refuses():
    with pytest.raises(ValueError, match="proximal_mu must be at least 0, not -1"):
        FedProx(-1)
    with pytest.raises(ValueError, match="proximal_mu must be a finite number"):
        FedProx(np.inf)
    with pytest.raises(TypeError, match="proximal_mu must be a number"):
        FedProx("0.1")
