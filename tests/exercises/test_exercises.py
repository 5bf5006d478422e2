"""Every exercise of the book grades itself rightly: the solution passes, each mistake earns its own message."""

import sys
from importlib import import_module
from pkgutil import walk_packages

import pytest

import qlearn.exercises
from qlearn.exercises import Exercise, Verdict, check


def all_exercises():
    for module in walk_packages(qlearn.exercises.__path__, "qlearn.exercises."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, Exercise):
                yield pytest.param(value, id=f"{module.name.removeprefix('qlearn.exercises.')}.{value.name}")


EXERCISES = list(all_exercises())


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_solution_passes(exercise):
    verdict = exercise.check(exercise.answer("solution"))
    assert verdict, verdict


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_wrong_answer_fails_with_a_message_of_its_own(exercise):
    verdicts = {label: exercise.check(exercise.answer("wrong", label)) for label in exercise.wrong}
    assert len(verdicts) >= 1, "an exercise without a typical mistake teaches nothing when it fails"
    assert not any(verdicts.values()), verdicts
    messages = {verdict.message for verdict in verdicts.values()}
    assert len(messages) == len(verdicts), verdicts
    assert not any("stopped with" in message for message in messages), verdicts


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_untouched_stub_is_told_to_begin(exercise):
    assert "nothing to check yet" in exercise.check(exercise.answer("stub")).message


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_answer_makes_the_checker_raise(exercise):
    for answer in (
        None,
        "text",
        float("nan"),
        [],
        lambda *args, **kwargs: 1 / 0,
        lambda *args, **kwargs: sys.exit(),
        lambda *args, **kwargs: None,
    ):
        verdict = exercise.check(answer)
        assert isinstance(verdict, Verdict)
        assert not verdict


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_number_in_quotation_marks_is_no_number(exercise):
    solution = exercise.answer("solution")
    verdict = exercise.check(str(solution))
    assert bool(verdict) == isinstance(solution, str)
    assert ("is a text, and none is asked for" in verdict.message) != isinstance(solution, str)


def test_a_crash_is_reported_with_its_reason():
    exercise = EXERCISES[0].values[0]
    crashing = Exercise(
        name="x", prompt="", stub="x = ...", solution="x = 1", explanation="", grade=lambda answer: answer / 0
    )
    assert "ZeroDivisionError" in check(crashing, 1).message
    assert check(exercise, ...) == exercise.check(...)


def test_what_a_notebook_shows():
    exercise = EXERCISES[0].values[0]
    assert exercise.prompt in exercise._repr_markdown_()
    shown = exercise.reveal()._repr_markdown_()
    assert shown.startswith("<details>")
    assert exercise.solution.rstrip() in shown
    assert exercise.explanation in repr(exercise.reveal())
    assert repr(Verdict.wrong("why")) == "Not yet: why"
    assert Verdict.right("|a> < 1")._repr_html_() == "<p><strong>Right:</strong> |a&gt; &lt; 1</p>"


def graded(exercise, source):
    names = dict(exercise.given)
    exec(source, names)
    return exercise.check(names[exercise.name])


def test_bits_to_compare_takes_the_whole_number_and_the_quotient():
    from qlearn.exercises.communication.bb84 import bits_to_compare

    needed = bits_to_compare.answer("solution")
    for fraction in (1.0, 0.5, 0.25):  # powers that a float holds exactly: m bits are enough, and no fewer
        for m in range(1, 12):
            assert needed(fraction, (1 - fraction / 4) ** m) == m
    plain = "def bits_to_compare(f, miss):\n    return ceil(log(miss) / log(1 - f / 4))\n"
    assert graded(bits_to_compare, plain)


def test_expected_bits_may_be_rounded_and_not_more():
    from qlearn.exercises.communication.bb84 import expected_bits

    body = "def expected_bits(n, p):\n    return {}(n * (1 - p) ** 2){add}, {}(n * p**2)\n"
    assert graded(expected_bits, body.format("round", "round", add=""))
    assert not graded(expected_bits, body.format("", "", add=" + 0.9"))


