"""Trained kernels: exact slopes, the kernels of qiskit-machine-learning, scikit-learn's contract, and what training brings."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from qiskit.quantum_info import Statevector, state_fidelity
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.encodings import CircuitEncoding, trainable_embedding
from qlearn.learning.qsvm import QSVC, FidelityKernel, KernelTrainer, ProjectedKernel, kernel_alignment
from qlearn.learning.qsvm.alignment import target_matrix
from qlearn.learning.qsvm.kernel_training import alignment_by_angles
from qlearn.qubits import Circuit, Parameter, parameters

RNG = np.random.default_rng(0)
X = RNG.uniform(-1.5, 1.5, (60, 2))
y = np.where(X[:, 0] * X[:, 1] > 0, "same", "other")
FREE = CircuitEncoding(trainable_embedding)


@parametrize_with_checks(
    [
        KernelTrainer(max_iter=2, random_state=0),
        KernelTrainer(ProjectedKernel(FREE), max_iter=1, starts=2, random_state=0),
    ]
)
def test_scikit_learns_contract(estimator, check):
    check(estimator)


@pytest.mark.parametrize(
    "kernel", [FidelityKernel(FREE), ProjectedKernel(FREE, gamma=0.7), ProjectedKernel(FREE, locality=2)]
)
def test_slopes_are_those_of_finite_differences(kernel):
    ideal, theta = target_matrix(y[:12]), np.random.default_rng(1).uniform(-2, 2, 8)
    value, slopes = alignment_by_angles(kernel, X[:12], theta, ideal)
    made = replace(kernel, encoding=replace(FREE, theta=theta))
    assert value == pytest.approx(kernel_alignment(made.gram(X[:12]), y[:12]))
    for k in range(8):
        step = 1e-5 * np.eye(8)[k]
        there, back = (
            kernel_alignment(
                replace(kernel, encoding=replace(FREE, theta=theta + sign * step)).gram(X[:12]), y[:12]
            )
            for sign in (1, -1)
        )
        assert slopes[k] == pytest.approx((there - back) / 2e-5, abs=1e-7)


def test_qiskit_makes_the_same_kernel_of_the_unbound_circuit():
    # what a trainable fidelity kernel of states does elsewhere: bind, run, square the overlaps
    q = 3
    theta = np.random.default_rng(3).uniform(-2, 2, 2 * 2 * q)
    rows = np.random.default_rng(4).normal(size=(6, q))
    circuit = trainable_embedding(q).to_qiskit()
    vectors = {parameter.vector.name: parameter.vector for parameter in circuit.parameters}
    states = [
        Statevector(circuit.assign_parameters({vectors["x"]: row, vectors["theta"]: theta})) for row in rows
    ]
    theirs = [[state_fidelity(a, b) for b in states] for a in states]
    ours = FidelityKernel(CircuitEncoding(trainable_embedding, theta)).gram(rows)
    np.testing.assert_allclose(ours, theirs, atol=1e-10)


def test_finds_the_angle_that_the_labels_were_made_with():
    # labels: does the state of a row, turned by 1.1 between its two features, lie nearer to that of row 0 or of row 1
    x, t = parameters("x", 2), Parameter("t")
    circuit = Circuit(1).ry(x[0], 0).rz(t, 0).ry(x[1], 0)
    truth = FidelityKernel(CircuitEncoding(circuit, [1.1]))
    near = truth.gram(X, X[:2])
    labels = near[:, 0] > near[:, 1]
    trainer = KernelTrainer(FidelityKernel(CircuitEncoding(circuit)), starts=3, random_state=0).fit(X, labels)
    # the kernel of t and of -t are one: conjugation
    grid = np.linspace(0, np.pi, 200)
    aligned = [
        kernel_alignment(replace(truth, encoding=CircuitEncoding(circuit, [a])).gram(X), labels) for a in grid
    ]
    assert trainer.alignment_ >= max(aligned) - 1e-9
    assert abs(np.arccos(np.cos(trainer.theta_[0])) - grid[int(np.argmax(aligned))]) < 0.02


def test_training_raises_the_alignment_and_the_score():
    trainer = KernelTrainer(random_state=1, max_iter=30).fit(X[:40], y[:40])
    assert trainer.alignment_ > trainer.start_ + 0.05
    assert kernel_alignment(trainer.kernel_.gram(X[:40]), y[:40]) == pytest.approx(trainer.alignment_)
    np.testing.assert_allclose(trainer.transform(X), trainer.kernel_.gram(X, X[:40]), atol=1e-14)
    first = KernelTrainer(random_state=1, max_iter=0).fit(X[:40], y[:40])
    assert first.alignment_ == pytest.approx(trainer.start_)
    more = KernelTrainer(random_state=1, max_iter=30, starts=3).fit(X[:40], y[:40])
    assert more.alignment_ >= trainer.alignment_ - 1e-12


def test_given_angles_are_where_it_begins():
    theta = np.linspace(-1, 1, 8)
    kernel = FidelityKernel(replace(FREE, theta=theta))
    trainer = KernelTrainer(kernel, max_iter=0).fit(X, y)
    np.testing.assert_array_equal(trainer.theta_, theta)
    assert trainer.start_ == pytest.approx(kernel_alignment(kernel.gram(X), y))


def test_pipeline_grid_search_clone_and_pickle():
    model = make_pipeline(KernelTrainer(max_iter=10, random_state=0), SVC(kernel="precomputed"))
    search = GridSearchCV(model, {"kerneltrainer__max_iter": [2, 10], "svc__C": [1, 10]}, cv=2).fit(
        X[:40], y[:40]
    )
    again = pickle.loads(pickle.dumps(search))
    np.testing.assert_array_equal(again.predict(X), search.predict(X))
    trainer = search.best_estimator_[0]
    assert not hasattr(clone(trainer), "kernel_")
    by_hand = QSVC(kernel=trainer.kernel_, C=search.best_params_["svc__C"]).fit(X[:40], y[:40])
    np.testing.assert_array_equal(by_hand.predict(X), search.predict(X))


def test_a_failed_refit_leaves_the_old_kernel():
    trainer = KernelTrainer(random_state=0, max_iter=3).fit(X, y)
    before = trainer.transform(X)
    with pytest.raises(ValueError, match="at least two classes"):
        trainer.fit(X[:, :1], np.zeros(60))
    np.testing.assert_array_equal(trainer.transform(X), before)


@pytest.mark.parametrize(
    ("model", "labels", "error", "says"),
    [
        (KernelTrainer("zz"), y, TypeError, "kernel must be a FidelityKernel or ProjectedKernel, not str"),
        (
            KernelTrainer(FidelityKernel()),
            y,
            TypeError,
            "must have a CircuitEncoding.*not 'zz'.*KernelAligner",
        ),
        (
            KernelTrainer(FidelityKernel(CircuitEncoding(Circuit(1).ry(sum(parameters("x", 2)), 0)))),
            y,
            ValueError,
            "a circuit with angles to train",
        ),
        (
            KernelTrainer(FidelityKernel(CircuitEncoding(trainable_embedding(3)))),
            y,
            ValueError,
            r"X has 2 features, and the circuit has the features x\[0\] to x\[2\]",
        ),
        (KernelTrainer(max_iter=-1), y, ValueError, "max_iter must be at least 0"),
        (KernelTrainer(starts=0), y, ValueError, "starts must be at least 1"),
        (KernelTrainer(), y[:5], ValueError, "inconsistent numbers of samples"),
        (KernelTrainer(), np.zeros(60), ValueError, "at least two classes"),
        (KernelTrainer(FidelityKernel(FREE, max_gib=1e-9)), y, ValueError, "max_gib is"),
    ],
)
def test_refuses(model, labels, error, says):
    with pytest.raises(error, match=says):
        model.fit(X, labels)
