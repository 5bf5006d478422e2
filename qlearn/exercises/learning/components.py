"""Exercises of the chapter *Components: the few directions that matter*."""

from math import ceil, isclose
from typing import Any

import numpy as np
from scipy.linalg import expm

from qlearn.exercises import Exercise, Verdict
from qlearn.learning.components import best_trash_fidelity, block_fidelity, principal_autoencoder, swap_step
from qlearn.qubits import partial_trace, random_state


def _grade_first_share(answer: Any) -> Verdict:
    mistakes = {
        4.0: "4 is the eigenvalue of the covariance. As a density matrix it is divided by its trace, 6.",
        0.5: "1/2 is what stands on the diagonal. The largest eigenvalue is never smaller than that, and here the off-diagonal "
        "element makes it larger.",
        1 / 3: "1/3 is the share of the other component. The two shares sum to 1.",
        1 / 6: "1/6 is the off-diagonal element. The eigenvalues lie that far above and below 1/2.",
    }
    if np.size(answer) != 1:
        return Verdict.wrong("one number is asked for: the larger of the two shares.")
    value = float(np.squeeze(answer))
    if isclose(value, 2 / 3, rel_tol=1e-3):
        return Verdict.right("4/6: along (1, 1) lies two thirds of the variance. The arrow has length 1/3.")
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=1e-6):
            return Verdict.wrong(why)
    return Verdict.wrong(
        f"{value:g} is not it. Divide by the trace, then ask what the matrix does to (1, 1)."
    )


first_share = Exercise(
    name="first_share",
    level="warm-up",
    prompt=(
        "A cloud in the plane has the covariance $\\begin{pmatrix}3&1\\\\1&3\\end{pmatrix}$. As a qubit: "
        "what is the larger "
        "eigenvalue of its density matrix? By hand."
    ),
    stub="first_share = ...\n",
    solution="first_share = (3 + 1) / (3 + 3)\n",
    explanation=(
        "The covariance takes $(1,1)$ to $4\\,(1,1)$ and $(1,-1)$ to $2\\,(1,-1)$. Divided by the trace 6 "
        "the eigenvalues are "
        "2/3 and 1/3, which is $(1\\pm r)/2$ with an arrow of length $r=1/3$."
    ),
    wrong={
        "not divided": "first_share = 4.0\n",
        "diagonal": "first_share = 0.5\n",
        "the other one": "first_share = 1 / 3\n",
        "off the diagonal": "first_share = 1 / 6\n",
    },
    grade=_grade_first_share,
    given={"np": np},
)


def _grade_one_step(answer: Any) -> Verdict:
    forth = _one_step_at(answer, 0.4)
    if not forth:
        return forth
    back = _one_step_at(answer, -1.1)
    return back or Verdict.wrong(
        f"right for the angle 0.4, but not for -1.1, which turns back: {back.message}"
    )