def test_a_bound_of_the_single_photons_must_use_the_vacuum_it_is_given():
    from qlearn.exercises.communication.photons import single_yield

    dark_of_one_link = single_yield.solution.replace("    ratio =", "    y_0 = 1.7e-6\n    ratio =")
    assert graded(single_yield, single_yield.solution)
    assert "y_0 = 0.001" in graded(single_yield, dark_of_one_link).message


@pytest.mark.parametrize("name", ["click_chance", "single_yield", "eve_share", "one_decoy"])
@pytest.mark.parametrize("cast", ["str", "complex"])
def test_what_is_no_real_number_is_told_so(name, cast):
    from qlearn.exercises.communication import photons

    exercise = getattr(photons, name)
    solution = exercise.answer("solution")
    wrap = {"str": str, "complex": complex}[cast]

    def answer(*given):
        got = solution(*given)
        return tuple(map(wrap, got)) if isinstance(got, tuple) else wrap(got)

    verdict = exercise.check(answer)
    assert not verdict
    assert verdict.message.startswith(("return one real number, not", "return two numbers:"))


def test_with_one_decoy_the_smaller_of_both_bounds_passes_too():
    from qlearn.exercises.communication.photons import one_decoy

    smaller = one_decoy.solution.replace(
        "wrong = e_nu", "wrong = min(e_mu * q_mu * np.exp(mu), e_nu"
    ).replace("np.exp(nu)                  #", "np.exp(nu))  #")
    assert "min(" in smaller
    assert graded(one_decoy, smaller)


@pytest.mark.parametrize("shift", ["scores[0]", "scores.mean()", "scores[action]"])
def test_what_is_subtracted_from_the_scores_must_be_the_largest(shift):
    from qlearn.exercises.learning.reinforcement import log_gradient

    moved = log_gradient.solution.replace("scores.max()", shift)
    assert "must be the *largest*" in graded(log_gradient, moved).message


@pytest.mark.parametrize(
    "policy",
    [
        "np.exp(scores - np.logaddexp.reduce(scores))",
        "1 / np.exp(np.subtract.outer(scores, scores)).sum(axis=0)",  # an overflow that is harmless: 1 / inf
    ],
)
def test_a_softmax_of_another_style_passes(policy):
    from qlearn.exercises.learning.reinforcement import log_gradient

    source = "def log_gradient(scores, action):\n    return np.eye(len(scores))[action] - {}\n"
    assert graded(log_gradient, source.format(policy))


@pytest.mark.parametrize("recover", ["2 * fade", "fade + 0.1", "fade + 0.2"])
def test_a_belief_recovers_as_it_is_told(recover):
    from qlearn.exercises.learning.reinforcement import believe

    fixed = believe.solution.replace("* recover", f"* ({recover})")
    assert not graded(believe, fixed)
    one_line = (
        "def believe(belief, used, told, fade, recover, noise):\n    p = np.asarray(belief)\n"
        "    like = np.array([noise, 1 - noise])\n    a, b = like[told], like[1 - told]\n"
        "    q = np.where(np.arange(p.size) == used, a * p / (a * p + b * (1 - p)), p)\n"
        "    return recover + (1 - fade - recover) * q\n"
    )
    assert graded(believe, one_line)


def test_a_light_cone_grows_beyond_two_steps_and_is_an_edge_without_layers():
    from qlearn.exercises.learning.optimisation import light_cone

    assert graded(light_cone, light_cone.solution.replace("sum(", "sum([").replace("))\n", ")])\n"))
    assert not graded(light_cone, light_cone.solution.replace("** k", "** min(k, 2)"))
    assert not graded(light_cone, light_cone.solution.replace("2 * sum", "(d < 5) * 2 * sum"))
    table = "def light_cone(d, p):\n    return {(3, 2): 14, (3, 1): 6, (2, 3): 8, (4, 2): 26}.get((d, p))\n"
    assert not graded(light_cone, table)


def test_a_constant_matrix_is_no_cut_matrix():
    from qlearn.exercises.learning.optimisation import cut_matrix

    assert graded(cut_matrix, "def cut_matrix(A):\n    return np.triu(2 * A, 1) - np.diag(A.sum(axis=1))\n")
    constant = (
        "def cut_matrix(A):\n"
        "    return np.array([[-5, 1, 1, 3], [1, -3, 2, 0], [1, 2, -4, 1], [3, 0, 1, -4]])\n"
    )
    assert not graded(cut_matrix, constant)


