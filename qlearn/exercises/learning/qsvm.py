"""Exercises of the chapter *Quantum kernels: how alike are two states?*."""

from math import ceil, cos, floor, isclose, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GridSearchCV, train_test_split

from qlearn.exercises import Exercise, Verdict
from qlearn.learning.qsvm import FidelityKernel, geometric_difference, kernel_alignment, sampled_gram, to_psd
from qlearn.qubits import Circuit, random_state


def _grade_one_overlap(answer: Any) -> Verdict:
    mistakes = {
        cos(pi / 3): "0.5 is the amplitude. The kernel is a probability: its square.",
        cos(pi / 6)
        ** 2: "you took half the angle. The gate P has the angle 2x, so the arrows turn by 2x, and the "
        "overlap is cos^2 of half the angle between them: of x - y.",
        cos(2 * pi / 3): "cos(2(x - y)) is the inner product of the two arrows, which can be negative. "
        "The overlap is (1 + that) / 2.",
        0.0: "0 would be opposite arrows, x - y = pi/2.",
        1.0: "1 would be equal states, x - y = 0 or pi.",
    }
    value = float(np.squeeze(answer))
    if isclose(value, 0.25, rel_tol=1e-6):
        return Verdict.right("cos^2(pi/3) = 1/4: the arrows stand 120 degrees apart.")
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=1e-6, abs_tol=1e-9):
            return Verdict.wrong(why)
    return Verdict.wrong(
        f"{value:g} is not it. How far apart are the arrows, and what is cos^2 of half of that?"
    )


one_overlap = Exercise(
    name="one_overlap",
    level="warm-up",
    prompt=(
        "One qubit, one layer: H, then P(2x). What is the kernel of $x=0.2$ and $y=0.2+\\pi/3$? By hand, with the "
        "two arrows on the equator in mind."
    ),
    stub="one_overlap = ...\n",
    solution="one_overlap = np.cos(np.pi / 3) ** 2\n",
    explanation=(
        "The amplitude is $\\langle\\psi(x)|\\psi(y)\\rangle=\\tfrac12(1+e^{2i(y-x)})$, and its squared modulus "
        "is $\\cos^2(x-y)=1/4$. Only the difference counts: 0.2 was there to distract."
    ),
    wrong={
        "amplitude": "one_overlap = 0.5\n",
        "half the angle": "one_overlap = np.cos(np.pi / 6) ** 2\n",
        "inner product of arrows": "one_overlap = np.cos(2 * np.pi / 3)\n",
    },
    grade=_grade_one_overlap,
    given={"np": np},
)


def _grade_gram(answer: Any) -> Verdict:
    A, B = random_state(2, 4, rng=1), random_state(2, 3, rng=2)
    got = np.asarray(answer(A.copy(), B.copy()))
    right = np.abs(A.conj() @ B.T) ** 2
    if got.shape == right.T.shape and np.allclose(got, right.T):
        return Verdict.wrong("the table is lying on its side: rows belong to A, columns to B.")
    if got.shape != right.shape:
        return Verdict.wrong(f"4 states against 3 make a table of shape (4, 3); yours is {got.shape}.")
    if np.iscomplexobj(got) and not np.allclose(got.imag, 0):
        return Verdict.wrong(
            "the entries are complex: those are amplitudes. A probability is the squared modulus."
        )
    if np.allclose(got, right):
        return Verdict.right("One product and one square: this line is all that a simulator has to do.")
    if np.allclose(got, np.sqrt(right)):
        return Verdict.wrong("that is the modulus. Fidelity in this book is squared: it is a probability.")
    if np.allclose(got, np.abs(A @ B.T) ** 2):
        return Verdict.wrong(
            "a bra is conjugated. Without it a state with complex amplitudes is not even like itself."
        )
    if np.allclose(got, (A.conj() @ B.T).real ** 2):
        return Verdict.wrong("you squared the real part only. The overlap has an imaginary part too.")
    return Verdict.wrong(
        "not yet: entry (i, j) is the squared modulus of the inner product of A[i] and B[j]."
    )


