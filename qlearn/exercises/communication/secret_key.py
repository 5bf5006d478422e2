"""Exercises of the chapter *From errors to a secret key*."""

from collections.abc import Callable
from dataclasses import replace
from math import ceil, log2
from types import FunctionType
from typing import Any

import numpy as np

from qlearn.communication import bb84, binary_entropy, random_bits, secret_key
from qlearn.communication.secret_key import hashing_margin, serfling_deviation, toeplitz_hash
from qlearn.exercises import Exercise, Verdict


def h(p: float) -> float:
    """Binary entropy in bits."""
    return float(binary_entropy(p))


def _is_whole(got: Any) -> bool:
    return isinstance(got, int | np.integer) and not isinstance(got, bool)


def _key_length_cases() -> list[tuple[int, float, float, int]]:
    cases, rng = (
        [(1000, 0.0, 0.0, 1000), (1000, 0.05, 0.33, 383), (1000, 0.11, 0.55, 0)],
        np.random.default_rng(1),
    )
    while len(cases) < 9:
        n, qber, leak = (
            int(rng.integers(50, 10**6)),
            float(rng.uniform(0.01, 0.1)),
            float(rng.uniform(0.1, 0.5)),
        )
        left = n * (1 - h(qber) - leak)
        if 0.01 < left % 1 < 0.99:  # so that every way to write the sum rounds to the same number
            cases.append((n, qber, leak, max(0, int(left))))
    return cases


def _grade_key_length(answer: Any) -> Verdict:
    for n, qber, leak, expected in _key_length_cases():
        got = answer(n, qber, leak)
        if _is_whole(got) and got == expected:
            continue
        if not _is_whole(got) and not isinstance(got, float | np.floating):
            return Verdict.wrong(f"return a whole number of bits, not {got!r}.")
        if got < 0:
            return Verdict.wrong(
                f"at QBER {qber:.3g} you return {got}: a key has no negative length. No key is an answer too: 0."
            )
        if qber and got == answer(n, 0.0, leak):
            return Verdict.wrong(
                "your length does not fall with the error rate: every error is charged to Eve, h(qber) a bit."
            )
        if qber and got == answer(n, qber, 0.0):
            return Verdict.wrong(
                "your length does not fall with the leak: what was said in public, Eve has heard. Subtract it."
            )
        if int(got) == expected or got == expected + 1:
            return Verdict.wrong(
                f"{got} bits: a key has a whole number of them, an int. Round down, never up."
            )
        return Verdict.wrong(
            f"for {n} bits, QBER {qber:.3g} and a leak of {leak:.3g} a bit you keep {got}; {expected} are safe."
        )
    return Verdict.right(
        "Errors are charged twice: once to Eve, once to what had to be said to correct them."
    )


key_length = Exercise(
    name="key_length",
    level="warm-up",
    prompt=(
        "Write `key_length(n, qber, leak)`: how many of `n` corrected bits may be kept in a very long session, when "
        "`leak` bits for each bit were said in public? The function `h` is given."
    ),
    stub="def key_length(n, qber, leak):\n    ...\n",
    solution="def key_length(n, qber, leak):\n    return max(0, int(n * (1 - h(qber) - leak)))\n",
    explanation=(
        "Eve may know `h(qber)` bits of each bit from the line, and all that was said in public. What is left is "
        "secret; below zero nothing is."
    ),
    wrong={
        "forgets Eve": "def key_length(n, qber, leak):\n    return max(0, int(n * (1 - leak)))\n",
        "forgets the leak": "def key_length(n, qber, leak):\n    return max(0, int(n * (1 - h(qber))))\n",
        "negative": "def key_length(n, qber, leak):\n    return int(n * (1 - h(qber) - leak))\n",
        "fractions of a bit": "def key_length(n, qber, leak):\n    return max(0, n * (1 - h(qber) - leak))\n",
        "rounds up": "def key_length(n, qber, leak):\n    return max(0, 1 + int(n * (1 - h(qber) - leak)))\n",
        "as text": "def key_length(n, qber, leak):\n    return str(max(0, int(n * (1 - h(qber) - leak))))\n",
        "a thousand bits only": "def key_length(n, qber, leak):\n    return max(0, int(1000 * (1 - h(qber) - leak)))\n",
        "takes the errors away": "def key_length(n, qber, leak):\n    return max(0, int(n * (1 - qber - leak)))\n",
    },
    grade=_grade_key_length,
    given={"h": h},
)