def test_restarts_that_work_more_than_the_sweeps_are_no_anneal():
    from qlearn.exercises.learning.optimisation import anneal_cut

    restarts = (
        "def anneal_cut(A, sweeps, rng):\n"
        "    ends = []\n"
        "    for _ in range(sweeps):\n"
        "        spins, moved = rng.choice([-1, 1], len(A)), True\n"
        "        while moved:\n"
        "            moved = False\n"
        "            for i in rng.permutation(len(A)):\n"
        "                if spins[i] * (A[i] @ spins) > 0:\n"
        "                    spins[i], moved = -spins[i], True\n"
        "        ends.append(spins)\n"
        "    return (min(ends, key=lambda s: s @ A @ s) < 0).astype(int)\n"
    )
    assert "with 2." in graded(anneal_cut, restarts).message


def test_slopes_of_a_small_step_drown_and_those_of_a_large_one_pass():
    from qlearn.exercises.learning.neural_networks import shift_gradient

    eighth = (
        "def shift_gradient(f, angles):\n    turns = np.pi / 4 * np.eye(len(angles))\n"
        "    return [(f(angles + t) - f(angles - t)) / 2**0.5 for t in turns]\n"
    )
    assert graded(shift_gradient, eighth)
    six = (
        "def shift_gradient(f, angles):\n    h = {}\n"
        "    weights = {{1: 3 / 4, 2: -3 / 20, 3: 1 / 60}}\n"
        "    return np.array([sum(w * (f(angles + k * t) - f(angles - k * t)) for k, w in weights.items()) / h\n"
        "                     for t in h * np.eye(len(angles))])\n"
    )
    assert "exact as long as f is" in graded(shift_gradient, six.format("0.01")).message
    assert not graded(shift_gradient, six.format("0.5"))


def test_a_sweep_may_undo_by_the_conjugate_and_may_not_start_anew():
    from qlearn.exercises.learning.neural_networks import sweep

    stored = (
        "def sweep(turns, start, O):\n    gates, psi, slopes = [turn(*t) for t in turns], start, []\n"
        "    for gate in gates:\n        psi = gate @ psi\n"
        "    lam = O @ psi\n"
        "    for (P, _), gate in zip(turns[::-1], gates[::-1]):\n"
        "        slopes.insert(0, np.vdot(lam, P @ psi).imag)\n"
        "        psi, lam = gate.conj().T @ psi, gate.conj().T @ lam\n"
        "    return slopes\n"
    )
    assert graded(sweep, stored)
    assert "Do not start anew" in graded(sweep, sweep.wrong["shifts"]).message


def test_what_was_read_before_the_cnots_is_asked_in_every_order():
    from qlearn.exercises.learning.neural_networks import before

    flips = (
        "def before(string, pairs):\n    z = [c == 'Z' for c in string]\n"
        "    for c, t in pairs[::-1]:\n        z[c] ^= z[t]\n"
        "    return ''.join('IZ'[b] for b in z)\n"
    )
    assert graded(before, flips)
    assert not graded(before, flips.replace("pairs[::-1]", "sorted(pairs, reverse=True)"))
    assert not graded(before, flips.replace("pairs[::-1]", "sorted(pairs[::-1], key=lambda p: -p[1])"))


def test_a_surrogate_is_the_least_squares_fit_and_no_other():
    from qlearn.exercises.learning.neural_networks import surrogate

    normal = surrogate.solution.replace(
        "found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)",
        "M = columns(x)\n    found = np.linalg.solve(M.T @ M, M.T @ y)",
    )
    assert "solve(M.T" in normal
    assert graded(surrogate, normal)
    fifth = surrogate.solution.replace("*waves]", "*waves, np.cos(5 * x)]")
    rows = surrogate.solution.replace("columns(x), y,", "columns(x[::2]), y[::2],")
    least_sum = surrogate.solution.replace(
        "found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)",
        "M, w = columns(x), np.ones(len(x))\n"
        "    for _ in range(50):\n"
        "        found = np.linalg.lstsq((M.T * w**0.5).T, y * w**0.5, rcond=None)[0]\n"
        "        w = 1 / np.maximum(np.abs(y - M @ found), 1e-6)",
    )
    for wrong in (fifth, rows, least_sum):
        assert wrong != surrogate.solution
        assert not graded(surrogate, wrong)


