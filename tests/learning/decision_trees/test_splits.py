"""The entropy of a mixture: Shannon's where states are orthogonal, Qiskit's and PennyLane's everywhere.

Thresholds: scikit-learn's own with orthogonal classes, and the best of all in any case.

Exemplars: the best pair of those drawn, asked by two overlaps.

Nyström: exact with all landmarks, scikit-learn's with some; a hyperplane is a small support vector machine.
"""

from itertools import combinations

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import DensityMatrix, entropy as their_entropy
from scipy.stats import entropy as shannon, unitary_group
from sklearn.kernel_approximation import Nystroem
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from qlearn.learning import FidelityKernel
from qlearn.learning.decision_trees import mixture_entropy
from qlearn.learning.decision_trees.splits import (
    ExemplarSplit,
    Hyperplane,
    Impurity,
    Threshold,
    best_exemplars,
    best_hyperplane,
    best_threshold,
    nystrom,
)
from qlearn.qubits import fidelity, ket, random_state

counts = st.lists(st.integers(0, 20), min_size=3, max_size=3).filter(any)
seeds = st.integers(0, 2**32 - 1)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any))
def test_orthogonal_states_give_shannon(weights):
    k = len(weights)
    expected = shannon(weights, base=2)
    np.testing.assert_allclose(mixture_entropy(weights), expected, atol=1e-12)
    rotated = unitary_group.rvs(8, random_state=k)[:k]
    np.testing.assert_allclose(mixture_entropy(weights, rotated), expected, atol=1e-9)


@given(counts, seeds)
def test_qiskit_and_pennylane_say_the_same(weights, seed):
    states = random_state(2, 3, rng=seed)
    p = np.array(weights) / sum(weights)
    rho = np.einsum("c,ci,cj->ij", p, states, states.conj())
    ours = mixture_entropy(weights, states)
    np.testing.assert_allclose(ours, their_entropy(DensityMatrix(rho), base=2), atol=1e-7)
    np.testing.assert_allclose(ours, qml.math.vn_entropy(rho, indices=[0, 1], base=2), atol=1e-7)


@pytest.mark.parametrize("overlap", [0, 0.1, 0.5, 0.9, 1])
def test_two_equal_shares_in_closed_form(overlap):
    # the eigenvalues are (1 +- s) / 2
    other = np.array([overlap, np.sqrt(1 - overlap**2)])
    expected = shannon([(1 + overlap) / 2, (1 - overlap) / 2], base=2)
    np.testing.assert_allclose(mixture_entropy([5, 5], [ket("0"), other]), expected, atol=1e-12)


@given(counts, seeds)
def test_overlap_never_raises_the_entropy(weights, seed):
    states = random_state(1, 3, rng=seed)  # three states in two dimensions: at most one bit
    value = mixture_entropy(weights, states)
    assert -1e-12 <= value <= min(shannon(weights, base=2), 1) + 1e-9


@given(counts, counts, seeds, st.booleans())
def test_a_question_is_worth_at_least_nothing_and_at_most_its_answer(yes, no, seed, orthogonal):
    impurity = Impurity.of(None if orthogonal else random_state(1, 3, rng=seed), 3)
    value = impurity.gain(np.array(yes), np.array(no))
    assert -1e-9 <= value <= shannon([sum(yes), sum(no)], base=2) + 1e-9  # Holevo's bound


def test_many_nodes_at_once():
    table = np.random.default_rng(0).integers(0, 9, (4, 5, 3)) + 1
    impurity = Impurity.of(random_state(1, 3, rng=1), 3)
    expected = [[impurity.entropy(node) for node in row] for row in table]
    np.testing.assert_allclose(impurity.entropy(table), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("weights", "states", "error", "says"),
    [
        ([1, -1], None, ValueError, "weights must be"),
        ([0, 0], None, ValueError, "weights must not all be 0"),
        ([], None, ValueError, "weights must have one weight for each state"),
        (3.0, None, ValueError, "weights must have one weight for each state"),
        ([np.nan, 1], None, ValueError, "weights must be"),
        (["a"], None, TypeError, "weights must be"),
        ([1, 1], [[1, 0]], ValueError, "states must be an array of 2 states, one for each class"),
        ([1, 1], [[1, 0], [1, 1]], ValueError, "states must be normalised"),
    ],
)
def test_refuses(weights, states, error, says):
    with pytest.raises(error, match=says):
        mixture_entropy(weights, states)


def task(seed, n=60, k=3):
    rng = np.random.default_rng(seed)
    # scikit-learn's trees see float32
    return rng.normal(size=(n, 4)).astype(np.float32).astype(float), rng.integers(0, k, n)