gram = Exercise(
    name="gram",
    level="core",
    prompt=(
        "Write `gram(A, B)`: the kernel matrix of two arrays of states, shapes $(n, 2^q)$ and $(m, 2^q)$, in NumPy "
        "and without a loop."
    ),
    stub="def gram(A, B):\n    ...\n",
    solution="def gram(A, B):\n    return np.abs(A.conj() @ B.T) ** 2\n",
    explanation=(
        "The product of the conjugated rows of A with the columns of B holds all amplitudes "
        "$\\langle a_i|b_j\\rangle$. It costs $n\\,m\\,2^q$ multiplications, however deep the circuit was."
    ),
    wrong={
        "not squared": "def gram(A, B):\n    return np.abs(A.conj() @ B.T)\n",
        "not conjugated": "def gram(A, B):\n    return np.abs(A @ B.T) ** 2\n",
        "real part": "def gram(A, B):\n    return (A.conj() @ B.T).real ** 2\n",
        "amplitudes": "def gram(A, B):\n    return A.conj() @ B.T\n",
        "transposed": "def gram(A, B):\n    return np.abs(B.conj() @ A.T) ** 2\n",
    },
    grade=_grade_gram,
    given={"np": np},
)


def _grade_shots_needed(answer: Any) -> Verdict:
    for k, share in ((0.3, 0.1), (2.0**-10, 0.1), (0.01, 0.5)):
        exact = (1 - k) / (k * share**2)
        got = float(answer(k, share))
        if exact * (1 - 1e-9) <= got <= ceil(exact) + 1:
            continue
        where = f"for an overlap of {k:.3g} and an error of {share:g} of it"
        if isclose(got, k * (1 - k) / share**2, rel_tol=0.01, abs_tol=1):
            return Verdict.wrong(
                f"{where} you allow an error of {share:g}, not of {share:g} times the overlap. "
                "An estimate of 0.001 +- 0.1 says nothing."
            )
        if isclose(got, floor(exact)) or isclose(got, round(exact)):
            return Verdict.wrong(
                f"{where} you say {got:g} where the formula says {exact:.2f}: that many leave the error just above. "
                "Round up."
            )
        if isclose(got, 1 / (k * share**2), rel_tol=0.001):
            return Verdict.wrong(
                f"{where} you say {got:.4g}: the variance of a share is k (1 - k) / n, and you left out 1 - k. It does "
                "no harm where k is tiny."
            )
        if isclose(got, np.sqrt(exact), rel_tol=0.01, abs_tol=1):
            return Verdict.wrong(
                f"{where} you say {got:.3g}: the error falls with the *root* of the shots, so square."
            )
        if isclose(got, 1 / share**2, rel_tol=0.01, abs_tol=1):
            return Verdict.wrong(
                f"{where} you say {got:.3g}, whatever the overlap is. Small ones need more shots."
            )
        return Verdict.wrong(f"{where} you say {got:.4g} shots; {ceil(exact)} are needed.")
    return Verdict.right("(1 - k) / (k r^2): with k = 2^-q the shots double with every qubit.")


shots_needed = Exercise(
    name="shots_needed",
    level="core",
    prompt=(
        "An overlap $k$ is estimated by the share of zeros in $n$ shots. Write `shots_needed(k, r)`: the $n$ at which the "
        "standard error is the share $r$ of $k$ itself ($r=0.1$: ten per cent)."
    ),
    stub="def shots_needed(k, r):\n    ...\n",
    solution="def shots_needed(k, r):\n    return np.ceil((1 - k) / (k * r**2))\n",
    explanation=(
        "The variance of the share of zeros is $k(1-k)/n$. Set its root equal to $rk$ and solve for n: "
        "$n=(1-k)/(k\\,r^2)$. For $k\\approx 2^{-q}$ this is $2^q/r^2$ for each entry of the matrix."
    ),
    wrong={
        "absolute error": "def shots_needed(k, r):\n    return k * (1 - k) / r**2\n",
        "rounds down": "def shots_needed(k, r):\n    return (1 - k) // (k * r**2)\n",
        "leaves out 1 - k": "def shots_needed(k, r):\n    return 1 / (k * r**2)\n",
        "forgets the root": "def shots_needed(k, r):\n    return ((1 - k) / k) ** 0.5 / r\n",
        "whatever k": "def shots_needed(k, r):\n    return 1 / r**2\n",
    },
    grade=_grade_shots_needed,
    given={"np": np},
)


