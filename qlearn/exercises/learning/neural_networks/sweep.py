"""Sweep."""

import numpy as np

from qlearn.exercises import exercise

# TODO given name 'turn' = <function _turn at 0x7f0595119080>


@exercise(
    level="stretch",
    right="One way out, one way back, every slope: backpropagation through a circuit.",
    because=r"""
        After the last gate $|\lambda\rangle=O|\psi\rangle$. The slope of the gate that stands last is
        $2\operatorname{Im}\langle\lambda|\tfrac P2|\psi\rangle$. Undo it on both states, and the gate before it
        stands last. Three states' worth of work for each gate, however many gates there are.
    """,
)
def sweep(turns, start, O):
    r"""Write the adjoint sweep yourself. `turns` is a list of pairs $(P,\theta)$, one for each gate
    $e^{-i\theta P/2}$ in the order they are applied to the state `start`; the matrix $P$ is its own
    inverse, and `turn(P, theta)` is the gate as a matrix. `sweep(turns, start, O)` returns the slopes
    of $\langle\psi|O|\psi\rangle$ in all angles, in the same order, from one way out and one way back.
    """
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    for P, theta in reversed(turns):
        slopes.append((lam.conj() @ P @ psi).imag)
        psi, lam = turn(P, -theta) @ psi, turn(P, -theta) @ lam
    return np.array(slopes[::-1])


@sweep.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_sweep of the old module
    yield ()


@sweep.mistake(
    "twice too large: the gate is exp(-i theta G) with G = P / 2, so 2 Im<lambda|G|psi> has no 2 left."
)
def twice(turns, start, O):
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    for P, theta in reversed(turns):
        slopes.append(2 * (lam.conj() @ P @ psi).imag)
        psi, lam = turn(P, -theta) @ psi, turn(P, -theta) @ lam
    return np.array(slopes[::-1])


@sweep.mistake(
    "with 1 gates the slopes are [-0.202]; yours are [0.1213]. On the way back each gate is undone on *both* "
    "states, after its slope was read."
)
def no_bra(turns, start, O):
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    for P, theta in reversed(turns):
        slopes.append((lam @ P @ psi).imag)
        psi, lam = turn(P, -theta) @ psi, turn(P, -theta) @ lam
    return np.array(slopes[::-1])


@sweep.mistake(
    "with 1 gates the slopes are [-0.202]; yours are [2.4097]. On the way back each gate is undone on *both* "
    "states, after its slope was read."
)
def real_part(turns, start, O):
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    for P, theta in reversed(turns):
        slopes.append((lam.conj() @ P @ psi).real)
        psi, lam = turn(P, -theta) @ psi, turn(P, -theta) @ lam
    return np.array(slopes[::-1])


@sweep.mistake("all signs are wrong: <lambda| is the bra, its numbers are conjugated.")
def sign(turns, start, O):
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    for P, theta in reversed(turns):
        slopes.append((psi.conj() @ P @ lam).imag)
        psi, lam = turn(P, -theta) @ psi, turn(P, -theta) @ lam
    return np.array(slopes[::-1])


@sweep.mistake("the slopes come in the order of the way back. Turn the list round at the end.")
def order_of_the_way_back(turns, start, O):
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    for P, theta in reversed(turns):
        slopes.append((lam.conj() @ P @ psi).imag)
        psi, lam = turn(P, -theta) @ psi, turn(P, -theta) @ lam
    return np.array(slopes)


@sweep.mistake(
    "with 3 gates the slopes are [1.1991 0.2096 2.2395]; yours are [1.4127 0.0254 2.2395]. On the way back each "
    "gate is undone on *both* states, after its slope was read."
)
def one_state_undone(turns, start, O):
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    for P, theta in reversed(turns):
        slopes.append((lam.conj() @ P @ psi).imag)
        psi = turn(P, -theta) @ psi
    return np.array(slopes[::-1])


@sweep.mistake(
    "with 3 gates the slopes are [1.1991 0.2096 2.2395]; yours are [ 1.6834 -0.3908  2.2395]. On the way back "
    "each gate is undone on *both* states, after its slope was read."
)
def done_again(turns, start, O):
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    for P, theta in reversed(turns):
        slopes.append((lam.conj() @ P @ psi).imag)
        psi, lam = turn(P, theta) @ psi, turn(P, theta) @ lam
    return np.array(slopes[::-1])


@sweep.mistake(
    "the slopes are right, and for 3 gates you took 18 turns. One way out and one way back on two states take 9. "
    "Do not start anew for each gate."
)
def shifts(turns, start, O):
    def mean(shift):
        psi = start
        for (P, theta), more in zip(turns, shift):
            psi = turn(P, theta + more) @ psi
        return (psi.conj() @ O @ psi).real

    shifts = np.pi / 2 * np.eye(len(turns))
    return np.array([(mean(s) - mean(-s)) / 2 for s in shifts])


@sweep.mistake("a slope is a real number: take the imaginary part of the overlap.")
def complex(turns, start, O):
    psi = start
    for P, theta in turns:
        psi = turn(P, theta) @ psi
    lam, slopes = O @ psi, []
    for P, theta in reversed(turns):
        slopes.append(-1j * lam.conj() @ P @ psi)
        psi, lam = turn(P, -theta) @ psi, turn(P, -theta) @ lam
    return np.array(slopes[::-1])
