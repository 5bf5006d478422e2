"""A counted kernel: unbiased counts of the real circuits, a repair whose price is known, any device."""

import pickle
import tracemalloc

import numpy as np
import pennylane as qml
import pytest
from qiskit.primitives import StatevectorEstimator, StatevectorSampler
from qiskit_aer.primitives import SamplerV2
from sklearn.base import clone
from sklearn.svm import SVC

from qlearn.learning import QSVC, CountedKernel, FidelityKernel, ProjectedKernel
from qlearn.learning.encodings import AmplitudeEncoding, AngleEncoding
from qlearn.learning.qsvm import to_psd

ZZ = FidelityKernel("zz", reps=2)
DEVICES = {
    "Qiskit": lambda: StatevectorSampler(seed=1),
    "Aer": lambda: SamplerV2(seed=1),
    "PennyLane": lambda: qml.device("default.qubit", seed=1),
    "lightning": lambda: qml.device("lightning.qubit", wires=3, seed=1),
}


def rows(n, q, seed=0):
    return np.random.default_rng(seed).uniform(0, 2 * np.pi, (n, q))


def widest(K, shots):
    """Six sd of a share, and room for the long tail of small ones (Bernstein)."""
    return 6 * np.sqrt((K * (1 - K)).clip(min=0) / shots) + 12 / shots


@pytest.mark.parametrize("device", [None, *DEVICES])
def test_entries_are_shares_of_zeros_of_compute_and_uncompute(device):
    """66 entries, each within 6 sd: a false alarm in less than one of 10 million."""
    X, Y, shots = rows(6, 3), rows(5, 3, 1), 500
    made = None if device is None else DEVICES[device]()
    counted = CountedKernel(ZZ, shots, device=made, repair=None, random_state=2)
    table = counted.gram(X)
    assert (table == table.T).all()
    assert (np.diag(table) == 1).all()
    others = counted.gram(X, Y)
    for got, exact in ((table, ZZ.gram(X)), (others, ZZ.gram(X, Y))):
        assert got.shape == exact.shape
        np.testing.assert_allclose(got * shots, np.rint(got * shots), atol=1e-9)
        assert (np.abs(got - exact) <= widest(exact, shots)).all()


@pytest.mark.parametrize("encoding", [AmplitudeEncoding(), AngleEncoding(), "z"])
def test_an_exact_device_gives_the_exact_kernel(encoding):
    kernel = FidelityKernel(encoding)
    X = rows(4, 3) / 7
    device = qml.device("default.qubit")
    counted = CountedKernel(kernel, None, device=device)
    np.testing.assert_allclose(counted.gram(X), kernel.gram(X), atol=1e-10)
    projected = ProjectedKernel(encoding, locality=2)
    for made in (device, StatevectorEstimator()):
        measured = CountedKernel(projected, None, device=made).gram(X, X[:2].copy())
        np.testing.assert_allclose(measured, projected.gram(X, X[:2].copy()), atol=1e-10)


def test_blocks_of_pairs_are_all_run(monkeypatch):
    monkeypatch.setattr("qlearn.learning.qsvm.counted_kernel._AMPLITUDES", 32)
    counted = CountedKernel(ZZ, None, device=qml.device("default.qubit"))
    np.testing.assert_allclose(counted.gram(rows(5, 3)), ZZ.gram(rows(5, 3)), atol=1e-10)
    exact = CountedKernel(ProjectedKernel("zz"), None)
    np.testing.assert_allclose(exact.gram(rows(9, 3)), ProjectedKernel("zz").gram(rows(9, 3)), atol=1e-12)


def test_noise_pulls_every_entry_towards_two_to_the_minus_q():
    # 300 tables of 10 entries: mean within 6 sd of sqrt(1/4 / 300 / 200) = 0.002, false alarm 2e-8
    X, Y = rows(5, 2), rows(2, 2, 1)
    noisy = CountedKernel(ZZ, 200, noise=0.3, repair=None)
    mean = np.mean([noisy.gram(X, Y, rng=seed) for seed in range(300)], axis=0)
    np.testing.assert_allclose(mean, 0.7 * ZZ.gram(X, Y) + 0.3 / 4, atol=6 * 0.0021)
    table = CountedKernel(ZZ, None, noise=0.3, repair=None).gram(X)
    off = ~np.eye(5, dtype=bool)
    np.testing.assert_allclose(table[off], (0.7 * ZZ.gram(X) + 0.3 / 4)[off], atol=1e-12)
    assert (np.diag(table) == 1).all()


