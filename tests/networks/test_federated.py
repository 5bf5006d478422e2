"""The whole way on real data: ten hospitals, alike and not, beside one that holds everything."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

from qlearn.learning import QNNClassifier
from qlearn.networks.federated import Client, FedAvg, Moments, pooled_pca, run, split


# a few whitened rows lie far out and wrap around: said by the network, and not what is tried here
@pytest.mark.filterwarnings("ignore:X holds angles that span")
@pytest.mark.parametrize("alpha", [None, 0.5])
def test_ten_clients_come_close_to_the_central_model(alpha):
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
    parts = split(X_train, y_train, 10, alpha=alpha, rng=0)
    project = pooled_pca([Moments.of(part) for part, _ in parts], 4)
    model = QNNClassifier(random_state=0)
    clients = [Client(model, project(part), labels, classes=[0, 1]) for part, labels in parts]
    history = run(clients, FedAvg(local_epochs=2), rounds=25, rng=0, central=(project(X_test), y_test))
    federated = history.central_accuracy[-1]
    alone = model.initialise(4, [0, 1]).set_parameters(history.parameters)
    assert federated == alone.score(project(X_test), y_test)
    central = QNNClassifier(random_state=0).fit(project(X_train), y_train).score(project(X_test), y_test)
    assert central > 0.9
    assert federated > central - 0.06
    assert np.diff(history.train_loss[[0, 5, -1]]).max() < 0
