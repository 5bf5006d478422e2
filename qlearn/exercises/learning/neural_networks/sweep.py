"""The adjoint sweep: all slopes from one way out and one way back."""

# ruff: noqa: E741 - O is what the chapter calls an observable

import numpy as np

from qlearn.exercises import Verdict, exercise


@exercise(
    level="stretch",
    right="one way out, one way back, every slope: backpropagation through a circuit.",
    because=r"""
        After the last gate $|\lambda\rangle=O|\psi\rangle$. The slope of the gate that stands last is
        $2\operatorname{Im}\langle\lambda|\tfrac P2|\psi\rangle$. Undo it on both states, and the gate before it
        stands last. Three states' worth of work for each gate, however many gates there are.
    """,
)
def sweep(turns, start, O, turn):
    r"""Write the adjoint sweep yourself. `turns` is a list of pairs $(P,\theta)$, one for each gate
    $e^{-i\theta P/2}$ in the order they are applied to the state `start`; the matrix $P$ is its own
    inverse, and `turn(P, theta)` is a function that gives the gate as a matrix: call it for every gate you apply.
    Return the slopes of $\langle\psi|O|\psi\rangle$ in all angles, in the same order, from one way out and one way
    back. Given: `np`.
    """
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    for P, theta in reversed(turns):
        slopes.append((lam.conj() @ P @ psi).imag)
        psi, lam = turn(P, -theta) @ psi, turn(P, -theta) @ lam
    return np.array(slopes[::-1])


class Turn:
    """The gate exp(-i theta P / 2) of a matrix that is its own inverse; it counts how often it is asked for."""

    def __init__(self):
        self.asked = self.applied = 0

    def __repr__(self):
        return "turn"

    def __call__(self, P, theta):
        self.asked += 1
        return np.cos(theta / 2) * np.eye(len(P)) - 1j * np.sin(theta / 2) * P


class _CountedTurn(Turn):
    """The same, of which each gate counts how often it is applied, if it was made once and kept."""

    def __call__(self, P, theta):
        gate = super().__call__(P, theta).view(_Gate)
        gate.turn = self
        return gate


class _Gate(np.ndarray):
    """A matrix that counts its products; its conjugate, its transpose and its parts count too."""

    def __array_finalize__(self, parent):
        self.turn = getattr(parent, "turn", None)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        turn = next((x.turn for x in inputs if isinstance(x, _Gate)), self.turn)
        plain = [x.view(np.ndarray) if isinstance(x, _Gate) else x for x in inputs]
        out = options.get("out")
        if out is not None:
            options["out"] = tuple(x.view(np.ndarray) if isinstance(x, _Gate) else x for x in out)
        made = getattr(ufunc, method)(*plain, **options)
        if ufunc is np.matmul and turn is not None:
            turn.applied += 1
        elif ufunc in (np.conjugate, np.negative) and isinstance(made, np.ndarray):
            made = made.view(_Gate)
            made.turn = turn
        return made

    def __array_function__(self, function, types, args, options):
        if function in (np.dot, np.einsum, np.tensordot, np.inner, np.vdot) and self.turn is not None:
            self.turn.applied += 1
        made = super().__array_function__(function, types, args, options)
        plain = isinstance(made, _Gate) and function not in (np.transpose, np.swapaxes)
        return made.view(np.ndarray) if plain else made

    def dot(self, other, out=None):
        return np.dot(self, other, out)


