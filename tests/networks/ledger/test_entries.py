"""Entries: one encoding, everything in it, and an auditor who has the updates finds each in the log."""

import json
from hashlib import sha256
from struct import pack

import numpy as np
import pytest

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks import federated
from qlearn.networks.federated import Failure, Round, UpdateSigner
from qlearn.networks.ledger import Ledger, Reader, RootSigner, read_entry, record_round, record_update

ALICE = UpdateSigner("Alice", bytes(32), "ML-DSA-44")
UPDATE = ALICE.sign([[0.5, 1.0]], 10, run="trial", number=1)


def test_an_update_is_what_the_auditor_computes():
    told = read_entry(record_update(UPDATE))
    assert set(told) == {"kind", "client", "run", "number", "n_samples", "sha256", "signature"}
    assert told["sha256"] == sha256(UPDATE.message).hexdigest()
    other = ALICE.sign([[0.5, 1.0 + 1e-15]], 10, run="trial", number=1)
    assert read_entry(record_update(other))["sha256"] != told["sha256"]


def test_a_round_is_all_there_and_always_the_same():
    one = Round(2, {"train_loss": np.float32(0.5), "central_loss": float("nan")}, {"b": {"x": float("inf")}, "a": {}},
                {"a": {"loss": 1}}, {"a": np.int64(3)}, 64, 128, (Failure("b", "fit", "gone"),), "")  # fmt: skip
    same = Round(2, {"central_loss": float("nan"), "train_loss": 0.5}, {"a": {}, "b": {"x": float("inf")}},
                 {"a": {"loss": 1}}, {"a": 3}, 64, 128, (Failure("b", "fit", "gone"),), "")  # fmt: skip
    entry = record_round(one, "trial", [np.ones((2, 1))])
    assert entry == record_round(same, "trial", [np.ones((2, 1), np.float32)])
    told = read_entry(entry)
    assert told["scores"] == {"central_loss": "nan", "train_loss": 0.5}
    assert told["by_client"]["b"] == {"x": "inf"}
    assert told["failures"] == [{"client": "b", "stage": "fit", "reason": "gone"}]
    assert told["model"] == sha256(pack("<3Q", 2, 2, 1) + np.ones(2).tobytes()).hexdigest()
    assert json.loads(entry, parse_constant=pytest.fail)["bits_up"] == 128  # strict JSON
    assert read_entry(record_round(one, "trial", [np.ones((1, 2))]))["model"] != told["model"]
    assert read_entry(record_round(one, "trial"))["model"] is None


def test_a_whole_run_goes_into_a_log():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 2)), np.arange(60) % 2
    clients = [federated.Client(SoftmaxClassifier(), X[i::3], y[i::3], classes=[0, 1]) for i in range(3)]
    history = federated.run(clients, federated.FedAvg(), rounds=3, rng=0)
    ledger = Ledger(RootSigner("trial", scheme="ML-DSA-44"))
    for record in history.rounds:
        ledger.append(record_round(record, "trial"))
    reader = Reader(ledger.signer.public_key, "trial")
    reader.accept(ledger.sign_root(time=3))
    for i, record in enumerate(history.rounds):
        reader.check(record_round(record, "trial"), i, ledger.inclusion_proof(i))
    assert [read_entry(e)["number"] for e in ledger.entries] == [1, 2, 3]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: record_update(b""), TypeError, "update must be a SignedUpdate, not bytes"),
        (lambda: record_round(3, "trial"), TypeError, "record must be a Round, as in history.rounds, not int"),
        (lambda: record_round(Round(1), ""), TypeError, "run must be a name"),
        (lambda: record_round(Round(1, {"x": 1j}), "a"), TypeError, "a record must hold texts and numbers, not complex"),
        (lambda: read_entry(b"\xff"), ValueError, "entry must be the record of an update or of a round"),
        (lambda: read_entry(b"[]"), ValueError, "entry must be the record"),
        (lambda: read_entry(b'{"kind": "x"}'), ValueError, "entry must be the record"),
        (lambda: read_entry(b"[" * 200_000), ValueError, "entry must be the record"),
        (lambda: read_entry("{}"), TypeError, "entry must be bytes, not str"),
    ],
)  # fmt: skip
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
