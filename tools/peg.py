"""Build the LDPC codes that the library ships: `python tools/peg.py` writes them all, `... 0.9` one.

Progressive edge growth (PEG): the variables get their edges one by one, and every edge goes to a check that is
as far away as the graph allows, so that short cycles, which deceive belief propagation, close as late as they
can. NumPy is all it takes, some seconds a table, and a seed makes them the same again. The tables are short; a long
code is made of copies of one, joined across by shifts (`lift`), which `qlearn` does when it loads one.

References: Hu, Eleftheriou and Arnold, 2005, doi:10.1109/TIT.2004.839541 (PEG). Elkouss, Leverrier, Alleaume
and Boutros, 2009, arXiv:0901.2140, table I (degree distributions for the binary symmetric channel).
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).resolve().parents[1] / "qlearn/communication/secret_key/reconciliation/ldpc/data"
LENGTH = 2280

# Share of the edges at variables of each degree, by rate: table I (its powers of x are degrees less one).
# Above 0.8 they are our own, found by a random search with density evolution (sampled densities of 2,049 values): it
# says that long codes then take 1.084 (0.85), 1.094 (0.9), 1.112 (0.925) and 1.146 (0.95) times Shannon's least, where
# the table's row of 0.9 takes 1.14 to 1.17, and its row of 0.85 sums to 1.05 as printed.
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
    0.85: {2: .02464, 3: .31873, 4: .01045, 6: .00944, 8: .02986, 12: .29608, 16: .08517, 20: .19986, 28: .02578},
    0.9: {2: .02173, 3: .27566, 4: .01689, 6: .03661, 8: .05544, 12: .25291, 16: .12591, 20: .18766, 28: .02721},
    0.925: {2: .02125, 3: .27379, 4: .00627, 6: .00941, 8: .04405, 12: .28330, 16: .15109, 20: .18886, 28: .02196},
    0.95: {2: .01050, 3: .28250, 6: .10088, 14: .60612},
}  # fmt: skip
SHARES[0.9125] = SHARES[0.9]

# Variables of degree 2 are edges between two checks: with as many as checks they close cycles among themselves,
# which are words of small weight that nobody can tell from no error. Infinite codes do not mind, these do.
MOST_OF_DEGREE_2 = 0.8

# Shifts are chosen modulo this number, see `lift`.
COPIES = 16


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


def lift(degrees: NDArray[np.int64], edges: NDArray[np.int64], checks: int, seed: int) -> NDArray[np.int64]:
    """Return a shift for every edge, so that few cycles of four are left where copies are joined by them.

    Two checks that share two variables close a cycle of four in the table. Their copies do so only if the shifts
    around it add up to 0, modulo the number of copies. Each edge takes a shift that closes none modulo 16, if it can,
    and so none modulo any multiple of 16; among those, one that closes few modulo 8.
    """
    rng = np.random.default_rng(seed)
    # For each two checks: the differences, modulo 16, of their shifts at the variables that they share.
    taken = np.zeros((checks, checks, COPIES), dtype=bool)
    starts = np.cumsum(degrees) - degrees
    shifts = np.zeros(edges.size, dtype=np.int64)
    tried = np.arange(COPIES)[:, None]
    for v in np.argsort(-degrees, kind="stable"):
        for e in range(starts[v], starts[v] + degrees[v]):
            earlier = slice(starts[v], e)
            difference = (tried - shifts[earlier]) % COPIES
            closes = taken[edges[e], edges[earlier], difference]
            closes_8 = closes | taken[edges[e], edges[earlier], (difference + COPIES // 2) % COPIES]
            cost = edges.size * closes.sum(axis=1) + closes_8.sum(axis=1)
            shift = rng.choice(np.flatnonzero(cost == cost.min()))
            taken[edges[e], edges[earlier], (shift - shifts[earlier]) % COPIES] = True
            taken[edges[earlier], edges[e], (shifts[earlier] - shift) % COPIES] = True
            shifts[e] = shift
    return shifts + COPIES * rng.integers(0, 2**16 // COPIES, edges.size)


def build(rate: float, length: int = LENGTH) -> dict[str, NDArray]:
    """Return what the file of a table holds: the degree of each variable, its checks in turn, and their shifts."""
    wanted, checks = degrees(rate, length), checks_of(rate, length)
    edges = grow(wanted, checks, seed=length + checks)
    shifts = lift(wanted, edges, checks, seed=length + checks)
    return {
        "degrees": wanted.astype(np.uint8),
        "checks": edges.astype(np.uint16),
        "shifts": shifts.astype(np.uint16),
    }


def main(arguments: list[str]) -> None:
    """Write the tables of the rates that are named, or all."""
    DATA.mkdir(exist_ok=True)
    for rate in map(float, arguments) if arguments else SHARES:
        table = build(rate)
        path = DATA / f"{rate:.4f}.npz"
        np.savez_compressed(path, **table)  # type: ignore[arg-type]
        print(f"{path.name}: {table['checks'].size} edges, {path.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