def _one_step_at(answer: Any, angle: float) -> Verdict:
    rho, sigma = (partial_trace(random_state(2, rng=seed), 0) for seed in (1, 2))
    got = np.asarray(answer(rho.copy(), sigma.copy(), angle))
    right = swap_step(rho, sigma, angle)
    c, s = np.cos(angle), np.sin(angle)
    turn = expm(-1j * angle * rho)
    mistakes = [
        (right.conj(), "you have conjugated a state, or i has the wrong sign throughout."),
        (
            c**2 * sigma + s**2 * rho + 1j * s * c * (rho @ sigma - sigma @ rho),
            "the commutator has the wrong sign: the register turns the wrong way round. The order is rho "
            "sigma - sigma rho, "
            "with -i in front.",
        ),
        (
            c**2 * sigma + s**2 * rho,
            "that is a mixture of the two states: with the commutator the turn itself is missing.",
        ),
        (
            sigma - 1j * angle * (rho @ sigma - sigma @ rho),
            "that is the first order in the angle. The step is exact, with sines and cosines, and its "
            "square is what goes wrong.",
        ),
        (
            c**2 * sigma + s**2 * rho - 2j * s * c * (rho @ sigma - sigma @ rho),
            "the commutator is twice too large: sin cos is *half* the sine of the doubled angle.",
        ),
        (
            c**2 * sigma + s**2 * rho - 1j * s * c * rho @ sigma,
            "half of the commutator is missing: the swap can act on the left or on the right of the product, so both orders "
            "appear. Without the other one the result is not Hermitian.",
        ),
        (turn @ sigma @ turn.conj().T, "that is the turn which many small steps approach, not one step."),
        (
            c**2 * rho + s**2 * sigma - 1j * s * c * (sigma @ rho - rho @ sigma),
            "you have kept the copy and thrown the register away.",
        ),
    ]
    if got.shape == right.shape and np.allclose(got, right, atol=1e-9):
        return Verdict.right("One line, and the only place where quantum mechanics enters this algorithm.")
    for wrong, why in mistakes:
        if got.shape == wrong.shape and np.allclose(got, wrong, atol=1e-9):
            return Verdict.wrong(why)
    if got.shape == right.shape and not isclose(abs(np.trace(got)), 1, abs_tol=1e-9):
        return Verdict.wrong(
            f"the trace is {np.trace(got):.3f}, not 1: the weights of the two states are cos^2 and sin^2 of the angle."
        )
    return Verdict.wrong(
        "not yet: cos^2 of the register, sin^2 of the copy, and -i sin cos times their commutator."
    )


one_step = Exercise(
    name="one_step",
    level="core",
    prompt=(
        "Write `one_step(rho, sigma, angle)`: the register `sigma` after a partial swap $e^{-i\\theta S}$ "
        "with a copy of `rho` "
        "that is then thrown away. NumPy only."
    ),
    stub="def one_step(rho, sigma, angle):\n    ...\n",
    solution=(
        "def one_step(rho, sigma, angle):\n"
        "    c, s = np.cos(angle), np.sin(angle)\n"
        "    commutator = rho @ sigma - sigma @ rho\n"
        "    return c**2 * sigma + s**2 * rho - 1j * s * c * commutator\n"
    ),
    explanation=(
        "With $e^{-i\\theta S}=\\cos\\theta-i\\sin\\theta\\,S$ there are four terms. Nothing swapped leaves "
        "$\\sigma$, both sides "
        "swapped leaves $\\rho$, and one side swapped leaves a *product*: $\\operatorname{tr}_2 "
        "S(\\sigma\\otimes\\rho)=\\rho\\sigma$."
    ),
    wrong={
        "wrong sign": (
            "def one_step(rho, sigma, angle):\n    c, s = np.cos(angle), np.sin(angle)\n"
            "    return c**2 * sigma + s**2 * rho + 1j * s * c * (rho @ sigma - sigma @ rho)\n"
        ),
        "no turn": (
            "def one_step(rho, sigma, angle):\n    return np.cos(angle)**2 * sigma + np.sin(angle)**2 * rho\n"
        ),
        "first order": (
            "def one_step(rho, sigma, angle):\n    return sigma - 1j * angle * (rho @ sigma - sigma @ rho)\n"
        ),
        "keeps the copy": (
            "def one_step(rho, sigma, angle):\n    c, s = np.cos(angle), np.sin(angle)\n"
            "    return c**2 * rho + s**2 * sigma - 1j * s * c * (sigma @ rho - rho @ sigma)\n"
        ),
        "one order": (
            "def one_step(rho, sigma, angle):\n    c, s = np.cos(angle), np.sin(angle)\n"
            "    return c**2 * sigma + s**2 * rho - 1j * s * c * rho @ sigma\n"
        ),
        "doubled angle": (
            "def one_step(rho, sigma, angle):\n    c, s = np.cos(angle), np.sin(angle)\n"
            "    return c**2 * sigma + s**2 * rho - 1j * np.sin(2 * angle) * (rho @ sigma - sigma @ rho)\n"
        ),
        "never back": (
            "def one_step(rho, sigma, angle):\n    c = np.cos(angle)\n    s = np.sqrt(1 - c**2)\n"
            "    return c**2 * sigma + s**2 * rho - 1j * s * c * (rho @ sigma - sigma @ rho)\n"
        ),
        "amplitudes as weights": (
            "def one_step(rho, sigma, angle):\n    return np.cos(angle) * sigma + np.sin(angle) * rho\n"
        ),
    },
    grade=_grade_one_step,
    given={"np": np},
)