def _grade_repair(answer: Any) -> Verdict:
    rng = np.random.default_rng(5)
    exact = FidelityKernel().gram(rng.uniform(0, 2 * pi, (25, 2)))
    upper = np.triu(rng.binomial(60, np.clip(exact, 0, 1)) / 60, 1)
    noisy = upper + upper.T + np.eye(25)
    values, vectors = np.linalg.eigh(noisy)
    got = np.asarray(answer(noisy.copy()))
    if got.shape != noisy.shape or not np.allclose(got, got.T):
        return Verdict.wrong("give back a symmetric matrix of the same shape.")
    if np.allclose(got, noisy):
        return Verdict.wrong(f"nothing has changed: the smallest eigenvalue is still {values[0]:.3f}.")
    if np.allclose(got, to_psd(noisy, "shift")):
        return Verdict.wrong(
            "adding a multiple of the identity does make it positive, but it moves every eigenvalue: further than needed."
        )
    if np.allclose(got, (vectors * np.abs(values)) @ vectors.T):
        return Verdict.wrong(
            "you turned the negative eigenvalues round. The nearest number that is not negative is 0."
        )
    if (smallest := np.linalg.eigvalsh(got)[0]) < -1e-9:
        return Verdict.wrong(
            f"the smallest eigenvalue is still {smallest:.3f}. Entries may be small or large: it is the *eigenvalues* "
            "that must not be negative."
        )
    if np.allclose(got, to_psd(noisy), atol=1e-8):
        return Verdict.right(
            "The nearest positive matrix in the sum of squares: the noise that no state can make is gone."
        )
    return Verdict.wrong("positive now, but not the nearest: change only the eigenvalues that are negative.")


repair = Exercise(
    name="repair",
    level="stretch",
    prompt=(
        "Shot noise has given a symmetric matrix negative eigenvalues. Write `repair(K)`: the positive semidefinite "
        "matrix that is nearest to it, in the sum of squared differences of entries."
    ),
    stub="def repair(K):\n    ...\n",
    solution=(
        "def repair(K):\n"
        "    values, vectors = np.linalg.eigh(K)\n"
        "    return (vectors * values.clip(min=0)) @ vectors.T\n"
    ),
    explanation=(
        "Distances do not change when we rotate to the eigenvectors. There the matrix is diagonal, and each negative "
        "eigenvalue goes to the nearest allowed number, 0 (Higham 1988). The diagonal is then no longer exactly 1; "
        "a support vector machine does not mind."
    ),
    wrong={
        "clips entries": "def repair(K):\n    return K.clip(min=0.05)\n",
        "shifts": "def repair(K):\n    return K - np.linalg.eigvalsh(K)[0] * np.eye(len(K))\n",
        "absolute values": (
            "def repair(K):\n    values, vectors = np.linalg.eigh(K)\n    return (vectors * abs(values)) @ vectors.T\n"
        ),
        "too much": (
            "def repair(K):\n    values, vectors = np.linalg.eigh(K)\n"
            "    return (vectors * values.clip(min=0.5)) @ vectors.T\n"
        ),
    },
    grade=_grade_repair,
    given={"np": np},
)