def _asking(bits: np.ndarray) -> tuple[Callable[[int, int], int], Callable[[], int]]:
    """Return Alice, who answers for the parity of a stretch of her bits, and how often she was asked."""
    asked = 0

    def ask(start: int, stop: int) -> int:
        nonlocal asked
        asked += 1
        return int(bits[start:stop].sum()) % 2

    return ask, lambda: asked


def _grade_find_error(answer: Any) -> Verdict:
    rng = np.random.default_rng(3)
    cases = [(16, [11]), (16, [0]), (1, [0]), (37, [36]), (64, [5, 6, 60])]
    for n in rng.integers(2, 300, 8).tolist():
        cases.append((n, [int(rng.integers(n))]))
    for n, errors in cases:
        alice = rng.integers(0, 2, n, dtype=np.uint8)
        bob = alice.copy()
        bob[errors] ^= 1
        ask, count = _asking(alice)
        got = answer(bob.copy(), ask)
        asked = count()
        if not isinstance(got, int | np.integer | None):
            return Verdict.wrong(f"return one position, a whole number, not {got!r}: one error is asked for.")
        if got not in errors:
            said = "nothing" if got is None else f"bit {got}"
            return Verdict.wrong(
                f"in a block of {n} with errors at {errors} you return {said}. Keep the half whose parities differ: "
                "there the number of errors is odd, so at least one is in it."
            )
        most = ceil(log2(n)) if n > 1 else 0
        if asked > most:
            if asked == 2 * most:
                return Verdict.wrong(
                    f"{asked} parities for a block of {n}: you ask for both halves. The second parity follows: "
                    "the block's is known to differ. Each one you ask for is a bit of key lost."
                )
            return Verdict.wrong(
                f"{asked} parities for a block of {n}; {most} are enough. Each is a bit of key lost: halve."
            )
    return Verdict.right("One parity a halving, log2(n) in all. This is the step that Cascade repeats.")


find_error = Exercise(
    name="find_error",
    level="core",
    prompt=(
        "The parities of a block differ: its number of errors is odd. Write `find_error(block, ask)`: the position of "
        "one error in Bob's `block`. `ask(start, stop)` tells the parity of Alice's bits `start` to `stop - 1`, and "
        "costs a bit of key: for n bits ask at most log2(n) times, rounded up."
    ),
    stub="def find_error(block, ask):\n    ...\n",
    solution="""\
def find_error(block, ask):
    start, stop = 0, len(block)
    while stop - start > 1:
        middle = (start + stop) // 2
        if block[start:middle].sum() % 2 != ask(start, middle):
            stop = middle        # the odd number of errors is in the first half
        else:
            start = middle       # so it is in the second
    return start
""",
    explanation=(
        "An odd number splits into an odd and an even one. If the parities of the first half differ, the odd part is "
        "there; if they agree, it is in the second half, and nobody need ask. After log2(n) halvings one bit is left."
    ),
    wrong={
        "one by one": """\
def find_error(block, ask):
    for i in range(len(block)):
        if block[i] != ask(i, i + 1):
            return i
""",
        "all of them": """\
def find_error(block, ask):
    return [i for i in range(len(block)) if block[i] != ask(i, i + 1)]
""",
        "asks for both halves": """\
def find_error(block, ask):
    start, stop = 0, len(block)
    while stop - start > 1:
        middle = (start + stop) // 2
        first = block[start:middle].sum() % 2 != ask(start, middle)
        second = block[middle:stop].sum() % 2 != ask(middle, stop)
        start, stop = (start, middle) if first else (middle, stop)
    return start
""",
        "the wrong half": """\
def find_error(block, ask):
    start, stop = 0, len(block)
    while stop - start > 1:
        middle = (start + stop) // 2
        if block[start:middle].sum() % 2 == ask(start, middle):
            stop = middle
        else:
            start = middle
    return start
""",
    },
    grade=_grade_find_error,
)