def test_the_repair_is_to_psd_and_its_price_is_as_the_docstring_says():
    X = rows(60, 2)
    exact, off = ZZ.gram(X), ~np.eye(60, dtype=bool)
    raw, clipped, shifted = (
        np.array([CountedKernel(ZZ, 1000, repair=how).gram(X, rng=seed) for seed in range(40)])
        for how in (None, "clip", "shift")
    )
    np.testing.assert_array_equal(clipped[0], to_psd(raw[0]))
    np.testing.assert_array_equal(shifted[0], to_psd(raw[0], "shift"))
    assert all(np.linalg.eigvalsh(table)[0] > -1e-12 for table in [*clipped, *shifted])
    # nearest point of a convex set that holds the exact table: never farther from it
    errors = [np.linalg.norm(tables - exact, axis=(1, 2)) for tables in (raw, clipped)]
    assert (errors[1] <= errors[0]).all()
    # spread over 40 tables: diagonal 0.002 (clip) and 0.01 (shift) of a table, so the means stand to 1e-3, 3e-3
    assert (clipped - exact)[:, ~off].mean() == pytest.approx(0.026, abs=0.003)
    assert (shifted - exact)[:, ~off].mean() == pytest.approx(0.157, abs=0.02)
    assert np.sqrt(((raw - exact)[:, off] ** 2).mean()) == pytest.approx(0.0124, abs=3e-4)
    assert np.sqrt(((clipped - exact)[:, off] ** 2).mean()) == pytest.approx(0.0099, abs=4e-4)
    assert np.array_equal(shifted[:, off], raw[:, off])


def test_rows_against_others_are_as_counted():
    X = rows(60, 2)
    for repair in ("clip", "shift", None):
        table = CountedKernel(ZZ, 50, repair=repair, random_state=0).gram(X[:30], X[30:])
        assert set(np.round(50 * table.ravel(), 9) % 1) == {0.0}


def test_a_projected_kernel_is_made_of_measured_arrows():
    """Features of 30 rows: 270 means of 400 runs, each within 6 sd (false alarm below 1e-6); then their Gaussian."""
    kernel, X, shots = ProjectedKernel("zz", gamma=0.3), rows(30, 3), 400
    counted = CountedKernel(kernel, shots)
    for made in (None, StatevectorSampler(seed=3), qml.device("default.qubit", seed=3)):
        own = CountedKernel(kernel, shots, device=made)
        seen = own._features(kernel, X, np.random.default_rng(4))
        exact = kernel.features(X)
        sd = np.sqrt((1 - (2 * exact**2).clip(max=1)) / shots / 2)
        assert (np.abs(seen - exact) <= 6 * sd + 12 / shots).all()
    table = counted.gram(X, rng=1)
    assert (np.diag(table) == 1).all()
    assert np.linalg.eigvalsh(table)[0] > -1e-12
    # distances grow by the noise of both rows: sum over features of their variances, one over shots each at most
    bias = np.mean([counted.gram(X, rng=seed) for seed in range(30)], axis=0) - kernel.gram(X)
    fall = 0.3 * (9 - 2 * (kernel.features(X) ** 2).sum(axis=1)) / shots / 2  # of each row
    expected = -kernel.gram(X) * (fall[:, None] + fall)
    off = ~np.eye(30, dtype=bool)
    # the bias is 0.002 to 0.006 of an entry; its mean over all pairs of 30 tables stands to about 2 parts in 10
    assert bias[off].mean() == pytest.approx(expected[off].mean(), rel=0.5)


def test_a_number_as_seed_counts_the_same_rows_alike_and_others_anew():
    counted, X = CountedKernel(ZZ, 100, random_state=7), rows(8, 2)
    np.testing.assert_array_equal(counted.gram(X), counted.gram(X.copy()))
    np.testing.assert_array_equal(counted(X, X), counted.gram(X))  # scikit-learn calls it with both
    assert not np.array_equal(counted.gram(X, X[:4].copy()), counted.gram(X, X[4:])[:, ::-1])
    assert not np.array_equal(counted.gram(X), counted.gram(X, rng=1))
    legacy = CountedKernel(ZZ, 100, random_state=np.random.RandomState(3)).gram(X)
    np.testing.assert_array_equal(
        legacy, CountedKernel(ZZ, 100, random_state=np.random.RandomState(3)).gram(X)
    )
    fresh = CountedKernel(ZZ, 100)
    assert not np.array_equal(fresh.gram(X), fresh.gram(X))