class _Diary:
    """What a model did, in order; copies of the model write in the same one."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, frozenset[int]]] = []
        self.tried: set[float] = set()

    def __deepcopy__(self, memo: Any) -> "_Diary":
        return self

    def note(self, what: str, X: Any) -> None:
        self.lines.append((what, frozenset(int(row) for row in np.asarray(X)[:, 0])))


class _Watched(ClassifierMixin, BaseEstimator):
    """A threshold on the second column; the first column numbers the rows."""

    def __init__(self, threshold: float = 0.0, diary: Any = None) -> None:
        self.threshold = threshold
        self.diary = diary

    def fit(self, X: Any, y: Any) -> "_Watched":
        self.classes_ = np.unique(y)
        self.diary.note("fit", X)
        self.diary.tried.add(self.threshold)
        return self

    def predict(self, X: Any) -> Any:
        self.diary.note("predict", X)
        return (np.asarray(X)[:, 1] > self.threshold).astype(int)


def _grade_honest_score(answer: Any) -> Verdict:
    rng, thresholds = np.random.default_rng(8), [-1.0, 0.0, 0.2, 1.0]
    X = np.column_stack([np.arange(90), rng.normal(size=90)])
    y = (X[:, 1] + 0.8 * rng.normal(size=90) > 0.2).astype(int)

    def run(seed: int) -> tuple[float, _Diary]:
        diary = _Diary()
        return float(answer(_Watched(diary=diary), {"threshold": thresholds}, X, y, seed)), diary

    got, diary = run(3)
    asked = [rows for what, rows in diary.lines if what == "predict"]
    if not asked or diary.tried != set(thresholds):
        return Verdict.wrong(
            "you did not compare the candidates of the grid: let GridSearchCV try each of them "
            "(and without n_jobs: other processes write in other diaries)."
        )
    if diary.lines[-1][0] == "fit":
        return Verdict.wrong(
            "the winner was never asked about rows it had not seen. best_score_ is the best of many tries: flattered."
        )
    fitted = frozenset().union(*(rows for what, rows in diary.lines if what == "fit"))
    final, earlier = asked[-1], frozenset().union(*asked[:-1])
    if final & fitted:
        return Verdict.wrong(
            f"{len(final & fitted)} of the {len(final)} rows you scored had been fitted to: that tests memory."
        )
    if final & earlier:
        return Verdict.wrong(
            "the rows of the final score had already helped to choose: split them off first."
        )
    if abs(len(final) - 27) > 1:
        return Verdict.wrong(f"you hold out {len(final)} of the 90 rows; 30 % would be 27.")
    if run(3)[1].lines[-1][1] != final:
        return Verdict.wrong(
            "the same seed holds out other rows the next time: hand `seed` to the split, or nobody can repeat this."
        )
    if run(4)[1].lines[-1][1] == final:
        return Verdict.wrong("another seed holds out the same rows: use the `seed` you are given.")
    held_out = np.array(sorted(final))
    if not any(isclose(got, np.mean((X[held_out, 1] > t) == y[held_out])) for t in thresholds):
        return Verdict.wrong(
            f"you return {got:.3f}, which is not the accuracy on the rows that you held out."
        )
    return Verdict.right(
        "Split, search inside, open the envelope once: that is what a benchmark owes its reader."
    )


honest_score = Exercise(
    name="honest_score",
    level="core",
    prompt=(
        "Write `honest_score(model, grid, X, y, seed)`: hold out 30 % of the rows, choose the parameters by "
        "`GridSearchCV` on the rest, and return the accuracy on the rows held out. The checker's model keeps a diary "
        "of every row it sees, in this process: do without `n_jobs`."
    ),
    stub="def honest_score(model, grid, X, y, seed):\n    ...\n",
    solution=(
        "def honest_score(model, grid, X, y, seed):\n"
        "    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)\n"
        "    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)\n"
    ),
    explanation=(
        "The score of the search is the best of many, so it is flattered by luck; the more candidates, the more. "
        "A row that was fitted to, or that helped to choose, cannot judge."
    ),
    wrong={
        "searches on everything": (
            "def honest_score(model, grid, X, y, seed):\n"
            "    search = GridSearchCV(model, grid, cv=3).fit(X, y)\n"
            "    return search.score(X, y)\n"
        ),
        "returns the best of the search": (
            "def honest_score(model, grid, X, y, seed):\n"
            "    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)\n"
            "    return GridSearchCV(model, grid, cv=3).fit(X, y).best_score_\n"
        ),
        "returns the error": (
            "def honest_score(model, grid, X, y, seed):\n"
            "    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)\n"
            "    return 1 - GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)\n"
        ),
        "chooses on the test rows": (
            "def honest_score(model, grid, X, y, seed):\n"
            "    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)\n"
            "    tries = [model.set_params(threshold=t).fit(X, y) for t in grid['threshold']]\n"
            "    return max(model.score(X_test, y_test) for model in tries)\n"
        ),
        "forgets the seed": (
            "def honest_score(model, grid, X, y, seed):\n"
            "    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3)\n"
            "    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)\n"
        ),
        "a seed of its own": (
            "def honest_score(model, grid, X, y, seed):\n"
            "    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=0)\n"
            "    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)\n"
        ),
        "the other way round": (
            "def honest_score(model, grid, X, y, seed):\n"
            "    X, X_test, y, y_test = train_test_split(X, y, train_size=0.3, random_state=seed)\n"
            "    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)\n"
        ),
        "does not search": (
            "def honest_score(model, grid, X, y, seed):\n"
            "    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)\n"
            "    return model.fit(X, y).score(X_test, y_test)\n"
        ),
    },
    grade=_grade_honest_score,
    given={"GridSearchCV": GridSearchCV, "train_test_split": train_test_split},
)


def _grade_alignment(answer: Any) -> Verdict:
    rng = np.random.default_rng(6)
    exact = FidelityKernel(bandwidth=0.4).gram(rng.normal(size=(18, 2)))
    # counted with 4 shots an entry, another n, and labels along a negative eigenvalue: there the cosine is negative
    counted = sampled_gram(FidelityKernel().gram(rng.uniform(0, 2 * pi, (13, 2))), 4, rng=rng)
    opposed = np.where(np.linalg.eigh(counted)[1][:, 0] > 0, 1.0, -1.0)
    for K, y in ((exact, np.where(np.arange(18) < 13, 1.0, -1.0)), (counted, opposed)):
        if reason := _misaligned(K, y, float(answer(K.copy(), y.copy()))):
            return Verdict.wrong(reason)
    return Verdict.right("The cosine of an angle between two matrices: no machine, no C, no folds.")


def _misaligned(K: NDArray[np.float64], y: NDArray[np.float64], got: float) -> str:
    """Return what is wrong with an alignment, or nothing."""
    right, n = kernel_alignment(K, y), len(y)
    if isclose(got, right, abs_tol=1e-9):
        return ""
    if isclose(got, kernel_alignment(K, y, centred=False), abs_tol=1e-9):
        more = max((y > 0).sum(), (y < 0).sum())
        return f"not centred: with {more} of {n} labels alike, a kernel that finds everything alike would be praised."
    H = np.eye(n) - 1 / n
    if isclose(got, float(np.vdot(H @ K @ H, np.outer(y, y))), rel_tol=1e-9):
        return "divide by the two norms: twice the kernel is no better aligned."
    one_sided = float(
        np.vdot(H @ K @ H, np.outer(y, y)) / np.linalg.norm(H @ K @ H) / np.linalg.norm(np.outer(y, y))
    )
    if isclose(got, one_sided, abs_tol=1e-9):
        return "only K is centred. For the sum on top that is enough, but the length of T below is that of T centred."
    if isclose(got, right**2, abs_tol=1e-9):
        return "the square of it: an angle of 60 degrees has the cosine 1/2, and you would say 1/4."
    if isclose(got, -right, abs_tol=1e-9):
        return (
            f"{got:.4f} has the wrong sign. A table without negative eigenvalues is never opposed to its labels, but a "
            "counted one can be, as here, and the minus must be seen."
        )
    if isclose(got, float(np.corrcoef(K.ravel(), np.outer(y, y).ravel())[0, 1]), abs_tol=1e-9):
        return "you took out one mean, of all entries. Centring takes out the mean of every row and every column: H K H."
    return (
        f"{n} rows: {got:.4f} is not it; {right:.4f} is. Centre both matrices, multiply entry by entry, sum."
    )


alignment = Exercise(
    name="alignment",
    level="core",
    prompt=(
        "Write `alignment(K, y)`: the centred alignment of a kernel matrix with labels $-1$ and $1$, "
        "$\\langle K_c, T_c\\rangle/(\\|K_c\\|\\,\\|T_c\\|)$ with $T=y\\,y^{\\mathsf T}$ and $K_c=HKH$, "
        "$H=I-\\tfrac1n\\mathbb 1$ (every entry of $\\mathbb 1$ is 1)."
    ),
    stub="def alignment(K, y):\n    ...\n",
    solution=(
        "def alignment(K, y):\n"
        "    H = np.eye(len(y)) - 1 / len(y)\n"
        "    K, T = H @ K @ H, H @ np.outer(y, y) @ H\n"
        "    return (K * T).sum() / np.linalg.norm(K) / np.linalg.norm(T)\n"
    ),
    explanation=(
        "Read as long vectors, two matrices have an inner product $\\sum_{ij}K_{ij}T_{ij}$, and so an angle. H takes "
        "out what all rows have in common; without it a large class makes every vague kernel look good."
    ),
    wrong={
        "not centred": (
            "def alignment(K, y):\n    T = np.outer(y, y)\n"
            "    return (K * T).sum() / np.linalg.norm(K) / np.linalg.norm(T)\n"
        ),
        "centres K only": (
            "def alignment(K, y):\n    H = np.eye(len(y)) - 1 / len(y)\n    K, T = H @ K @ H, np.outer(y, y)\n"
            "    return (K * T).sum() / np.linalg.norm(K) / np.linalg.norm(T)\n"
        ),
        "not normalised": (
            "def alignment(K, y):\n    H = np.eye(len(y)) - 1 / len(y)\n    return y @ H @ K @ H @ y\n"
        ),
        "squared": (
            "def alignment(K, y):\n"
            "    H = np.eye(len(y)) - 1 / len(y)\n"
            "    K, T = H @ K @ H, H @ np.outer(y, y) @ H\n"
            "    return (K * T).sum()**2 / (K * K).sum() / (T * T).sum()\n"
        ),
        "sign lost": (
            "def alignment(K, y):\n"
            "    H = np.eye(len(y)) - 1 / len(y)\n"
            "    K, T = H @ K @ H, H @ np.outer(y, y) @ H\n"
            "    return abs((K * T).sum()) / np.linalg.norm(K) / np.linalg.norm(T)\n"
        ),
        "one mean": "def alignment(K, y):\n    return np.corrcoef(K.ravel(), np.outer(y, y).ravel())[0, 1]\n",
    },
    grade=_grade_alignment,
    given={"np": np},
)


def _grade_geometric(answer: Any) -> Verdict:
    rng = np.random.default_rng(4)
    X = rng.uniform(0, 2 * pi, (15, 3))
    classical = FidelityKernel("z", reps=1, bandwidth=0.6).gram(X)
    quantum = FidelityKernel().gram(X)
    got, right = float(answer(classical.copy(), quantum.copy())), geometric_difference(classical, quantum)
    if isclose(got, right, rel_tol=1e-6):
        return Verdict.right(
            "One number, no labels: near 1, stop here; large, find out whether yours are the labels."
        )
    if isclose(got, right**2, rel_tol=1e-6):
        return Verdict.wrong("that is g squared: the root is missing.")
    if isclose(got, geometric_difference(quantum, classical), rel_tol=1e-6):
        return Verdict.wrong(
            "the other way round: the *classical* matrix is inverted, for it is the classical model that suffers."
        )
    entries = np.sqrt(np.abs(np.linalg.solve(classical, quantum)).max())
    stretch = np.sqrt(np.linalg.norm(np.linalg.solve(classical, quantum), 2))
    if isclose(got, float(stretch), rel_tol=1e-6):
        return Verdict.wrong(
            "you took the largest *singular value* of K_C^-1 K_Q. That matrix is not symmetric, and only its eigenvalues "
            "are those of the symmetric form."
        )
    if isclose(got, float(entries), rel_tol=1e-6):
        return Verdict.wrong("the norm is the largest *eigenvalue*, not the largest entry.")
    return Verdict.wrong(
        f"{got:.4g} is not it; {right:.4g} is. K_C^-1 K_Q has the same eigenvalues as the symmetric form: take the largest."
    )


geometric = Exercise(
    name="geometric",
    level="stretch",
    prompt=(
        "Write `geometric(K_C, K_Q)`: the geometric difference of two kernel matrices with ones on the diagonal, without "
        "a ridge. Hint: $\\sqrt{K_Q}\\,K_C^{-1}\\sqrt{K_Q}$ and $K_C^{-1}K_Q$ have the same eigenvalues, so no "
        "root of a matrix is needed."
    ),
    stub="def geometric(K_C, K_Q):\n    ...\n",
    solution=(
        "def geometric(K_C, K_Q):\n"
        "    return np.sqrt(np.linalg.eigvals(np.linalg.solve(K_C, K_Q)).real.max())\n"
    ),
    explanation=(
        "$AB$ and $BA$ have the same eigenvalues: with $A=\\sqrt{K_Q}$ and $B=K_C^{-1}\\sqrt{K_Q}$ the hint follows. "
        "The leading one is the largest ratio $y^{\\mathsf T}K_C^{-1}y\\,/\\,y^{\\mathsf T}K_Q^{-1}y$ over all targets y: "
        "how much more complex the classical model may have to be."
    ),
    wrong={
        "no root": (
            "def geometric(K_C, K_Q):\n    return np.linalg.eigvals(np.linalg.solve(K_C, K_Q)).real.max()\n"
        ),
        "exchanged": (
            "def geometric(K_C, K_Q):\n"
            "    return np.sqrt(np.linalg.eigvals(np.linalg.solve(K_Q, K_C)).real.max())\n"
        ),
        "singular value": (
            "def geometric(K_C, K_Q):\n    return np.sqrt(np.linalg.norm(np.linalg.solve(K_C, K_Q), 2))\n"
        ),
        "largest entry": "def geometric(K_C, K_Q):\n    return np.sqrt(abs(np.linalg.solve(K_C, K_Q)).max())\n",
    },
    grade=_grade_geometric,
    given={"np": np},
)


def _grade_angle_map(answer: Any) -> Verdict:
    X = np.array([[0.3, -1.1, 2.0], [1.7, 0.4, 0.9], [0.0, 0.0, 0.0]])
    own = answer() if isinstance(answer, type) else answer
    states = np.asarray(own.states(X))
    if states.shape != (3, 8):
        return Verdict.wrong(f"3 rows of 3 features make states of shape (3, 8), not {states.shape}.")
    norms = np.linalg.norm(states, axis=1)
    if not np.allclose(norms, 1):
        return Verdict.wrong(
            f"a state of yours has length {norms[np.abs(norms - 1).argmax()]:.3f}; it must be 1."
        )
    expected = np.prod(np.cos((X[:, None] - X[None]) / 2) ** 2, axis=-1)
    kernel = np.abs(states.conj() @ states.T) ** 2
    if np.allclose(kernel, np.prod(np.cos(X[:, None] - X[None]) ** 2, axis=-1)):
        return Verdict.wrong("your arrows turn by twice the feature: RY(x) has cos(x/2) and sin(x/2) in it.")
    if not np.allclose(kernel, expected):
        return Verdict.wrong(
            "the kernel of RY(x) on each wire is the product of cos^2((x_i - y_i)/2); yours differs."
        )
    if not isinstance(own.circuit(X[0]), Circuit):
        return Verdict.wrong("circuit(x) must return a Circuit of this library.")
    prepared = np.array([own.circuit(x).run() for x in X])
    if not np.allclose(np.abs((prepared.conj() * states).sum(axis=1)), 1):  # the same, up to a phase
        return Verdict.wrong(
            "states and circuit disagree. Wire 0 is the leftmost factor: start np.kron with the first feature."
        )
    got = FidelityKernel(own).gram(X)
    if not np.allclose(got, expected):
        return Verdict.wrong("FidelityKernel makes something else of it than its states say.")
    return Verdict.right(
        "A feature map of your own, ready for QSVC(angle_map). A laptop computes this one from the "
        "cosines alone: product states need no quantum computer."
    )


_ANGLE_MAP = """class AngleMap:
    def n_qubits(self, n_features):
        return n_features

    def circuit(self, x):
        circuit = Circuit(len(x))
        for wire, angle in enumerate(x):
            circuit = circuit.ry({circuit}, wire)
        return circuit

    def states(self, X):
        states = np.ones((len(X), 1))
        for column in {order}:
            qubit = np.stack([np.cos({half}), np.sin({half})], axis=1)
            states = (states[:, :, None] * qubit[:, None, :]).reshape(len(X), -1)
        return states.astype(complex)