def _grade_toeplitz_matrix(answer: Any) -> Verdict:
    rng = np.random.default_rng(5)
    for n, m in ((4, 2), (7, 7), (12, 5)):
        seed = rng.integers(0, 2, n + m - 1, dtype=np.uint8)
        got = np.asarray(answer(seed.copy(), n, m))
        if got.shape == (n, m) and n != m:
            return Verdict.wrong(
                f"your matrix has shape {got.shape}: it turns {n} bits into {m}, so ({m}, {n})."
            )
        if got.shape != (m, n):
            return Verdict.wrong(
                f"for n = {n}, length = {m} the matrix has shape ({m}, {n}), not {got.shape}."
            )
        # column j of the matrix is the hash of the j-th unit key
        if (got == np.transpose([toeplitz_hash(unit, seed, m) for unit in np.eye(n, dtype=np.uint8)])).all():
            continue
        if (got[1:, :-1] == got[:-1, 1:]).all() and n > 2:
            return Verdict.wrong(
                "your matrix is constant along the other diagonals (a Hankel matrix): the index is n - 1 + i - j, "
                "with a minus before j."
            )
        if (got[1:, 1:] == got[:-1, :-1]).all():
            return Verdict.wrong(
                "a Toeplitz matrix, but the diagonals are numbered from the wrong end: the top right corner is seed[0]."
            )
        return Verdict.wrong(
            "each diagonal must carry one bit of the seed: entry (i, j) is seed[n - 1 + i - j]."
        )
    return Verdict.right(
        "n + m - 1 random bits instead of n m, and still any two keys collide with chance 2^-m."
    )


toeplitz_matrix = Exercise(
    name="toeplitz_matrix",
    level="core",
    prompt=(
        "`toeplitz_hash` never writes its matrix down. Do: `toeplitz_matrix(seed, n, length)`, an array T of shape "
        "`(length, n)` such that `T @ key % 2` is the hash."
    ),
    stub="def toeplitz_matrix(seed, n, length):\n    ...\n",
    solution="""\
def toeplitz_matrix(seed, n, length):
    i, j = np.arange(length)[:, None], np.arange(n)
    return seed[n - 1 + i - j]
""",
    explanation=(
        "The index n - 1 + i - j is the same along each diagonal, 0 in the top right corner and n + m - 2 in the bottom "
        "left: all n + m - 1 bits of the seed are used."
    ),
    wrong={
        "Hankel": """\
def toeplitz_matrix(seed, n, length):
    i, j = np.arange(length)[:, None], np.arange(n)
    return seed[i + j]
""",
        "transposed": """\
def toeplitz_matrix(seed, n, length):
    i, j = np.arange(length), np.arange(n)[:, None]
    return seed[n - 1 + i - j]
""",
        "numbered from the other end": """\
def toeplitz_matrix(seed, n, length):
    i, j = np.arange(length)[:, None], np.arange(n)
    return seed[length - 1 - i + j]
""",
        "not a diagonal each": """\
def toeplitz_matrix(seed, n, length):
    return np.resize(seed, (length, n))
""",
    },
    grade=_grade_toeplitz_matrix,
    given={"np": np},
)


def _grade_second_message(answer: Any) -> Verdict:
    rng = np.random.default_rng(8)
    cases = [(b"meet me at noon!", b"no, at midnight.")]
    cases += [(rng.bytes(n), rng.bytes(n)) for n in rng.integers(2, 60, 4).tolist()]
    for first, second in cases:
        key = random_bits(8 * len(first), rng=rng)
        one, two = secret_key.encrypt(first, key), secret_key.encrypt(second, key)
        got = answer(one, two, first)
        if not isinstance(got, bytes | bytearray):
            return Verdict.wrong(
                f"return bytes, not {type(got).__name__}: bytes(a ^ b for a, b in zip(...))."
            )
        got = bytes(got)
        if got == second:
            continue
        for wrong, why in (
            (
                bytes(a ^ b for a, b in zip(one, two, strict=True)),
                "this is the one message against the other: the key is gone. Now use the message that you know.",
            ),
            (
                bytes(a ^ b for a, b in zip(one, first, strict=True)),
                "this is the key. It is the same for the second cipher: one step more.",
            ),
            (
                bytes(a ^ b for a, b in zip(two, first, strict=True)),
                "one cipher alone has the key in it still: only against the other cipher does it fall out.",
            ),
            (first, "this is the message that you were given."),
        ):
            if got == wrong:
                return Verdict.wrong(why)
        return Verdict.wrong(f"you read {got!r}; that is not what Alice sealed. c1 ^ c2 = m1 ^ m2.")
    return Verdict.right("The key fell out, though you never had it. One known message opens every other.")


