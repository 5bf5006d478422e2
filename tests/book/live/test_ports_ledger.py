"""The ports behind the ledger, against the library: bounds, samples, and the bill of a session."""

from collections.abc import Callable
from math import ceil, floor

import numpy as np

from qlearn.communication import bb84, key_rate as rates, random_bits
from qlearn.communication.secret_key import (
    AuthenticationKey,
    PhaseErrorBound,
    distill,
    hashing_margin,
    sample_sizes,
    serfling_deviation,
)
from qlearn.communication.secret_key.finite_key import failure_of_one_basis
from qlearn.communication.secret_key.verification import tag_bits
from qlearn.qubits.entropies import binary_entropy

CORRECTNESS = 1e-15
FRAME = 2**14


def test_entropies_and_rates_of_endless_sessions(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    p = np.concatenate([rng.random(1000), rng.random(200) * 1e-9, [0, 0.5, 1]])
    agree(port("qubits/entropies", "binary_entropy", p[:, None]), binary_entropy(p))
    qber, f = rng.uniform(0, 0.6, 1500), rng.uniform(1, 2, 1500)
    ours = [rates.key_rate(e, efficiency=one) for e, one in zip(qber, f, strict=True)]
    # (near its end the rate is a small difference of numbers near 1)
    agree(port("communication/key_rate", "key_rate", np.column_stack([qber, f])), ours, scale=1)
    ours = [rates.tolerable_qber(efficiency=one) for one in f]
    agree(port("communication/key_rate", "tolerable_qber", f[:, None]), ours)


def test_bounds_and_samples(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    n, k = np.round(10 ** rng.uniform(0, 9, (2, 1500)))
    failure, security = 10 ** rng.uniform(-80, -1, 1500), 10 ** rng.uniform(-40, -2, 1500)
    ours = [serfling_deviation(*each) for each in zip(n, k, failure, strict=True)]
    agree(port("communication/secret_key", "serfling_deviation", np.column_stack([n, k, failure])), ours)
    ours = [hashing_margin(each) for each in security]
    agree(port("communication/secret_key", "hashing_margin", security[:, None]), ours)
    ours = [failure_of_one_basis(each) for each in security]
    agree(port("communication/secret_key", "failure_of_one_basis", security[:, None]), ours)
    sizes = [(int(one), FRAME, CORRECTNESS) for one in n]
    agree(port("communication/secret_key", "tag_bits", sizes), [tag_bits(*each) for each in sizes])


def test_the_best_sample(port: Callable, agree: Callable):
    rng = np.random.default_rng(3)
    z, x = np.round(10 ** rng.uniform(1, 9, (2, 1100)))
    x[:600] = z[:600]
    security, qber = 10 ** rng.uniform(-30, -4, 1100), rng.uniform(0, 0.12, 1100)
    ours = [
        list(sample_sizes({"Z": int(a), "X": int(b)}, security=eps, expected_qber=e).values())
        for a, b, eps, e in zip(z, x, security, qber, strict=True)
    ]
    agree(port("communication/secret_key", "sample_sizes", np.column_stack([z, x, security, qber])), ours)


def bill(
    half: int, samples: tuple[int, int], qber: float, efficiency: float, security: float
) -> tuple[float, list[int]]:
    """Secret bits before anything is said, and the entries of the ledger, from the library's parts."""
    sizes = dict(zip("ZX", samples, strict=True))
    kept = {basis: half - size for basis, size in sizes.items()}
    errors = {basis: qber * size for basis, size in sizes.items()}  # as if the samples met the rate exactly
    bound = PhaseErrorBound.of(sizes, errors, kept, failure_of_one_basis(security))
    n = sum(kept.values())
    disclosed = floor(efficiency * n * float(binary_entropy(qber)) + 0.5)
    frames, tag = tag_bits(n, FRAME, CORRECTNESS)
    secret, margin = bound.secret_bits(), hashing_margin(security)
    length = floor(secret - margin) - disclosed - frames * tag
    eve = length + ceil(margin) - (n - disclosed - frames * tag)
    return secret, [n - 2 * half, -disclosed, -frames * tag, eve, -ceil(margin), -512]


def test_the_bill_of_a_session(port: Callable, agree: Callable):
    rng = np.random.default_rng(4)
    half = np.round(10 ** rng.uniform(2, 9, 1500)).astype(int)
    samples = np.clip(np.round(half * 10 ** rng.uniform(-3, -0.1, (2, 1500))), 1, half - 1).astype(int).T
    samples[:300, 0] = half[:300]  # all of Z compared, a key of X alone
    samples[300:400, 1] = 0  # and nothing that vouches for Z
    qber, f, security = (
        rng.uniform(0, 0.12, 1500),
        rng.uniform(1, 1.6, 1500),
        10 ** rng.uniform(-40, -4, 1500),
    )
    each = list(zip(half.tolist(), samples.tolist(), qber, f, security, strict=True))
    ours = [bill(n, tuple(k), *rest) for n, k, *rest in each]
    theirs = port(
        "communication/secret_key",
        "secret_bits",
        [[k, [n - k[0], n - k[1]], e, eps] for n, k, e, _, eps in each],
    )
    # (where nearly nothing is secret it is a small difference of numbers as large as the key)
    agree(np.array(theirs) / half, np.array([secret for secret, _ in ours]) / half, scale=1)
    theirs = port("communication/secret_key", "ledger", [[*one, CORRECTNESS] for one in each])
    agree(theirs, [entries for _, entries in ours])


def test_the_bill_is_that_of_a_real_session():
    """The bill above, with what a session saw and said, is the ledger which that session kept."""
    sent = bb84.exchange(200_000, noise=0.02, rng=1)
    made = distill(sent, authentication_key=AuthenticationKey(random_bits(512, rng=2)), rng=3)
    spent = {entry.what: entry.bits for entry in made.ledger.entries}
    kept = spent["bits whose bases agree"] + spent["compared in public"]
    frames, tag = tag_bits(kept, FRAME, CORRECTNESS)
    assert spent["tags of the frames"] == -frames * tag
    assert spent["margin of the hashing"] == -ceil(hashing_margin(1e-10))
    assert spent["renews the authentication key"] == -512
    sample, half = -spent["compared in public"] // 2, spent["bits whose bases agree"] // 2
    _, ours = bill(
        half,
        (sample, sample),
        0.02,
        -spent["said to correct errors"] / kept / float(binary_entropy(0.02)),
        1e-10,
    )
    # What was seen in a sample of this size strays by less than six of its standard errors, and the share of Eve with it.
    stray = 6 * np.sqrt(0.02 * 0.98 / sample)
    slope = float(np.log2(1 / 0.02))
    assert abs(ours[3] - spent["what Eve may know"]) < 2 * half * stray * slope
    assert [entry.step for entry in made.ledger.entries] == [
        "sift", "estimate", "reconcile", "verify", "amplify", "amplify", "authenticate"
    ]  # fmt: skip


def test_the_still_picture_of_the_front_page_has_the_numbers_of_the_library(port: Callable, load: Callable):
    front_ledger = load("tools/front_ledger.py")
    assert front_ledger.PICTURE.read_text(encoding="utf8") == front_ledger.picture()
    assert (front_ledger.SIFTED, front_ledger.QBER) == (500_000, 0.03)  # as its caption says in words
    # Its live figure begins with the same bill; there Eve's two lines are one.
    book = front_ledger.ledger()
    sample = -book.by_step["estimate"] // 2
    bits = [entry.bits for entry in book.entries[1:]]
    setting = [
        front_ledger.SIFTED // 2,
        [sample, sample],
        front_ledger.QBER,
        front_ledger.EFFICIENCY,
        1e-10,
        CORRECTNESS,
    ]
    assert port("communication/secret_key", "ledger", [setting]) == [[*bits[:3], sum(bits[3:5]), *bits[5:]]]
    half = setting[0]
    assert port("communication/secret_key", "sample_sizes", [[half, half, 1e-10, 0.03]]) == [[sample, sample]]
