"""Rival."""

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC

from qlearn.exercises import exercise
from qlearn.learning.qsvm.qsvc import QSVC


@exercise(
    level="project",
    right="1.00 with a formula of NumPy: with two qubits there is nothing that a laptop cannot follow.",
    because=r"""
        The map has two qubits, so its state has four amplitudes, each a sum of four phases: a line of NumPy. The
        labels are the sign of the mean of an observable, which is *linear* in the products $\psi_b\psi_c^*$. With
        these 16 products (real and imaginary parts) as features one straight cut is the rule itself. Up to some
        thirty qubits the same holds with more memory; the claim of an advantage begins where this program ends.
    """,
)
def rival():
    """On the synthetic set the QSVC wins. Beat it without a quantum library: assign to `rival` a
    scikit-learn pipeline, made of NumPy and scikit-learn only, that reaches 95 % there. You may know
    how the data was made.
    """

    def features(X):
        one, two = X[:, 0], X[:, 1]
        both = 2 * (np.pi - one) * (np.pi - two)
        phases = np.stack([0 * one, 2 * two + both, 2 * one + both, 2 * one + 2 * two], axis=1)
        layer = np.exp(1j * phases)
        H = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2
        states = layer * ((layer / 2) @ H)
        products = states[:, :, None] * states[:, None, :].conj()
        flat = products.reshape(len(X), 16)
        return np.concatenate([flat.real, flat.imag], axis=1)

    return make_pipeline(FunctionTransformer(features), SVC(kernel="linear", C=30))


@rival.mistake(
    "0.75: well on the way. All 16 numbers of the density matrix are needed, products of amplitudes and not the "
    "amplitudes or their squares alone, and then one straight cut."
)
def nearness():
    return make_pipeline(SVC(C=10, gamma=1.0))


@rival.mistake(
    "0.80: well on the way. All 16 numbers of the density matrix are needed, products of amplitudes and not the "
    "amplitudes or their squares alone, and then one straight cut."
)
def probabilities_only():
    def features(X):
        one, two = X[:, 0], X[:, 1]
        both = 2 * (np.pi - one) * (np.pi - two)
        phases = np.stack([0 * one, 2 * two + both, 2 * one + both, 2 * one + 2 * two], axis=1)
        layer = np.exp(1j * phases)
        H = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2
        states = layer * ((layer / 2) @ H)
        return np.abs(states) ** 2

    return make_pipeline(FunctionTransformer(features), SVC(kernel="linear", C=30))


@rival.mistake("rival should be a scikit-learn classifier, for example made by make_pipeline.")
def not_a_classifier():
    return 0.97


@rival.mistake(
    "rival uses a part of qlearn (qlearn.learning._estimators.get_params): the task is to beat it with NumPy and "
    "scikit-learn alone."
)
def the_quantum_one():
    return QSVC()


@rival.mistake(
    "rival uses a part of qlearn (qlearn.learning.qsvm.qsvc.__init__): the task is to beat it with NumPy and "
    "scikit-learn alone."
)
def the_quantum_one_in_disguise():
    return SVC(kernel=lambda A, B: QSVC().fit(A, B))


@rival.mistake(
    "rival uses a part of qlearn (qlearn._lazy.attribute): the task is to beat it with NumPy and scikit-learn "
    "alone."
)
def the_quantum_kernel_imported_inside():
    def f(A, B):
        from qlearn.learning import FidelityKernel

        return FidelityKernel()(A, B)

    return SVC(kernel=f)


@rival.mistake("SVC is a class: call it, to make one classifier.")
def a_class():
    return SVC
