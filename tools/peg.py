"""Build the LDPC codes that the library ships: `python tools/peg.py` writes them all, `... 2280 0.90` one.

Progressive edge growth (PEG): the variables get their edges one by one, and every edge goes to a check that is
as far away as the graph allows, so that short cycles, which deceive belief propagation, close as late as they
can. NumPy is all it takes; the long codes take about two minutes each, and a seed makes them the same again.

References: Hu, Eleftheriou and Arnold, 2005, doi:10.1109/TIT.2004.839541 (PEG). Elkouss, Leverrier, Alleaume
and Boutros, 2009, arXiv:0901.2140, table I (degree distributions for the binary symmetric channel).
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).resolve().parents[1] / "qlearn/communication/postprocessing/reconciliation/ldpc/data"
LENGTHS = (2280, 18220)

# Share of the edges at variables of each degree, by rate: table I (its powers of x are degrees less one).
# The row of 0.85 sums to 1.05 as printed; only ratios are used. 0.95 is not in the table: it takes 0.90's.
SHARES: dict[float, dict[int, float]] = {
    0.50: {2: .14438, 3: .19026, 4: .01836, 5: .00233, 6: .04697, 8: .053943, 9: .05590, 10: .01290, 11: .00162,
           14: .06159, 15: .13115, 17: .01481, 47: .00879, 49: .00650, 55: .00210, 56: .00099, 57: .11178,
           58: .06238, 59: .05094, 66: .02230},
    0.55: {2: .16880, 3: .20994, 6: .18095, 15: .03846, 16: .02635, 18: .23454, 19: .05815, 31: .08280},
    0.60: {2: .11040, 3: .20804, 8: .14163, 9: .14858, 26: .14438, 27: .08909, 46: .00748, 71: .15038},
    0.65: {2: .10451, 3: .15652, 4: .08057, 5: .00056, 9: .12151, 13: .10485, 15: .10719, 21: .00771, 51: .31656},
    0.70: {2: .05343, 3: .29406, 6: .00896, 9: .15571, 12: .12189, 25: .19872, 46: .09572, 62: .02741,
           65: .04056, 73: .00354},
    0.75: {2: .10805, 3: .09511, 4: .01449, 5: .13764, 6: .10667, 7: .05288, 28: .01107, 31: .47408},
    0.80: {2: .09420, 3: .18088, 6: .11972, 7: .08550, 8: .09816, 17: .07194, 26: .34960},
    0.85: {2: .04528, 3: .20537, 4: .05878, 5: .094274, 6: .08454, 7: .01176, 9: .05137, 21: .50015},
    0.90: {2: .07689, 3: .28096, 5: .08933, 9: .19620, 12: .30631, 21: .05031},
}  # fmt: skip
SHARES[0.95] = SHARES[0.90]

# Variables of degree 2 are edges between two checks: with as many as checks they close cycles among themselves,
# which are words of small weight that nobody can tell from no error. Infinite codes do not mind, these do.
MOST_OF_DEGREE_2 = 0.8


def degrees(rate: float, length: int) -> NDArray[np.int64]:
    """Return the degree of each variable, in rising order; what is too many of degree 2 gets degree 3."""
    shares = SHARES[rate]
    nodes = np.array([share / degree for degree, share in shares.items()])
    ends = np.rint(np.cumsum(nodes) / nodes.sum() * length).astype(int)
    result = np.repeat(list(shares), np.diff(ends, prepend=0))
    result[int(MOST_OF_DEGREE_2 * checks_of(rate, length)) : (result == 2).sum()] = 3
    return result


def checks_of(rate: float, length: int) -> int:
    """Return the number of checks."""
    return round((1 - rate) * length)


def grow(degrees: NDArray[np.int64], checks: int, seed: int) -> NDArray[np.int64]:
    """Return the checks of every variable, one variable after the other, by progressive edge growth.

    Among the farthest checks the edge goes to one with the most room left, so that in the end all checks have
    nearly the same degree.
    """
    rng = np.random.default_rng(seed)
    n, edges = degrees.size, int(degrees.sum())
    room = np.full(checks, edges // checks)
    room[rng.permutation(checks)[: edges % checks]] += 1
    # Neighbours, filled up with a variable and a check that do not exist.
    of_variable = np.full((n, degrees.max()), checks)
    of_check = np.full((checks + 1, room.max() + 8), n)
    used = np.zeros(checks, dtype=np.int64)
    for v, degree in enumerate(degrees):
        for k in range(degree):
            near = _near(v, of_variable[v, :k], of_variable, of_check)
            far = np.flatnonzero(~near)
            best = far[room[far] == room[far].max()]
            check = best[rng.integers(best.size)]
            of_variable[v, k] = check
            of_check[check, used[check]] = v
            used[check] += 1
            room[check] -= 1
    return of_variable[of_variable < checks]


def _near(
    v: int,
    front: NDArray[np.int64],
    of_variable: NDArray[np.int64],
    of_check: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Mark the checks around a variable, stopping one step before none would be left."""
    n, checks = len(of_variable), len(of_check) - 1
    near, seen = np.zeros(checks + 1, dtype=bool), np.zeros(n + 1, dtype=bool)
    near[front], seen[[v, n]] = True, True
    near[checks] = True
    while front.size:
        reached = np.zeros_like(seen)
        reached[of_check[front]] = True
        reached &= ~seen
        seen |= reached
        wider = np.zeros_like(near)
        wider[of_variable[reached[:n]]] = True
        wider &= ~near
        if (near | wider).all():
            break
        near |= wider
        front = np.flatnonzero(wider)
    return near[:checks]


def build(rate: float, length: int) -> dict[str, NDArray]:
    """Return what the file of a code holds: the degree of each variable, and the checks of them in turn."""
    wanted, checks = degrees(rate, length), checks_of(rate, length)
    edges = grow(wanted, checks, seed=length + checks)
    return {"degrees": wanted.astype(np.uint8), "checks": edges.astype(np.uint16)}


def main(arguments: list[str]) -> None:
    """Write the codes that are named, or all."""
    wanted = (
        [(int(arguments[0]), float(arguments[1]))] if arguments else [(n, r) for n in LENGTHS for r in SHARES]
    )
    DATA.mkdir(exist_ok=True)
    for length, rate in wanted:
        code = build(rate, length)
        path = DATA / f"{length}_{rate:.2f}.npz"
        np.savez_compressed(path, **code)  # type: ignore[arg-type]
        print(f"{path.name}: {code['checks'].size} edges, {path.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
