"""The fidelity of a path, from its links and its swaps."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="Werner parameters multiply, once for each link and once for each swap: one swap fewer than links.",
    because=r"""
        Subtract the noise, 1/4, from each fidelity and scale: $w = (4F-1)/3$. Swapping multiplies these $w$; the noise of
        a swap is one more factor. A path of $n$ links has $n-1$ swaps. Then back: $F = \tfrac14 + \tfrac34 w$.
    """,
)
def end_to_end_fidelity(fidelities, swap_werner):
    """Return the fidelity from end to end of a path. `fidelities` has those of its links (Werner pairs); each swap
    multiplies the Werner parameter by `swap_werner`. Given: `np`.
    """
    werner = np.prod((4 * np.asarray(fidelities) - 1) / 3) * swap_werner ** (len(fidelities) - 1)
    return 0.25 + 0.75 * werner


@end_to_end_fidelity.cases
def paths(rng):
    """One link, where nothing is swapped; two; many; perfect swaps and bad ones."""
    for n, swap_werner in ((1, 0.7), (2, 0.9), (2, 1.0), (3, 0.95), (6, rng.uniform(0.8, 0.99)), (9, 0.97)):
        yield rng.uniform(0.8, 0.999, n), float(swap_werner)


@end_to_end_fidelity.mistake(
    "you multiplied fidelities. Noise has fidelity 1/4, not 0, and two errors can cancel: multiply Werner parameters."
)
def multiplies_fidelities(fidelities, swap_werner):
    return np.prod(fidelities) * swap_werner ** (len(fidelities) - 1)


@end_to_end_fidelity.mistake(
    "you counted one swap for each link. The two ends do not swap: n links have n - 1 swaps."
)
def a_swap_for_each_link(fidelities, swap_werner):
    return 0.25 + 0.75 * np.prod((4 * fidelities - 1) / 3) * swap_werner ** len(fidelities)


@end_to_end_fidelity.mistake("you left out the swaps: each multiplies the Werner parameter by `swap_werner`.")
def perfect_swaps(fidelities, swap_werner):
    return 0.25 + 0.75 * np.prod((4 * fidelities - 1) / 3)


@end_to_end_fidelity.mistake("you counted one swap, whatever the length: n links have n - 1.")
def one_swap(fidelities, swap_werner):
    return 0.25 + 0.75 * np.prod((4 * fidelities - 1) / 3) * swap_werner ** (len(fidelities) > 1)


@end_to_end_fidelity.mistake(
    "this is the Werner parameter of the path. Go back to a fidelity: 1/4 + 3/4 of it."
)
def stays_with_werner(fidelities, swap_werner):
    return np.prod((4 * fidelities - 1) / 3) * swap_werner ** (len(fidelities) - 1)


@end_to_end_fidelity.mistake(
    "you multiplied the fidelity by the noise of the swaps. It is a factor of the Werner parameter: what is lost turns into "
    "noise, which still has fidelity 1/4."
)
def shrinks_the_fidelity(fidelities, swap_werner):
    return (0.25 + 0.75 * np.prod((4 * fidelities - 1) / 3)) * swap_werner ** (len(fidelities) - 1)
