"""One layer of QAOA."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._stand_in import library_calls
from qlearn.exercises.comparisons import as_numbers, same_state
from qlearn.learning.optimisation import QAOASimulator


def amplitudes(answered, due):
    """Compare states up to a phase, with a word for probabilities."""
    got = as_numbers(answered)
    of_the_kind = not isinstance(got, str) and got.shape == due.shape and got.dtype.kind != "c"
    if of_the_kind and (got >= 0).all() and abs(got.sum() - 1) < 1e-9:
        return "these are probabilities. The state is its amplitudes: leave out the square"
    return same_state(answered, due)


@exercise(
    level="core",
    same=amplitudes,
    right="phases and mixers: repeat the two lines p times, and it is all of QAOA.",
    because="""
        The cost is diagonal, so its layer multiplies each amplitude by a phase: no gates to count. The terms of B
        commute, so the mixer is one 2 x 2 matrix on every wire; `reshape(2**wire, 2, -1)` brings that wire to the
        middle axis.
    """,
)
def one_layer(values, gamma, beta):
    r"""Return, by NumPy, the state $e^{-i\beta B}e^{-i\gamma
    C}|{+}\cdots{+}\rangle$, where `values` (shape $(2^n,)$) is the diagonal of C and B is the sum of X
    on all n wires. Given: `np`.
    """
    state = np.exp(-1j * gamma * values) / np.sqrt(len(values))
    rx = np.array([[np.cos(beta), -1j * np.sin(beta)], [-1j * np.sin(beta), np.cos(beta)]])
    for wire in range(len(values).bit_length() - 1):
        state = rx @ state.reshape(2**wire, 2, -1)
    return state.reshape(-1)


@one_layer.cases
def costs(rng):
    """Of one wire to six; values of both signs, whole and not; angles of both signs, and beyond a quarter turn."""
    for n in (1, 2, 3, 4, 4, 5, 6):
        values = rng.integers(0, 5, 2**n).astype(float) if n == 2 else rng.normal(size=2**n)
        yield values, float(rng.uniform(0.3, 2) * rng.choice([-1, 1])), float(rng.uniform(-3, 3))


@one_layer.grader
def by_numpy(answer, rng):
    """The library has a simulator of such layers: by NumPy."""
    if library_calls(answer, costs(rng)):
        return Verdict.wrong("right, and the library has made it: write the layer with NumPy alone.")
    return None


def _slip(values, gamma, beta, *, sign=-1, times=1.0, corner=-1j, wires=None, phases=True, mixer_first=False):
    """The solution with something wrong: what the mistakes are made of."""
    state = np.ones(len(values), complex) / np.sqrt(len(values))
    phase = np.exp(sign * 1j * gamma * values) if phases else np.ones(len(values))
    if not mixer_first:
        state = state * phase
    c, s = np.cos(times * beta), corner * np.sin(times * beta)
    rx = np.array([[c, s if corner != 1 else -s], [s, c]])
    for wire in range(len(values).bit_length() - 1) if wires is None else wires:
        state = rx @ state.reshape(2**wire, 2, -1)
    return state.reshape(-1) * (phase if mixer_first else 1)


@one_layer.mistake("you turned by half of it: exp(-i beta X) is RX(2 beta), with cos(beta) inside.")
def half_the_angle(values, gamma, beta):
    return _slip(values, gamma, beta, times=0.5)


@one_layer.mistake("you turned by twice of it: exp(-i beta X) has cos(beta) inside, not cos(2 beta).")
def twice_the_angle(values, gamma, beta):
    return _slip(values, gamma, beta, times=2)


@one_layer.mistake("the phases go the wrong way round: both exponents carry -i.")
def sign_of_gamma(values, gamma, beta):
    return _slip(values, gamma, beta, sign=1)


@one_layer.mistake("the mixer goes the wrong way round: both exponents carry -i.")
def sign_of_beta(values, gamma, beta):
    return _slip(values, gamma, -beta)


@one_layer.mistake("both signs are turned round: each exponent carries -i, and you have +i.")
def both_signs(values, gamma, beta):
    return _slip(values, -gamma, -beta)


@one_layer.mistake("gamma and beta are exchanged: gamma goes with the cost, beta with the mixer.")
def angles_exchanged(values, gamma, beta):
    return _slip(values, beta, gamma)


@one_layer.mistake(
    "every bit string is as likely as before. Phases alone do that: the mixer is missing. First the phases, then the mixer."
)
def no_mixer(values, gamma, beta):
    return _slip(values, gamma, 0)


@one_layer.mistake("that is |+...+>, up to a phase: the phases of the cost are missing.")
def no_phases(values, gamma, beta):
    return _slip(values, gamma, beta, phases=False)


@one_layer.mistake("only wire 0 is turned. B is the sum of X on all wires: turn every one.")
def first_wire_only(values, gamma, beta):
    return _slip(values, gamma, beta, wires=range(1))


@one_layer.mistake("the last wire is not turned. B is the sum of X on all wires: turn every one.")
def one_wire_too_few(values, gamma, beta):
    return _slip(values, gamma, beta, wires=range(len(values).bit_length() - 2))


@one_layer.mistake("you turned about y: beside the diagonal of RX stands -i sin(beta), twice.")
def about_y(values, gamma, beta):
    return _slip(values, gamma, beta, corner=1)


@one_layer.mistake()
def not_normalised(values, gamma, beta):
    return _slip(values, gamma, beta) * np.sqrt(len(values))


@one_layer.mistake()
def probabilities(values, gamma, beta):
    return np.abs(_slip(values, gamma, beta)) ** 2


@one_layer.mistake()
def the_layer_of_the_library(values, gamma, beta):
    return QAOASimulator(values).state(np.array([gamma]), np.array([beta]))
