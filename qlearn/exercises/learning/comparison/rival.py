"""A classical model that beats the quantum one on its own data."""

import numpy as np
from scipy.linalg import hadamard
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._guard import call
from qlearn.exercises._stand_in import calls_of_the_library
from qlearn.learning.comparison import load_dataset
from qlearn.learning.qsvm import ad_hoc_data, parity_expectation
from qlearn.learning.qsvm.qsvc import QSVC


@exercise(
    level="project",
    right="a formula of NumPy does it: with two qubits there is nothing that a laptop cannot follow.",
    because=r"""
        The map has two qubits, so its state has four amplitudes, each a sum of four phases: a line of NumPy. The
        labels are the sign of the mean of an observable, which is *linear* in the products $\psi_b\psi_c^*$. With
        these 16 products (real and imaginary parts) as features one straight cut is the rule itself. Up to some
        thirty qubits the same holds with more memory; the claim of an advantage begins where this program ends.
    """,
)
def rival():
    """On the synthetic set the QSVC wins. Beat it without a quantum library: assign to `rival` a scikit-learn pipeline,
    made of NumPy and scikit-learn only, that reaches 95 % there when three quarters of the rows have trained it, on the
    rest and on fresh rows of the same rule. You may know how the data was made.
    """

    def features(X):
        one, two = X[:, 0], X[:, 1]
        both = 2 * (np.pi - one) * (np.pi - two)
        phases = np.stack([np.zeros(len(X)), 2 * two + both, 2 * one + both, 2 * one + 2 * two], axis=1)
        layer = np.exp(1j * phases)
        states = layer * (layer @ hadamard(4))  # of length 4: that does not matter
        products = states[:, :, None] * states[:, None, :].conj()
        flat = products.reshape(len(X), 16)
        return np.concatenate([flat.real, flat.imag], axis=1)

    return make_pipeline(FunctionTransformer(features), SVC(kernel="linear"))


@rival.grader
def wins(answer, rng):
    """It learns from three quarters of the set, and is right on the rest and on rows that nobody has seen."""
    if isinstance(answer, type):
        return Verdict.wrong(f"{answer.__name__} is a class: call it, to make one classifier.")
    if not callable(getattr(answer, "fit", None)) or not callable(getattr(answer, "get_params", None)):
        return Verdict.wrong("rival should be a scikit-learn classifier, for example made by make_pipeline.")
    data, (X, y) = load_dataset("synthetic"), _fresh(rng)
    order = rng.permutation(len(data.y))
    trains, judges = order[:180], order[180:]

    def predicted():
        model = clone(answer).fit(data.X[trains].copy(), data.y[trains].copy())
        return np.asarray(model.predict(data.X[judges].copy())), np.asarray(model.predict(X.copy()))

    with calls_of_the_library() as called:
        stopped = None
        try:
            kept, fresh = call(predicted)
        except Exception as error:
            stopped = error
    if called:
        return Verdict.wrong(
            f"rival uses a part of qlearn ({called[0]}): the task is to beat it with NumPy and scikit-learn alone."
        )
    if stopped is not None:
        raise stopped
    if kept.shape != judges.shape or fresh.shape != y.shape:
        return Verdict.wrong("rival should be a classifier: its `predict` gives one class for each row.")
    scores = np.mean(kept == data.y[judges]), np.mean(fresh == y)
    if scores[0] >= 0.95 > scores[1] + 0.05:
        return Verdict.wrong(
            f"{scores[0]:.0%} on rows of the set and {scores[1]:.0%} on fresh ones: you have learnt the rows by heart, "
            "and not their rule."
        )
    score = (scores[0] * len(kept) + scores[1] * len(fresh)) / (len(kept) + len(fresh))
    if score < 0.95:
        return Verdict.wrong(
            f"{score:.1%} of the rows are right. No measure of nearness in the plane follows the fringes of the map, "
            "and the amplitudes or their squares alone do not either: compute the four amplitudes of its state with "
            "NumPy, and give one straight cut all 16 products of two of them, the numbers of the density matrix."
        )
    return None


def _fresh(rng, n=180):
    """Draw rows of the same rule that are not in the set."""
    observable = ad_hoc_data(1, 1, rng=5).observable
    X = rng.uniform(0, 2 * np.pi, (8 * n, 2))
    mean = parity_expectation(X, observable)
    clear = np.abs(mean) > 0.3
    return X[clear][:n], (mean[clear][:n] < 0).astype(int)


def _features(X, *, made):
    """The state of the map, and of it what a mistake takes."""
    one, two = X[:, 0], X[:, 1]
    both = 2 * (np.pi - one) * (np.pi - two)
    layer = np.exp(
        1j * np.stack([np.zeros(len(X)), 2 * two + both, 2 * one + both, 2 * one + 2 * two], axis=1)
    )
    return made(layer * (layer @ hadamard(4)))


@rival.mistake()
def nearness():
    return make_pipeline(SVC(C=10, gamma=1.0))


@rival.mistake()
def probabilities_only():
    made = FunctionTransformer(_features, kw_args={"made": lambda states: np.abs(states) ** 2})
    return make_pipeline(made, SVC(kernel="linear"))


@rival.mistake()
def amplitudes_only():
    made = FunctionTransformer(
        _features, kw_args={"made": lambda states: np.hstack([states.real, states.imag])}
    )
    return make_pipeline(made, SVC(kernel="linear"))


@rival.mistake()
def real_parts_only():
    def made(states):
        return (states[:, :, None] * states[:, None, :].conj()).reshape(len(states), 16).real

    return make_pipeline(FunctionTransformer(_features, kw_args={"made": made}), SVC(kernel="linear"))


@rival.mistake("rival should be a scikit-learn classifier, for example made by make_pipeline.")
def not_a_classifier():
    return 0.97


@rival.mistake()
def the_quantum_one():
    return QSVC()


@rival.mistake()
def the_quantum_one_in_disguise():
    return SVC(kernel=lambda A, B: QSVC().fit(A, B))


@rival.mistake()
def the_quantum_kernel_imported_inside():
    def f(A, B):
        from qlearn.learning import FidelityKernel

        return FidelityKernel()(A, B)

    return SVC(kernel=f)


@rival.mistake("SVC is a class: call it, to make one classifier.")
def a_class():
    return SVC