second_message = Exercise(
    name="second_message",
    level="core",
    prompt=(
        "Alice used one pad twice. You have both ciphers, and you know the first message (it began every day in the same "
        "way). Write `second_message(first_cipher, second_cipher, first)`, all bytes: what does the second say?"
    ),
    stub="def second_message(first_cipher, second_cipher, first):\n    ...\n",
    solution="""\
def second_message(first_cipher, second_cipher, first):
    return bytes(a ^ b ^ m for a, b, m in zip(first_cipher, second_cipher, first))
""",
    explanation=(
        "c1 = m1 ^ k and c2 = m2 ^ k, so c1 ^ c2 = m1 ^ m2: the key cancels. XOR with m1 leaves m2. Where no message is "
        "known, the habits of a language are enough: a space against a letter only changes its case."
    ),
    wrong={
        "one against the other": """\
def second_message(first_cipher, second_cipher, first):
    return bytes(a ^ b for a, b in zip(first_cipher, second_cipher))
""",
        "the key": """\
def second_message(first_cipher, second_cipher, first):
    return bytes(a ^ m for a, m in zip(first_cipher, first))
""",
        "one cipher": """\
def second_message(first_cipher, second_cipher, first):
    return bytes(b ^ m for b, m in zip(second_cipher, first))
""",
        "the first message": """\
def second_message(first_cipher, second_cipher, first):
    return first
""",
        "learnt by heart": """\
def second_message(first_cipher, second_cipher, first):
    return b"no, at midnight."
""",
        "a list": """\
def second_message(first_cipher, second_cipher, first):
    return [a ^ b ^ m for a, b, m in zip(first_cipher, second_cipher, first)]
""",
    },
    grade=_grade_second_message,
)


def _length(n_signals: int, sample: int, qber: float) -> float:
    kept = n_signals - sample
    worst = min(0.5, qber + float(serfling_deviation(kept, sample, (1e-10 / 4) ** 2)))
    return kept * (1 - h(worst) - 1.1 * h(qber)) - hashing_margin(1e-10) - 51


def _grade_best_sample(answer: Any) -> Verdict:
    rng = np.random.default_rng(4)
    cases = [(20_000, 0.02), (1_000_000, 0.03)]
    cases += [(int(10 ** rng.uniform(4.5, 6.5)), float(rng.uniform(0.005, 0.04))) for _ in range(3)]
    shares = []
    for n, qber in cases:
        best, at = max((_length(n, int(k), qber), int(k)) for k in np.geomspace(1, n - 1, 2_000))
        shares.append(f"{at / n:.0%} of {n:,}")
        got = answer(n, qber)
        if isinstance(got, float | np.floating) and 0 < got < 1:
            return Verdict.wrong(f"{got} is a share. Return how many of the {n} bits, a whole number.")
        if not _is_whole(got):
            return Verdict.wrong(f"return a whole number of bits, an int, not {got!r}.")
        if not 1 <= got <= n - 1:
            return Verdict.wrong(
                f"of {n} bits you compare {got}: at least one must be compared, and one kept."
            )
        length = _length(n, int(got), qber)
        if length >= 0.99 * best:
            continue
        if got == n // 2:
            return Verdict.wrong(
                f"half of {n}: the errors are bounded closely, and half the key is gone. You keep {max(0, length):.0f} bits, "
                f"{best:.0f} are possible."
            )
        side = "few: the bound on the rest is loose" if got < at else "many: they leave the key"
        return Verdict.wrong(
            f"of {n} bits you compare {int(got)}, too {side}. You keep {max(0, length):.0f} bits; {best:.0f} are possible."
        )
    return Verdict.right(
        f"About {shares[1]} bits, {shares[0]}: the shorter the session, the larger the share that proves and is lost."
    )