def test_machines_take_it_as_it_stands():
    X = rows(40, 2)
    y = ZZ.gram(X, X[:1])[:, 0] > 0.2
    counted = CountedKernel(ZZ, 10_000, random_state=0)
    machine = QSVC(kernel=counted).fit(X, y)
    assert machine.score(X, y) > 0.9
    assert SVC(kernel=counted).fit(X, y).score(X, y) > 0.9
    assert clone(machine).set_params(kernel__shots=10, kernel__kernel__bandwidth=0.5).kernel.shots == 10
    assert pickle.loads(pickle.dumps(counted)) == counted


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (
            lambda: CountedKernel("zz"),
            TypeError,
            "kernel must be a FidelityKernel or a ProjectedKernel, not 'zz'",
        ),
        (lambda: CountedKernel(ZZ, 0), ValueError, "shots must be at least 1, not 0"),
        (lambda: CountedKernel(ZZ, 1.5), TypeError, "shots must be a whole number"),
        (lambda: CountedKernel(ZZ, noise=2.0), ValueError, "noise must be a probability"),
        (
            lambda: CountedKernel(ZZ, noise=0.1, device=StatevectorSampler()),
            ValueError,
            "noise must be 0 with a device",
        ),
        (lambda: CountedKernel(ZZ, repair="cut"), ValueError, "repair must be one of clip, shift, not 'cut'"),
        (
            lambda: CountedKernel(ZZ).gram([[1.0]], [[1.0, 2.0]]),
            ValueError,
            "X and Y must have the same features",
        ),
        (lambda: CountedKernel(ZZ).gram([[np.nan]]), ValueError, "X must be finite"),
        (
            lambda: CountedKernel(ZZ, device=StatevectorEstimator()).gram(rows(2, 2)),
            TypeError,
            "must count outcomes",
        ),
        (
            lambda: CountedKernel(ZZ, device=qml.device("default.qubit", wires=1)).gram(rows(2, 2)),
            ValueError,
            "device must have at least the circuit's 2 wires",
        ),
        (
            lambda: CountedKernel(FidelityKernel(max_gib=1e-9), device=StatevectorSampler()).gram(rows(9, 2)),
            ValueError,
            "max_gib",
        ),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("noise", [0.0, 0.3])
@pytest.mark.parametrize(("left", "right"), [([0], [1]), ([0, 1], [1, 0]), ([0, 1, 2], [0, 1, 2])])
def test_rows_against_others_are_counted_whatever_their_table_looks_like(left, right, noise):
    """Tables that are symmetric by chance: no entry is known. 400 tables: a mean within 6 sd, a spread that is there."""
    X = rows(3, 2, 4)
    X, Y = X[left], X[right]
    tables = np.array(
        [CountedKernel(ZZ, 20, noise=noise, random_state=seed).gram(X, Y) for seed in range(400)]
    )
    expected = (1 - noise) * ZZ.gram(X, Y) + noise / 4
    np.testing.assert_allclose(tables * 20, np.rint(tables * 20), atol=1e-9)
    variance = (expected * (1 - expected)).clip(min=0) / 20
    assert (np.abs(tables.mean(axis=0) - expected) <= 6 * np.sqrt(variance / 400) + 1e-9).all()
    assert (tables.var(axis=0)[variance > 1e-3] > 0.5 * variance[variance > 1e-3]).all()


@pytest.mark.parametrize("limited", [FidelityKernel("z", max_gib=1e-3), ProjectedKernel("z", max_gib=8e-3)])
@pytest.mark.parametrize("repair", ["clip", None])
def test_a_table_is_refused_before_it_is_counted(limited, repair):
    # the projected kernel holds 6 MiB of states at a time; 700 x 700 entries are 3.7 MiB
    with pytest.raises(ValueError, match=f"max_gib is {limited.max_gib:g}"):
        CountedKernel(limited, 10, repair=repair).gram(rows(700, 2))
    assert CountedKernel(limited, 10, repair=repair).gram(rows(20, 2)).shape == (20, 20)


@pytest.mark.parametrize(
    ("repair", "others"), [("clip", False), ("shift", False), (None, False), ("clip", True)]
)
def test_the_memory_of_counting_is_within_what_is_asked_for(repair, others):
    X = rows(600, 2)
    with_, asked = CountedKernel(ZZ, 10, repair=repair, random_state=0), []
    Y = X[::-1] if others else None
    tracemalloc.start()
    with_.gram(X, Y)
    peak = tracemalloc.get_traced_memory()[1] / 2**30
    tracemalloc.stop()
    for room in (0.9 * peak, 3 * peak):
        small = CountedKernel(FidelityKernel(max_gib=room), 10, repair=repair, random_state=0)
        try:
            small.gram(X, Y)
        except ValueError:
            asked.append(room)
    assert asked == [0.9 * peak]


def test_single_rows_make_no_table_that_could_be_repaired():
    with pytest.raises(ValueError, match=r"one pair of rows at a time is not repaired.*precomputed"):
        CountedKernel(FidelityKernel("z"))([0.1, 0.2], [0.3, 0.4])