@pytest.mark.parametrize("seed", range(10))
def test_the_first_question_is_that_of_scikit_learn(seed):
    X, y = task(seed)
    ours = best_threshold(X, np.eye(3, dtype=int)[y], Impurity(None), np.arange(4))
    theirs = DecisionTreeClassifier(criterion="entropy", max_depth=1, random_state=0).fit(X, y).tree_
    assert ours.question.feature == theirs.feature[0]
    assert ours.question.threshold == pytest.approx(theirs.threshold[0], abs=1e-12)
    left, right = theirs.n_node_samples[1:] / len(y)
    gain = theirs.impurity[0] - left * theirs.impurity[1] - right * theirs.impurity[2]
    assert ours.gain == pytest.approx(gain, abs=1e-12)


@pytest.mark.parametrize("orthogonal", [True, False])
def test_no_other_threshold_is_worth_more(orthogonal):
    X, y = task(3)
    impurity = Impurity.of(None if orthogonal else random_state(1, 3, rng=2), 3)
    membership = np.eye(3, dtype=int)[y]
    found = best_threshold(X, membership, impurity, np.arange(4), min_samples_leaf=5)
    worth = [
        float(impurity.gain(membership[yes].sum(axis=0), membership[~yes].sum(axis=0)))
        for feature in range(4)
        for t in X[:, feature]
        if 5 <= (yes := X[:, feature] <= t).sum() <= 55
    ]
    assert found.gain == pytest.approx(max(worth), abs=1e-12)
    assert 5 <= found.yes.sum() <= 55
    np.testing.assert_array_equal(found.yes, found.question(X))


def test_overlapping_classes_are_worth_less_to_tell_apart():
    # feature 0 tells a from b (half the rows), feature 1 tells c from the rest (a quarter of the rows)
    y = np.repeat([0, 1, 2], [8, 4, 4])
    X = np.column_stack([y == 0, y == 2]).astype(float)
    membership = np.eye(3, dtype=int)[y]
    nearly = np.array([[1, 0], [0.99, np.sqrt(1 - 0.99**2)], [0, 1]])
    assert best_threshold(X, membership, Impurity(None), np.arange(2)).question.feature == 0
    assert best_threshold(X, membership, Impurity.of(nearly, 3), np.arange(2)).question.feature == 1


def test_neighbours_in_float64_are_told_apart():
    low, high = 1.0, np.nextafter(1.0, 2)
    found = best_threshold(np.array([[low], [high]]), np.eye(2, dtype=int), Impurity(None), np.array([0]))
    assert found.question == Threshold(0, low)
    assert found.yes.tolist() == [True, False]


def test_nothing_to_ask():
    membership = np.eye(2, dtype=int)[[0, 1, 0]]
    assert best_threshold(np.ones((3, 1)), membership, Impurity(None), np.array([0])) is None
    rising = np.arange(3.0)[:, None]
    assert best_threshold(rising, membership, Impurity(None), np.array([0]), min_samples_leaf=2) is None


@pytest.fixture(scope="module")
def node():
    return random_state(3, 40, rng=1), np.eye(3, dtype=int)[np.random.default_rng(2).integers(0, 3, 40)]


def test_a_row_is_at_least_as_like_the_first(node):
    states, _ = node
    question = ExemplarSplit((3, 7), states[[3, 7]])
    expected = [fidelity(s, states[3]) >= fidelity(s, states[7]) for s in states]
    np.testing.assert_array_equal(question(states), expected)
    assert question(states)[3]
    assert not question(states)[7]


@pytest.mark.parametrize("least", [1, 12])
def test_no_other_pair_is_worth_more(node, least):
    states, membership = node
    impurity = Impurity.of(random_state(1, 3, rng=5), 3)
    found = best_exemplars(
        states, membership, impurity, landmarks=99, rng=np.random.default_rng(0), min_samples_leaf=least
    )
    likeness = np.abs(states @ states.conj().T) ** 2
    worth = []
    for a, b in combinations(range(40), 2):
        yes = likeness[:, a] >= likeness[:, b]
        if least <= yes.sum() <= 40 - least:
            worth.append(float(impurity.gain(membership[yes].sum(axis=0), membership[~yes].sum(axis=0))))
    assert found.gain == pytest.approx(max(worth), abs=1e-12)
    np.testing.assert_array_equal(found.yes, found.question(states))
    np.testing.assert_array_equal(found.question.states, states[list(found.question.landmarks)])