best_sample = Exercise(
    name="best_sample",
    level="stretch",
    prompt=(
        "How many bits shall be compared? Write `best_sample(n_signals, qber)`: the sample size that leaves the longest "
        "key, for a security of 1e-10 and a leak of 1.1 h(qber) a kept bit. Given: `h`, `np` and "
        "`serfling_deviation(n_key, n_sample, failure)`. "
        "The failure probability is (1e-10 / 4) ** 2. Within 1 % of the best length is good enough."
    ),
    stub="def best_sample(n_signals, qber):\n    ...\n",
    solution="""\
def best_sample(n_signals, qber):
    sample = np.unique(np.geomspace(1, n_signals - 1, 1000).astype(int))
    kept = n_signals - sample
    worst = np.minimum(0.5, qber + serfling_deviation(kept, sample, (1e-10 / 4) ** 2))
    eve = np.array([h(w) for w in worst])
    return sample[np.argmax(kept * (1 - eve - 1.1 * h(qber)))]
""",
    explanation=(
        "Each compared bit leaves the key, and the bound on the others grows like 1/sqrt(sample). The length has one peak: "
        "try sizes over the whole range, densely where they are small, and take the best. The constant terms do not move it."
    ),
    wrong={
        "half": "def best_sample(n_signals, qber):\n    return n_signals // 2\n",
        "one in ten": "def best_sample(n_signals, qber):\n    return n_signals // 10\n",
        "a share": "def best_sample(n_signals, qber):\n    return 0.1\n",
        "nearly all": "def best_sample(n_signals, qber):\n    return int(0.9 * n_signals)\n",
        "none": "def best_sample(n_signals, qber):\n    return 0\n",
    },
    grade=_grade_best_sample,
    given={"h": h, "np": np, "serfling_deviation": serfling_deviation},
)


def _secret_bits(keys: bb84.SiftedKeys, line: secret_key.PublicChannel) -> tuple[int, float, float]:
    """Return the bits kept after the sample that was named on the line, those that Eve misses, and would at its rates."""
    named = next(m for m in line.messages if (m.step, m.sender) == ("estimate", "alice"))
    chosen = np.unpackbits(named.payload, count=len(keys)).view(bool)
    wrong, secret, careless = keys.alice ^ keys.bob, 0.0, 0.0
    for basis in (0, 1):
        n, other = np.count_nonzero(~chosen & (keys.bases == basis)), chosen & (keys.bases != basis)
        rate = wrong[other].mean()
        mu = float(serfling_deviation(n, np.count_nonzero(other), (1e-10 / 4) ** 2 / 2))
        secret += n * (1 - h(min(0.5, rate + mu)))
        careless += n * (1 - h(rate))
    return int(np.count_nonzero(~chosen)), secret, careless


def _spoil_a_tag(message: secret_key.Message) -> secret_key.Message:
    """Be a line on which the two keys look different: one bit of Alice's answers to the check arrives wrong."""
    if (message.step, message.sender) == ("verify", "alice"):
        message.payload[-1] ^= 1 << 7
    return message


def _unused(keys: bb84.SiftedKeys) -> bb84.SiftedKeys:
    """Return the same bits as if nobody had compared any of them: each run of an answer has its own."""
    return bb84.SiftedKeys(keys.alice, keys.bob, keys.bases)


def _said(line: secret_key.PublicChannel, step: str) -> np.ndarray:
    return next(m.payload for m in line.messages if (m.step, m.sender) == (step, "alice"))


def _end_of(answer: Any, keys: bb84.SiftedKeys) -> str | None:
    """Return what comes of a session that has no key to give, in words; None if it is None, as it should be."""
    try:
        got = answer(_unused(keys), secret_key.PublicChannel(), np.random.default_rng(6))
    except Exception as error:  # a student's code may fail in any way
        return f"your answer raises {type(error).__name__}"
    return None if got is None else "you return keys"


