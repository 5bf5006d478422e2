"""An actuator at the other end of a noisy link, with feedback and without."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="the same errors, and two ends: who sees where B is corrects them, who does not adds them up.",
    because=r"""
        With feedback A takes the gradient where B *is*, so that every error of the line is part of the next gradient and is
        pulled back. Without feedback A follows a path of its own, on which no error ever happened. It is B's path shifted by
        $-\eta\sum_t\text{errors}_t$, and nothing of that sum is ever taken back. What is cut is cut before it is sent: A knows
        it, and steps by the cut number too.
    """,
)
def actuator(H, optimum, start, rate, most, errors):
    r"""Site A trains the variables of an actuator at site B. The gradient of its loss at $\theta$ is $H(\theta-\theta^*)$,
    with the matrix `H` and the array `optimum`. In each round A sends the gradient, each number cut to the range from
    -`most` to `most`; B reads what was sent plus the errors of that round, a row of `errors`, of shape (rounds, d), and
    moves by -`rate` times that. Both begin at `start`. Return the tuple `(seen, unseen)`: where B ends if A takes each
    gradient where B is, and where B ends if A cannot see B, takes its gradients at a variable of its own, and moves that
    by -`rate` times what it sent.
    """

    def sent(theta):
        return np.clip(H @ (theta - optimum), -most, most)

    seen, unseen, own = start, start, start
    for error in errors:
        seen = seen - rate * (sent(seen) + error)
        unseen = unseen - rate * (sent(own) + error)
        own = own - rate * sent(own)
    return seen, unseen


@actuator.cases
def sites(rng):
    """One variable to four, one round to thirty; ranges that cut much and that cut nothing; errors as of spoilt words."""
    for rounds in (1, 2, 3, 8, 30):
        for most in (0.2, 5.0):
            d = int(rng.integers(1, 5))
            root = rng.normal(size=(d, d))
            H = root @ root.T / d + 0.2 * np.eye(d)
            H = H / np.linalg.eigvalsh(H).max() * rng.uniform(0.6, 1.2)
            errors = rng.normal(size=(rounds, d)) * rng.choice([0.1, 1.0], (rounds, 1))
            yield H, rng.normal(size=d), rng.normal(size=d), float(rng.uniform(0.2, 0.8)), most, errors


def _ends(H, optimum, start, rate, most, errors, cut=np.clip, sign=-1, own_errors=0):
    def sent(theta):
        return cut(H @ (theta - optimum), -most, most)

    seen, unseen, own = start, start, start
    for error in errors:
        seen = seen + sign * rate * (sent(seen) + error)
        unseen = unseen + sign * rate * (sent(own) + error)
        own = own + sign * rate * (sent(own) + own_errors * error)
    return seen, unseen


@actuator.mistake("nothing is cut with you: a word holds numbers up to `most`.")
def not_cut(H, optimum, start, rate, most, errors):
    return _ends(H, optimum, start, rate, most, errors, cut=lambda g, low, high: g)


@actuator.mistake(
    "you cut what B reads. A cuts what it sends; the error comes after, and may be as large as it likes."
)
def cut_by_the_reader(H, optimum, start, rate, most, errors):
    seen, unseen, own = start, start, start
    for error in errors:
        seen = seen - rate * np.clip(H @ (seen - optimum) + error, -most, most)
        g = H @ (own - optimum)
        unseen = unseen - rate * np.clip(g + error, -most, most)
        own = own - rate * np.clip(g, -most, most)
    return seen, unseen


@actuator.mistake("you go up the gradient: B moves by *minus* the rate times what it reads.")
def uphill(H, optimum, start, rate, most, errors):
    return _ends(H, optimum, start, rate, most, errors, sign=1)


@actuator.mistake("`unseen` is `seen` with you: A's own variable feels no error, for A does not know of any.")
def sees_all_the_same(H, optimum, start, rate, most, errors):
    return _ends(H, optimum, start, rate, most, errors, own_errors=1)


@actuator.mistake("`unseen` is where A thinks that B is. Where B *is*, the errors count too.")
def where_a_thinks(H, optimum, start, rate, most, errors):
    seen, _ = _ends(H, optimum, start, rate, most, errors)
    return seen, _ends(H, optimum, start, rate, most, 0 * errors)[0]


@actuator.mistake("almost: A's own variable moves by what it *sent*, cut as it was.")
def own_path_uncut(H, optimum, start, rate, most, errors):
    seen, unseen, own = start, start, start
    for error in errors:
        seen = seen - rate * (np.clip(H @ (seen - optimum), -most, most) + error)
        unseen = unseen - rate * (np.clip(H @ (own - optimum), -most, most) + error)
        own = own - rate * H @ (own - optimum)
    return seen, unseen


@actuator.mistake("the errors add to what B reads, before the rate: with you they come in whole.")
def errors_without_the_rate(H, optimum, start, rate, most, errors):
    return _ends(H, optimum, start, rate, most, errors / rate)


@actuator.mistake("A's own variable stands still with you: it moves, by what was sent.")
def own_stands_still(H, optimum, start, rate, most, errors):
    seen, _ = _ends(H, optimum, start, rate, most, errors)
    g = np.clip(H @ (start - optimum), -most, most)
    return seen, start - rate * (len(errors) * g + errors.sum(axis=0))


@actuator.mistake("the two are exchanged: first with feedback, then without.")
def exchanged(H, optimum, start, rate, most, errors):
    return _ends(H, optimum, start, rate, most, errors)[::-1]


@actuator.mistake("the gradient is H times the *distance from the optimum*, not H times the variable.")
def without_the_optimum(H, optimum, start, rate, most, errors):
    return _ends(H, 0 * optimum, start, rate, most, errors)