def test_nothing_to_ask_exemplars(node):
    membership = node[1][:4]
    same = np.repeat(node[0][:1], 4, axis=0)
    rng = np.random.default_rng(0)
    assert best_exemplars(same, membership, Impurity(None), landmarks=4, rng=rng) is None
    # every pair parts these rows, and no answer changes the shares
    pairs = np.repeat(np.eye(2, dtype=complex), 2, axis=0)
    mixed = np.eye(2, dtype=int)[[0, 1, 0, 1]]
    assert best_exemplars(pairs, mixed, Impurity(None), landmarks=4, rng=rng) is None


def rows(n, seed=0):
    return np.random.default_rng(seed).uniform(0, np.pi, (n, 2))


def test_with_all_rows_it_is_the_kernel():
    K = FidelityKernel().gram(rows(50))  # 50 rows, 16 dimensions: rank 16
    embedding, onto = nystrom(K, K)
    assert embedding.shape == (50, 16)
    assert onto.shape == (50, 16)
    np.testing.assert_allclose(embedding @ embedding.T, K, atol=1e-9)


def test_with_some_rows_it_is_that_of_scikit_learn():
    kernel, X = FidelityKernel(reps=1), rows(30, seed=1)
    one = lambda x, y: kernel.gram([x], [y]).item()  # noqa: E731  (it asks for one entry at a time)
    theirs = Nystroem(one, n_components=6, random_state=3).fit(X)
    chosen = theirs.component_indices_
    ours, _ = nystrom(kernel.gram(X, X[chosen]), kernel.gram(X[chosen]))
    other = theirs.transform(X)
    np.testing.assert_allclose(ours @ ours.T, other @ other.T, atol=1e-9)
    error = kernel.gram(X) - ours @ ours.T
    assert np.linalg.eigvalsh(error).min() > -1e-9  # it is never too large in any direction


def test_equal_landmarks_do_no_harm():
    K = FidelityKernel().gram(rows(5)[[0, 0, 1, 2, 3, 4]])
    embedding, _ = nystrom(K, K)
    np.testing.assert_allclose(embedding @ embedding.T, K, atol=1e-9)


def test_with_all_landmarks_a_node_is_a_support_vector_machine():
    states = random_state(2, 40, rng=4)
    labels = np.random.default_rng(5).integers(0, 2, 40)
    found = best_hyperplane(
        states, np.eye(2, dtype=int)[labels], Impurity(None), landmarks=40, trials=1, C=3.0,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    K = np.abs(states @ states.conj().T) ** 2
    machine = SVC(C=3.0, kernel="precomputed", class_weight="balanced", tol=1e-6).fit(K, labels)
    new = random_state(2, 200, rng=6)
    decision = machine.decision_function(np.abs(new @ states.conj().T) ** 2)
    value = np.abs(new @ found.question.states.conj().T) ** 2 @ found.question.weights + found.question.offset
    np.testing.assert_allclose(np.abs(value), np.abs(decision), atol=5e-3)  # libsvm stops at 1e-3
    clear = np.abs(decision) > 5e-3
    same = found.question(new)[clear] == (decision[clear] > 0)
    assert same.all() or not same.any()  # which half is called yes, chance decides


def test_says_what_it_asked():
    states = random_state(2, 30, rng=7)
    membership = np.eye(3, dtype=int)[np.random.default_rng(8).integers(0, 3, 30)]
    found = best_hyperplane(
        states, membership, Impurity(None), landmarks=5, trials=4, C=10.0, rng=np.random.default_rng(1)
    )
    question = found.question
    assert isinstance(question, Hyperplane)
    assert len(question.landmarks) == 5
    np.testing.assert_array_equal(question.states, states[list(question.landmarks)])
    np.testing.assert_array_equal(question(states), found.yes)
    yes, no = membership[found.yes].sum(axis=0), membership[~found.yes].sum(axis=0)
    assert found.gain == Impurity(None).gain(yes, no) > 0


def test_more_trials_are_never_worse():
    states = random_state(3, 50, rng=9)
    membership = np.eye(2, dtype=int)[np.random.default_rng(9).integers(0, 2, 50)]
    gains = [
        best_hyperplane(
            states, membership, Impurity(None), landmarks=4, trials=trials, C=10.0,
            rng=np.random.default_rng(2),
        ).gain
        for trials in (1, 3, 9)
    ]  # fmt: skip
    assert gains == sorted(gains)


@pytest.mark.parametrize("least", [1, 3])
def test_nothing_to_ask_hyperplanes(least):
    same = np.repeat(random_state(2, 1, rng=1), 4, axis=0)
    membership = np.eye(2, dtype=int)[[0, 0, 0, 1]]
    found = best_hyperplane(
        same, membership, Impurity(None), landmarks=2, trials=2, C=1.0, rng=np.random.default_rng(0),
        min_samples_leaf=least,
    )  # fmt: skip
    assert found is None