def _grade_copies_for(answer: Any) -> Verdict:
    for copies, longer, sharper in ((100, 2, 3), (1000, 4, 5), (64, 3, 10)):
        right, got = copies * longer**2 * sharper, float(answer(copies, longer, sharper))
        if isclose(got, right, rel_tol=1e-9):
            continue
        case = f"from {copies} copies, for {longer} times the time and an error {sharper} times smaller,"
        if isclose(got, copies * longer * sharper):
            return Verdict.wrong(
                f"{case} you need {right}, not {got:g}: each step is twice as long *and* its error four times as large when "
                "the time doubles."
            )
        if isclose(got, copies * longer**2 * sharper**2):
            return Verdict.wrong(
                f"{case} you need {right}, not {got:g}: the error falls as one over the copies, not as one over their root. "
                "Nothing is estimated here."
            )
        if isclose(got, copies * longer * sharper**2):
            return Verdict.wrong(
                f"{case} you need {right}, not {got:g}: you have exchanged the two laws. The square belongs to the time."
            )
        if isclose(got, copies * longer**2 / sharper):
            return Verdict.wrong(
                f"{case} you say {got:g}: the time is right, but a smaller error costs *more* copies."
            )
        if isclose(got, copies / (longer**2 * sharper)):
            return Verdict.wrong(f"{case} you say {got:g}, fewer than before. Both wishes cost copies.")
        return Verdict.wrong(f"{case} you say {got:g}; the error is of the order of t^2/n.")
    return Verdict.right(
        "n must grow as t^2/error. One more bit of an eigenvalue doubles t: four times the copies."
    )


copies_for = Exercise(
    name="copies_for",
    level="core",
    prompt=(
        "`copies` copies let a state act for some time with some error. Write `copies_for(copies, longer, "
        "sharper)`: how many it "
        "takes for `longer` times that time and an error `sharper` times smaller."
    ),
    stub="def copies_for(copies, longer, sharper):\n    ...\n",
    solution="def copies_for(copies, longer, sharper):\n    return copies * longer**2 * sharper\n",
    explanation=(
        "One step of angle $\\theta=t/n$ is off by $\\theta^2$ times a constant, and there are n of them: "
        "$n\\,(t/n)^2=t^2/n$. "
        "No other way of using the copies is better than that in order of magnitude (Kimmel et al. 2017)."
    ),
    wrong={
        "linear in time": "def copies_for(copies, longer, sharper):\n    return copies * longer * sharper\n",
        "shot noise": "def copies_for(copies, longer, sharper):\n    return copies * longer**2 * sharper**2\n",
        "exchanged": "def copies_for(copies, longer, sharper):\n    return copies * longer * sharper**2\n",
        "sharper is cheaper": (
            "def copies_for(copies, longer, sharper):\n    return copies * longer**2 / sharper\n"
        ),
        "fewer": "def copies_for(copies, longer, sharper):\n    return copies / (longer**2 * sharper)\n",
    },
    grade=_grade_copies_for,
    given={"np": np},
)