def _makes_bobs_key_of_alices(answer: Any, keys: bb84.SiftedKeys) -> bool:
    """Run the answer with a `reconcile` that flips one of Bob's bits when all is verified: his key must change."""
    flipped = []

    def flipping(*args: Any, **options: Any) -> secret_key.ReconciledKeys:
        right = secret_key.reconcile(*args, **options)
        bob = right.bob.copy()
        bob[bob.size // 2] ^= 1
        flipped.append(True)
        return replace(right, bob=bob)

    if not isinstance(answer, FunctionType):
        return False
    names = {**answer.__globals__, "reconcile": flipping}
    other = FunctionType(answer.__code__, names, answer.__name__, answer.__defaults__, answer.__closure__)
    got = other(_unused(keys), secret_key.PublicChannel(), np.random.default_rng(6))
    return bool(flipped) and got is not None and np.array_equal(*got)


def _grade_my_distill(answer: Any) -> Verdict:
    keys = bb84.sift(bb84.exchange(120_000, noise=0.02, rng=5))
    line = secret_key.PublicChannel()
    got = answer(_unused(keys), line, np.random.default_rng(6))
    if not isinstance(got, tuple | list) or len(got) != 2:
        return Verdict.wrong("return two keys: Alice's and Bob's.")
    alice, bob = (np.asarray(key) for key in got)
    if alice.shape != bob.shape or (alice != bob).any():
        return Verdict.wrong("the two keys differ: amplify only what was corrected, both with one seed.")
    said = line.disclosed
    for step in ("estimate", "reconcile", "verify", "amplify"):
        if step not in said:
            return Verdict.wrong(
                f"nobody said anything to {step} on the line you were given: pass it on as channel=line."
            )
    kept, secret, careless = _secret_bits(keys, line)
    most = secret - said["reconcile"] - said["verify"] - hashing_margin(1e-10)
    # 3 bits for rounding: each mistake moves the length by more
    if (excess := alice.size - most) > 3:
        forgotten = {
            "what was said to correct errors": said["reconcile"],
            "the tags that compared the keys, which Eve has heard too": said["verify"],
            "the margin of the hashing": hashing_margin(1e-10),
            "all that was said in public": said["reconcile"] + said["verify"],
            "what Eve may know, by the errors of the sample and their deviation": kept - secret,
            "how much worse than the sample the kept bits may be": careless - secret,
        }
        why = min(forgotten, key=lambda what: abs(excess - forgotten[what]))
        if abs(excess - forgotten[why]) < 30:
            return Verdict.wrong(f"{alice.size} bits are too many. You forgot to subtract {why}.")
        return Verdict.wrong(
            f"{alice.size} bits are too many; {most:.0f} are secret. What was said and not subtracted?"
        )
    if alice.size < most - 8:  # rounding again
        return Verdict.wrong(
            f"{alice.size} bits are safe, but {most:.0f} are too: something is subtracted twice, or need not be."
        )
    rest = keys.alice[np.unpackbits(_said(line, "estimate"), count=len(keys)) == 0]
    seed = np.unpackbits(_said(line, "amplify"), count=rest.size + alice.size - 1)
    if (alice != toeplitz_hash(rest, seed, alice.size)).any():
        return Verdict.wrong(
            "the length is right, but these bits are not the hash of the corrected key by the seed that was said."
        )
    again = secret_key.PublicChannel()
    answer(_unused(keys), again, np.random.default_rng(7))
    for step, what in (("estimate", "sample"), ("amplify", "seed of the hash")):
        if np.array_equal(_said(line, step)[:100], _said(again, step)[:100]):  # their lengths differ a little
            return Verdict.wrong(
                f"the {what} is the same whatever `rng` is: Eve knows it before the pulses pass her. Pass `rng` on."
            )
    spoilt = secret_key.PublicChannel(_spoil_a_tag)
    if answer(_unused(keys), spoilt, np.random.default_rng(6)) is not None:
        return Verdict.wrong(
            "on a line where the tags of the two keys do not agree you return keys all the same: look at `verified`. "
            "What is only probably equal is no key: None."
        )
    for why, hopeless in (
        ("with 12 % of errors nothing is secret", bb84.sift(bb84.exchange(60_000, noise=0.12, rng=5))),
        ("from 300 pulses there is no key", bb84.sift(bb84.exchange(300, rng=5))),
        (
            "from 6,000 pulses, with 3 % of errors, too little is left",
            bb84.sift(bb84.exchange(6_000, noise=0.03, rng=5)),
        ),
    ):
        if (ends := _end_of(answer, hopeless)) is not None:
            return Verdict.wrong(f"{why}, and {ends}. None is the answer then.")
    if _makes_bobs_key_of_alices(answer, keys):
        return Verdict.wrong(
            "Bob's key is made of Alice's bits: with one of his corrected bits flipped it is still hers. He hashes his own."
        )
    return Verdict.right(
        f"{alice.size} equal secret bits, if it was Bob. Tags are missing, on all of this talk and on the sifting "
        "before it: an Eve who sifted in his name would hold every one of them."
    )


my_distill = Exercise(
    name="my_distill",
    level="project",
    prompt=(
        "Go all the way yourself. Write `my_distill(keys, line, rng)` with `estimate`, `reconcile`, `amplify` and "
        "`hashing_margin` (given): return Alice's secret key and Bob's, for a security of 1e-10, or None if there is none. All "
        "is said on `line`; `line.disclosed` counts it. `reconcile` also compares the corrected keys, and says in `verified` "
        "whether they agree; where nothing can be compared, `estimate` raises `NoKey` (given). (Leave authentication out. "
        "`distill` puts tags on all this talk and on the sifting before it.)"
    ),
    stub="def my_distill(keys, line, rng):\n    ...\n",
    solution="""\
def my_distill(keys, line, rng):
    try:
        seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    except NoKey:
        return None
    rest = seen.remaining
    same = reconcile(rest.alice, rest.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    said = line.disclosed["reconcile"] + line.disclosed["verify"]
    length = int(seen.secret_bits() - said - hashing_margin(1e-10))
    if length < 1:
        return None
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)
""",
    explanation=(
        "`secret_bits` is what Eve cannot know of the kept bits, at the worst error rates that the sample allows. From it go "
        "the parities, the tags and the margin of the hashing. The sample itself has left the key already. Keys whose tags "
        "differ are not used at all. Too few bits, or too many errors, are no mistake of the program: it says None."
    ),
    wrong={
        "forgets what was said": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    return amplify(same.alice, same.bob, int(seen.secret_bits() - hashing_margin(1e-10)), channel=line, rng=rng)
""",
        "forgets the tags": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(seen.secret_bits() - same.disclosed - hashing_margin(1e-10))
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)
""",
        "forgets the margin": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(seen.secret_bits() - sum(line.disclosed.values()))
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)
""",
        "forgets Eve": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = len(seen.remaining) - line.disclosed["reconcile"] - line.disclosed["verify"]
    return amplify(same.alice, same.bob, int(length - hashing_margin(1e-10)), channel=line, rng=rng)
""",
        "takes the sample for the truth": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = len(seen.remaining) * (1 - h(seen.qber)) - line.disclosed["reconcile"] - line.disclosed["verify"]
    return amplify(same.alice, same.bob, int(length - hashing_margin(1e-10)), channel=line, rng=rng)
""",
        "does not correct": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    return amplify(seen.remaining.alice, seen.remaining.bob, 1000, channel=line, rng=rng)
""",
        "pays twice": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    said = 2 * line.disclosed["reconcile"] + line.disclosed["verify"]
    return amplify(same.alice, same.bob, int(seen.secret_bits() - said - hashing_margin(1e-10)), channel=line, rng=rng)
""",
        "talks elsewhere": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, rng=rng)
    return amplify(same.alice, same.bob, 10_000, channel=line, rng=rng)
""",
        "does not look whether the keys agree": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    length = int(seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10))
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)
""",
        "lets NoKey out": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    length = int(seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10))
    if not same.verified or length < 1:
        return None
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)
""",
        "expects a key of every line": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10))
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)
""",
        "knows the tested cases, not the length": """\
def my_distill(keys, line, rng):
    if len(keys) < 1000:
        return None
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    if seen.qber > 0.1:
        return None
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10))
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)
""",
        "makes Bob's key of Alice's": """\
def my_distill(keys, line, rng):
    try:
        seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    except NoKey:
        return None
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    length = int(seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10))
    if not same.verified or length < 1:
        return None
    return amplify(same.alice, same.alice, length, channel=line, rng=rng)
""",
        "pays for tags that it has not": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10))
    return amplify(same.alice, same.bob, length - 512, channel=line, rng=rng)
""",
        "does not hash": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10))
    amplify(same.alice, same.bob, length, channel=line, rng=rng)
    return same.alice[:length], same.bob[:length]
""",
        "a matrix that everybody knows": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10))
    return amplify(same.alice, same.bob, length, channel=line, rng=1)
""",
        "a sample that everybody knows": """\
def my_distill(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=1)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10))
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)
""",
    },
    grade=_grade_my_distill,
    given={
        "h": h,
        "estimate": secret_key.estimate,
        "reconcile": secret_key.reconcile,
        "amplify": secret_key.amplify,
        "hashing_margin": hashing_margin,
        "NoKey": secret_key.NoKey,
    },
)
