"""The ports of channels as maps of the Bloch ball, against the library."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize_scalar

from qlearn.qubits import bloch_vector, noise, random_state
from qlearn.qubits.paulis import IXYZ

N = 1000


def maps(rng: np.random.Generator, n: int = N) -> list:
    """Maps r -> diag(m) r + (0, 0, t) of every kind, channels and others."""
    m, t = rng.uniform(-1, 1, (n, 3)), rng.uniform(-1, 1, n)
    m[: n // 4, 1] = m[: n // 4, 0]  # even, as relaxations are
    return [[list(one), [0.0, 0.0, shift]] for one, shift in zip(m, t, strict=True)]


def as_map(channel: noise.Channel) -> np.ndarray:
    """Return [diagonal, shift]; what the ports leave out is 0."""
    matrix, shift = noise.bloch_map(channel)
    diagonal = np.diagonal(matrix, axis1=-2, axis2=-1)
    assert np.abs(matrix - diagonal[..., None] * np.eye(3)).max() < 1e-12
    return np.stack([diagonal, shift], axis=-2)


def on_operators(one: list) -> np.ndarray:
    """The Choi matrix of a map, from what it makes of each |i><j|: by hand, for maps that are no channels too."""
    (m, t), j = np.array(one), np.zeros((4, 4), dtype=complex)
    for row in range(2):
        for column in range(2):
            unit = np.zeros((2, 2))
            unit[row, column] = 1
            parts = np.einsum("iab,ba->i", IXYZ, unit)
            parts = np.array([parts[0], *(m * parts[1:] + t * parts[0])])
            j[2 * row : 2 * row + 2, 2 * column : 2 * column + 2] = np.einsum("i,iab->ab", parts, IXYZ) / 2
    return j


def test_channels_by_name(port: Callable, agree: Callable):
    p = np.linspace(0, 1, N)
    agree(port("qubits/noise", "bit_flip", p[:, None]), as_map(noise.bit_flip(p)), scale=1)
    agree(port("qubits/noise", "phase_flip", p[:, None]), as_map(noise.phase_flip(p)), scale=1)
    agree(port("qubits/noise", "depolarising", p[:, None]), as_map(noise.depolarising(p)), scale=1)
    agree(port("qubits/noise", "amplitude_damping", p[:, None]), as_map(noise.amplitude_damping(p)), scale=1)
    agree(port("qubits/noise", "phase_damping", p[:, None]), as_map(noise.phase_damping(p)), scale=1)


def test_relaxation(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    time, t1 = rng.uniform(0, 300, N), rng.uniform(4, 200, N)
    t2 = rng.uniform(0.01, 2, N) * t1
    theirs = port("qubits/noise", "thermal_relaxation", np.column_stack([time, t1, t2]))
    agree(theirs, as_map(noise.thermal_relaxation(time, t1, t2)), scale=1)


def test_one_after_another_and_on_a_state(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    p, gamma = rng.random(N), rng.random(N)
    first, second = noise.amplitude_damping(gamma), noise.bit_flip(p)
    both = first.then(second)
    pairs = list(zip(as_map(first), as_map(second), strict=True))
    agree(port("qubits/noise", "channel_then", pairs), as_map(both), scale=1)
    states = random_state(1, size=N, rng=rng)
    after = np.einsum("iab,nba->ni", IXYZ[1:], both.apply(states)).real
    theirs = port("qubits/noise", "apply", list(zip(as_map(both), bloch_vector(states), strict=True)))
    agree(theirs, after, scale=1)


def test_the_choi_matrix_and_its_verdict(port: Callable, agree: Callable):
    rng = np.random.default_rng(3)
    given = maps(rng, 2 * N)
    by_hand = np.array([on_operators(one) for one in given])
    assert np.abs(by_hand.imag).max() < 1e-12
    agree(port("qubits/noise", "choi", [[one] for one in given]), by_hand.real, scale=1)
    agree(port("qubits/noise", "eigvalsh", [[j] for j in by_hand.real]), np.linalg.eigvalsh(by_hand), scale=1)
    for rows in ([0, 3], [1, 2]):
        block = np.linalg.eigvalsh(by_hand[:, rows][:, :, rows])
        agree(port("qubits/noise", "block_eigvalsh", [[j, *rows] for j in by_hand.real]), block, scale=1)
    fine = noise.is_cptp(by_hand)
    assert 50 < fine.sum() < 2 * N - 50
    agree(port("qubits/noise", "is_cptp", [[j] for j in by_hand.real]), fine)
    # The same matrix as the library's, where there is a channel.
    damped = noise.thermal_relaxation(rng.uniform(0, 3, N), 1.0, rng.uniform(0.1, 2, N))
    agree(port("qubits/noise", "choi", [[one] for one in as_map(damped)]), noise.choi(damped).real, scale=1)


def test_the_longest_arrow(port: Callable, agree: Callable):
    given = maps(np.random.default_rng(4))
    longest = []
    for m, t in given:

        def minus(u: float, m: list = m, t: list = t) -> float:
            flat = np.sqrt(1 - u * u)
            return -max(
                np.hypot(m[0] * flat, m[2] * u + t[2]),  # the arrows of the x-z and of the y-z circle
                np.hypot(m[1] * flat, m[2] * u + t[2]),
            )

        grid = np.linspace(-1, 1, 201)
        best = grid[np.argmin([minus(u) for u in grid])]
        near = minimize_scalar(
            minus,
            bounds=(max(-1, best - 0.01), min(1, best + 0.01)),
            method="bounded",
            options={"xatol": 1e-9},
        )
        longest.append(-min(near.fun, minus(-1.0), minus(1.0)))
    agree(port("qubits/noise", "longest", [[one] for one in given]), np.array(longest), scale=1)