def _grade_most_kept(answer: Any) -> Verdict:
    for n, k, m in ((3, 1, 7), (4, 2, 9), (4, 3, 12)):
        states = random_state(n, m, rng=10 * n + k)
        values = np.linalg.eigvalsh(states.T @ states.conj() / m)[::-1]
        right, got = best_trash_fidelity(states, k), float(answer(states.copy(), k))
        if isclose(got, right, rel_tol=1e-9):
            continue
        case = f"for {m} states of {n} qubits and {k} kept"
        if isclose(got, values[:k].sum(), rel_tol=1e-9):
            return Verdict.wrong(
                f"{case}: you have summed {k} eigenvalues. k qubits have room for 2^k directions."
            )
        if isclose(got, values[: 2 * k].sum(), rel_tol=1e-9):
            return Verdict.wrong(
                f"{case}: you have summed {2 * k} eigenvalues. Each qubit more *doubles* the directions: there are 2^k, "
                f"here {1 << k}."
            )
        if isclose(got, m * right, rel_tol=1e-9):
            return Verdict.wrong(
                f"{case} you say {got:.3f}: divide by the number of states, a fidelity is at most 1."
            )
        if isclose(got, values[::-1][: 1 << k].sum(), rel_tol=1e-9, abs_tol=1e-12):
            return Verdict.wrong(
                f"{case}: those are the smallest eigenvalues. `eigvalsh` sorts them upwards."
            )
        if isclose(got, 1 - right, rel_tol=1e-9):
            return Verdict.wrong(f"{case}: {got:.3f} is what is lost. What is kept is one minus that.")
        if isclose(got, np.sqrt(values[: 1 << k].clip(0) / m).sum(), rel_tol=1e-9):
            return Verdict.wrong(
                f"{case}: singular values of the table are not probabilities; their *squares* over m are the eigenvalues."
            )
        if isclose(got, _largest(states.T @ states / m, k), rel_tol=1e-9):
            return Verdict.wrong(f"{case}: the states are complex, and one of the two factors is conjugated.")
        centred = states - states.mean(axis=0)
        if any(
            isclose(got, _largest(centred.T @ centred.conj() / size, k), rel_tol=1e-9) for size in (m, m - 1)
        ):
            return Verdict.wrong(
                f"{case}: you have subtracted the mean, as PCA of a table does. The mixture of states has no such step."
            )
        return Verdict.wrong(
            f"{case} you say {got:.4f}; the 2^k largest eigenvalues of the mixture sum to {right:.4f}."
        )
    return Verdict.right("No circuit, of whatever depth, and no training can do better than this number.")


def _largest(matrix: Any, k: int) -> float:
    return float(np.linalg.eigvalsh(matrix)[-(1 << k) :].sum())


most_kept = Exercise(
    name="most_kept",
    level="core",
    prompt=(
        "Write `most_kept(states, k)`: the largest mean trash fidelity that any encoder can reach on "
        "`states`, shape $(m, 2^n)$, "
        "when k qubits are kept."
    ),
    stub="def most_kept(states, k):\n    ...\n",
    solution=(
        "def most_kept(states, k):\n"
        "    mixture = states.T @ states.conj() / len(states)\n"
        "    return np.linalg.eigvalsh(mixture)[-(2**k):].sum()\n"
    ),
    explanation=(
        "The trash is all 0 with probability $\\operatorname{tr}P\\rho$, where P projects on the $2^k$ "
        "directions that the encoder "
        "sends there. Over all such P this is largest on the eigenvectors of the largest eigenvalues (Ky Fan)."
    ),
    wrong={
        "k directions": (
            "def most_kept(states, k):\n    mixture = states.T @ states.conj() / len(states)\n"
            "    return np.linalg.eigvalsh(mixture)[-k:].sum()\n"
        ),
        "two for each": (
            "def most_kept(states, k):\n    mixture = states.T @ states.conj() / len(states)\n"
            "    return np.linalg.eigvalsh(mixture)[-2 * k:].sum()\n"
        ),
        "not divided": (
            "def most_kept(states, k):\n    return np.linalg.eigvalsh(states.T @ states.conj())[-(2**k):].sum()\n"
        ),
        "smallest": (
            "def most_kept(states, k):\n    mixture = states.T @ states.conj() / len(states)\n"
            "    return np.linalg.eigvalsh(mixture)[:2**k].sum()\n"
        ),
        "singular values": (
            "def most_kept(states, k):\n"
            "    return np.linalg.svd(states, compute_uv=False)[:2**k].sum() / len(states)\n"
        ),
        "centred": (
            "def most_kept(states, k):\n    centred = states - states.mean(axis=0)\n"
            "    mixture = centred.T @ centred.conj() / len(states)\n"
            "    return np.linalg.eigvalsh(mixture)[-(2**k):].sum()\n"
        ),
        "lost": (
            "def most_kept(states, k):\n    mixture = states.T @ states.conj() / len(states)\n"
            "    return 1 - np.linalg.eigvalsh(mixture)[-(2**k):].sum()\n"
        ),
    },
    grade=_grade_most_kept,
    given={"np": np},
)