angle_map = AngleMap()
"""

angle_map = Exercise(
    name="angle_map",
    level="project",
    prompt=(
        "Write a feature map of your own and use it in `QSVC`: an object `angle_map` of a class with `n_qubits(n_features)`, "
        "`circuit(x)`, which turns wire $i$ by RY($x_i$), and `states(X)`, shape $(n, 2^q)$, without running a circuit. "
        "`FidelityKernel(angle_map)` must work. Then: what is its kernel in closed form?"
    ),
    stub="angle_map = ...  # an object with n_qubits, circuit and states\n",
    solution=_ANGLE_MAP.format(circuit="angle", half="column / 2", order="X.T"),
    explanation=(
        "Each wire holds $\\cos\\tfrac{x_i}2|0\\rangle+\\sin\\tfrac{x_i}2|1\\rangle$, and the state of a "
        "row is their tensor product, wire 0 first. Overlaps of products are products of overlaps: "
        "$k(x,y)=\\prod_i\\cos^2\\tfrac{x_i-y_i}2$. For small differences this is close to "
        "$e^{-\\|x-y\\|^2/4}$, an RBF kernel with gamma 1/4."
    ),
    wrong={
        "twice the angle": _ANGLE_MAP.format(circuit="2 * angle", half="column", order="X.T"),
        "last feature first": _ANGLE_MAP.format(circuit="angle", half="column / 2", order="X.T[::-1]"),
        "not normalised": _ANGLE_MAP.format(circuit="angle", half="column / 2", order="X.T").replace(
            "np.sin", "np.cos"
        ),
    },
    grade=_grade_angle_map,
    given={"np": np, "Circuit": Circuit},
)