def test_alignment_keeps_its_sign_and_is_asked_of_another_number_of_rows():
    from qlearn.exercises.learning.qsvm import alignment

    fixed = alignment.solution.replace("np.eye(len(y)) - 1 / len(y)", "np.eye(18) - 1 / 18")
    assert fixed != alignment.solution
    assert not graded(alignment, fixed)
    assert "wrong sign" in alignment.check(alignment.answer("wrong", "sign lost")).message
    by_means = (
        "def alignment(K, y):\n    z = y - y.mean()\n    K = K - K.mean(0) - K.mean(1)[:, None] + K.mean()\n"
        "    return z @ K @ z / np.sqrt((K * K).sum()) / (z @ z)\n"
    )
    assert graded(alignment, by_means)


def test_encodings_take_right_answers_of_another_style():
    from qlearn.exercises.learning.encodings import angle_gram, surrogate, with_length

    assert graded(
        with_length,
        "def with_length(X, longest):\n    norms = np.linalg.norm(X, axis=1)\n"
        "    return np.hstack([X, -np.sqrt(np.maximum((longest - norms) * (longest + norms), 0))[:, None]])\n",
    )
    assert graded(
        angle_gram,
        "def angle_gram(X, Y, scale):\n    K = 1.0\n    for x, y in zip(X.T, Y.T):\n"
        "        K = K * (1 + np.cos(scale * np.subtract.outer(x, y))) / 2\n    return K\n",
    )
    assert graded(
        surrogate,
        "def surrogate(f, degree):\n    x = np.linspace(-3, 3, 6 * degree + 3)\n    k = np.arange(1, degree + 1)\n"
        "    def waves(x):\n        kx = np.multiply.outer(np.atleast_1d(x), k)\n"
        "        return np.hstack([np.ones((len(kx), 1)), np.cos(kx), np.sin(kx)])\n"
        "    c = np.linalg.lstsq(waves(x), np.array([f(one) for one in x]))[0]\n"
        "    return lambda x: (waves(x) @ c)[0]\n",
    )


def test_threshold_takes_any_right_answer_and_no_count_of_errors():
    from qlearn.exercises.learning.decision_trees import threshold

    counting = (
        "def threshold(x, y):\n    y, x = y[np.argsort(x)], np.sort(x)\n    n, ones = len(y), np.cumsum(y)[:-1]\n"
        "    k = np.arange(1, n)\n    h = lambda p: -sum(q * np.log2(np.where(q > 0, q, 1)) for q in (p, 1 - p))\n"
        "    worth = k * h(ones / k) + (n - k) * h((y.sum() - ones) / (n - k))\n"
        "    best = worth.argmin()\n    return (x[best] + x[best + 1]) / 2\n"
    )
    assert graded(threshold, counting)
    either = (
        "def threshold(x, y):\n    values = np.sort(x)\n    places = (values[1:] + values[:-1]) / 2\n"
        "    return min(places, key=lambda t: min(np.sum((x > t) != y), np.sum((x > t) == y)))\n"
    )
    assert not graded(threshold, either)


def test_angles_that_differ_by_whole_circles_of_the_state_undo_a_layer_too():
    from qlearn.exercises.learning.barren_plateaus import mirror

    other = mirror.solution.replace("-half[::-1]", "4 * np.pi - half[::-1]")
    assert "4 * np.pi" in other
    assert graded(mirror, other)
    assert not graded(mirror, mirror.solution.replace("-half[::-1]", "3 * np.pi - half[::-1]"))


def test_states_whose_amplitudes_have_the_same_sizes_are_not_the_same():
    from qlearn.exercises.qubits.no_cloning import clonable

    sizes = clonable.answer("wrong", "sizes alone")
    assert "the phase between them" in clonable.check(sizes).message
    by_fidelity = (
        "def clonable(a, b):\n    f = abs(np.vdot(a, b)) ** 2\n    return np.isclose(f * (1 - f), 0)\n"
    )
    assert graded(clonable, by_fidelity)