def _grade_best_encoder(answer: Any) -> Verdict:
    states = random_state(3, 6, rng=4)
    got = np.asarray(answer(states.copy()))
    if got.shape != (8, 8):
        return Verdict.wrong(f"three qubits need a matrix of shape (8, 8); yours is {got.shape}.")
    if not np.allclose(got @ got.conj().T, np.eye(8), atol=1e-8):
        return Verdict.wrong(
            "the matrix is not unitary, so no circuit does that. Eigenvectors of length 1 make one."
        )

    def kept(matrix: Any) -> float:
        return float((np.abs(states @ matrix.T)[:, :2] ** 2).sum() / len(states))

    best = kept(principal_autoencoder(states, 1).encoder.matrix())
    if isclose(kept(got), best, rel_tol=1e-9):
        outcomes = (np.abs(states @ got.T) ** 2).mean(axis=0)
        if (np.diff(outcomes) > 1e-9).any():
            return Verdict.wrong(
                "one kept qubit is served best, but further down the order is not that of the eigenvalues: "
                "for two kept "
                "qubits it matters."
            )
        return Verdict.right(
            "Its rows are the bras of the eigenvectors. Such an encoder serves every k at once."
        )
    for other, why in (
        (
            got[::-1],
            "the order is upside down: the *largest* eigenvalue must land on outcome 0. `eigh` sorts upwards.",
        ),
        (
            got.conj().T,
            "your matrix takes basis states to eigenvectors: that is the decoder. The encoder undoes it.",
        ),
        (
            got.conj(),
            "the rows must be bras: conjugate the eigenvectors. For real states nobody would notice.",
        ),
    ):
        if isclose(kept(other), best, rel_tol=1e-9):
            return Verdict.wrong(why)
    return Verdict.wrong(f"with one kept qubit you keep {kept(got):.4f} on average; {best:.4f} is possible.")


best_encoder = Exercise(
    name="best_encoder",
    level="stretch",
    prompt=(
        "Write `best_encoder(states)`: the unitary matrix that takes the eigenvectors of the mixture of "
        "`states`, shape $(m, 2^n)$, to "
        "the basis states 0, 1, 2, ..., the largest eigenvalue first. Of all encoders this is one whose trash "
        "reads 0 most often. The states are complex."
    ),
    stub="def best_encoder(states):\n    ...\n",
    solution=(
        "def best_encoder(states):\n"
        "    mixture = states.T @ states.conj() / len(states)\n"
        "    vectors = np.linalg.eigh(mixture)[1][:, ::-1]\n"
        "    return vectors.conj().T\n"
    ),
    explanation=(
        "$U=\\sum_j|j\\rangle\\langle\\chi_j|$: row j is the bra of eigenvector j. The first wires of the "
        "index are then the trash for "
        "every k, and the same matrix is the whole of classical PCA on amplitudes."
    ),
    wrong={
        "decoder": (
            "def best_encoder(states):\n    mixture = states.T @ states.conj() / len(states)\n"
            "    return np.linalg.eigh(mixture)[1][:, ::-1]\n"
        ),
        "upside down": (
            "def best_encoder(states):\n    mixture = states.T @ states.conj() / len(states)\n"
            "    return np.linalg.eigh(mixture)[1].conj().T\n"
        ),
        "not conjugated": (
            "def best_encoder(states):\n    mixture = states.T @ states.conj() / len(states)\n"
            "    return np.linalg.eigh(mixture)[1][:, ::-1].T\n"
        ),
        "not unitary": "def best_encoder(states):\n    return states.T @ states.conj() / len(states)\n",
    },
    grade=_grade_best_encoder,
    given={"np": np},
)