def circuit(rng, dim, n):
    """Draw gates, a start and an observable, all complex; every other gate shares the matrix of the one before."""
    turns = []
    for k in range(n):
        if k % 3 != 2:
            basis, _ = np.linalg.qr(rng.normal(size=(dim, dim)) + 1j * rng.normal(size=(dim, dim)))
            signs = np.where(np.arange(dim) < max(1, dim // 2), 1.0, -1.0)
        turns.append(((basis * signs) @ basis.conj().T, float(rng.uniform(-3, 3))))
    start = rng.normal(size=dim) + 1j * rng.normal(size=dim)
    M = rng.normal(size=(dim, dim)) + 1j * rng.normal(size=(dim, dim))
    return turns, start / np.linalg.norm(start), M + M.conj().T


@sweep.cases
def circuits(rng):
    """One gate to six, on one wire to three; the observable's eigenvalues are any."""
    for dim, n in ((2, 1), (2, 3), (4, 2), (4, 6), (8, 4)):
        yield *circuit(rng, dim, n), Turn()


@sweep.grader
def work(answer, rng):
    """Out, and back on both states, is 3 n; one more way out is free."""
    turns, start, O = circuit(rng, 2, 12)
    turn = _CountedTurn()
    answer(turns, start, O, turn)
    if turn.asked < len(turns):
        return Verdict.wrong(
            f"the slopes are right, and for {len(turns)} gates you called `turn` {turn.asked} times: call it for every gate "
            "you apply, for by it your work is counted."
        )
    if (took := max(turn.asked, turn.applied)) > 4 * len(turns):
        return Verdict.wrong(
            f"the slopes are right, and for {len(turns)} gates you took {took} turns. One way out and one way back on "
            f"two states take {3 * len(turns)}. Do not start anew for each gate."
        )
    return None


def _slip(
    turns,
    start,
    O,
    turn,
    *,
    slope=lambda lam, P, psi: (lam.conj() @ P @ psi).imag,
    psi_by=-1,
    lam_by=-1,
    order=-1,
):
    """The solution with something wrong: what the mistakes are made of."""
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    for P, theta in reversed(turns):
        slopes.append(slope(lam, P, psi))
        psi, lam = turn(P, psi_by * theta) @ psi, turn(P, lam_by * theta) @ lam
    return np.array(slopes[::order])


@sweep.mistake(
    "twice too large: the gate is exp(-i theta G) with G = P / 2, so 2 Im<lambda|G|psi> has no 2 left."
)
def twice(turns, start, O, turn):
    return _slip(turns, start, O, turn, slope=lambda lam, P, psi: 2 * (lam.conj() @ P @ psi).imag)


@sweep.mistake("half of it: 2 Im<lambda|G|psi> with G = P / 2 is the whole Im<lambda|P|psi>.")
def half(turns, start, O, turn):
    return _slip(turns, start, O, turn, slope=lambda lam, P, psi: (lam.conj() @ P @ psi).imag / 2)


@sweep.mistake("<lambda| is the bra: its numbers are to be conjugated, and you took them as they are.")
def no_bra(turns, start, O, turn):
    return _slip(turns, start, O, turn, slope=lambda lam, P, psi: (lam @ P @ psi).imag)


@sweep.mistake("you took the real part of the overlap. The slope is in its imaginary part.")
def real_part(turns, start, O, turn):
    return _slip(turns, start, O, turn, slope=lambda lam, P, psi: (lam.conj() @ P @ psi).real)


@sweep.mistake("all signs are wrong: <lambda| is the bra, its numbers are conjugated, and not those of psi.")
def sign(turns, start, O, turn):
    return _slip(turns, start, O, turn, slope=lambda lam, P, psi: (psi.conj() @ P @ lam).imag)


@sweep.mistake("the slopes come in the order of the way back. Turn the list round at the end.")
def order_of_the_way_back(turns, start, O, turn):
    return _slip(turns, start, O, turn, order=1)


@sweep.mistake("on the way back each gate is undone on *both* states; you undo it on psi alone.")
def only_psi_undone(turns, start, O, turn):
    return _slip(turns, start, O, turn, lam_by=0)


@sweep.mistake("on the way back each gate is undone on *both* states; you undo it on lambda alone.")
def only_lambda_undone(turns, start, O, turn):
    return _slip(turns, start, O, turn, psi_by=0)


@sweep.mistake("on the way back you apply the gates once more. Undo them: the same matrix, minus the angle.")
def done_again(turns, start, O, turn):
    return _slip(turns, start, O, turn, psi_by=1, lam_by=1)


@sweep.mistake("you undo each gate before its slope is read: first the overlap, then the step back.")
def undone_too_early(turns, start, O, turn):
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    before = None
    for P, theta in reversed(turns):
        psi, lam = turn(P, -theta) @ psi, turn(P, -theta) @ lam
        before = P if before is None else before
        slopes.append((lam.conj() @ before @ psi).imag)
        before = P
    return np.array(slopes[::-1])


@sweep.mistake()
def shifts(turns, start, O, turn):
    def mean(shift):
        psi = start
        for (P, theta), more in zip(turns, shift, strict=True):
            psi = turn(P, theta + more) @ psi
        return (psi.conj() @ O @ psi).real

    quarter = np.pi / 2 * np.eye(len(turns))
    return np.array([(mean(s) - mean(-s)) / 2 for s in quarter])


@sweep.mistake()
def shifts_of_its_own_gates(turns, start, O, turn):
    return shifts(turns, start, O, Turn())


@sweep.mistake()
def starts_anew_with_gates_that_are_kept(turns, start, O, turn):
    gates = [turn(P, theta) for P, theta in turns]
    slopes = []
    for k, (P, _) in enumerate(turns):
        psi = start
        for gate in gates[: k + 1]:
            psi = gate @ psi
        bent = -0.5j * P @ psi
        for gate in gates[k + 1 :]:
            psi, bent = gate @ psi, gate @ bent
        slopes.append(2 * (psi.conj() @ O @ bent).real)
    return np.array(slopes)


@sweep.mistake("a slope is a real number: take the imaginary part of the overlap.")
def keeps_the_overlap(turns, start, O, turn):
    return _slip(turns, start, O, turn, slope=lambda lam, P, psi: -1j * (lam.conj() @ P @ psi))