def _grade_qubits_for(answer: Any) -> Verdict:
    for p, n, target in (
        (0.9, 20, 0.95),
        (0.9, 200, 0.99),
        (0.75, 50, 0.9),
        (1.0, 10, 0.999),
        (1.0, 10, 1.0),
    ):
        right = next(k for k in range(n + 1) if block_fidelity(p, n, k / n) >= target)
        said = answer(p, n, target)
        if np.size(said) != 1:
            return Verdict.wrong(
                f"{np.size(said)} numbers came back; asked for is the smallest that is enough."
            )
        got = float(np.squeeze(said))
        if got == right:
            continue
        case = f"for p = {p}, blocks of {n} and a fidelity of {target}"
        entropy = -sum(q * np.log2(q) for q in (p, 1 - p) if q)
        if got == ceil(n * entropy):
            return Verdict.wrong(
                f"{case}: {got:g} is the entropy times n, which is enough for endless blocks only. Finite ones need {right}."
            )
        if got > n:
            why = f"{case} you say {got:g}, more than the {n} qubits that the block has."
            if target == 1:
                why += " *At least* the target: to just meet it is enough."
            return Verdict.wrong(why)
        if got == right - 1:
            return Verdict.wrong(f"{case} you stop at {got:g}, where the fidelity is still too small.")
        if got == right / n:
            return Verdict.wrong(
                f"{case} you give {got:g}, a rate. Asked for is a number of qubits for the whole block."
            )
        if got == right + 1:
            return Verdict.wrong(f"{case} you keep {got:g}: that is enough, but so is one less.")
        if got == n:
            return Verdict.wrong(
                f"{case} you keep all {n} qubits: that compresses nothing, and {right} are enough."
            )
        return Verdict.wrong(f"{case} you say {got:g} qubits; the smallest number that is enough is {right}.")
    return Verdict.right(
        "The excess over n times the entropy grows as the root of n: long blocks are cheaper for each qubit."
    )


qubits_for = Exercise(
    name="qubits_for",
    level="project",
    prompt=(
        "A source emits qubits whose mixture has the eigenvalues p and 1-p. Write `qubits_for(p, n, "
        "target)`: into how few qubits a "
        "block of n fits with a trash fidelity of at least `target`. `block_fidelity(p, n, rate)` is at "
        "hand. Then plot the qubits for "
        "each of the source against n, beside the entropy."
    ),
    stub="def qubits_for(p, n, target):\n    ...\n",
    solution=(
        "def qubits_for(p, n, target):\n"
        "    kept = np.arange(n + 1)\n"
        "    return int(kept[block_fidelity(p, n, kept / n) >= target][0])\n"
    ),
    explanation=(
        "The fidelity rises with the number of kept qubits, so the first that is large enough is the "
        "answer. It exceeds $n\\,S$ by a "
        "term of the order of $\\sqrt n$: the width of the binomial distribution of how many unlikely "
        "letters a block holds."
    ),
    wrong={
        "entropy": (
            "def qubits_for(p, n, target):\n"
            "    h = -sum(q * np.log2(q) for q in (p, 1 - p) if q)\n    "
            "return int(np.ceil(n * h))\n"
        ),
        "one short": (
            "def qubits_for(p, n, target):\n    kept = np.arange(n + 1)\n"
            "    return int(kept[block_fidelity(p, n, kept / n) < target][-1])\n"
        ),
        "all that do": (
            "def qubits_for(p, n, target):\n    kept = np.arange(n + 1)\n"
            "    return kept[block_fidelity(p, n, kept / n) >= target]\n"
        ),
        "a rate": (
            "def qubits_for(p, n, target):\n    kept = np.arange(n + 1)\n"
            "    return kept[block_fidelity(p, n, kept / n) >= target][0] / n\n"
        ),
        "more than the target": (
            "def qubits_for(p, n, target):\n    kept = np.arange(n + 1)\n"
            "    return int((block_fidelity(p, n, kept / n) <= target).sum())\n"
        ),
        "all": "def qubits_for(p, n, target):\n    return n\n",
    },
    grade=_grade_qubits_for,
    given={"np": np, "block_fidelity": block_fidelity},
)
