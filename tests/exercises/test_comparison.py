"""Answers to the exercises of *A fair comparison* that once passed, and right ones in another style."""

import pytest

from qlearn.exercises.learning.comparison import cosine, device_days, growth_exponent, rival


def graded(exercise, source):
    names = dict(exercise.given)
    exec(source, names)
    return exercise.check(names[exercise.name])


@pytest.mark.parametrize("days", [58, 57.9, 57.86, 57.864, 57.8646])
def test_days_may_be_rounded(days):
    assert device_days.check(days)


@pytest.mark.parametrize("days", [57, 57.87, 57.88, 59])
def test_days_may_not_be_off(days):
    assert not device_days.check(days)


def test_an_exponent_reads_the_sizes():
    fixed = "lambda x, y: np.polyfit(np.log([50, 100, 200, 400]), np.log(y[:4]), 1)[0]"
    assert not graded(growth_exponent, f"growth_exponent = {fixed}")
    by_hand = (
        "def growth_exponent(x, y):\n"
        "    u, v = np.log10(x), np.log10(y)\n"
        "    return ((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum()\n"
    )
    assert graded(growth_exponent, by_hand)


@pytest.mark.parametrize("noise", ["1e-6", "0.02", "1 / np.sqrt(samples)"])
def test_the_exact_cosine_with_noise_is_no_sample(noise):
    exact = "x @ y / np.linalg.norm(x) / np.linalg.norm(y)"
    assert not graded(cosine, f"cosine = lambda x, y, samples, rng: {exact} + {noise} * rng.normal()")


@pytest.mark.parametrize("factor", [2, 3])
def test_the_samples_are_counted(factor):
    source = cosine.solution.replace("size=samples", f"size={factor} * samples")
    assert source != cosine.solution
    assert not graded(cosine, source)


def test_samples_may_be_drawn_in_another_way():
    counts = (
        "def cosine(x, y, samples, rng):\n"
        "    weights = x**2 / (x @ x)\n"
        "    often = rng.multinomial(samples, weights)\n"
        "    seen = often > 0\n"
        "    mean = (often[seen] * y[seen] / x[seen]).sum() / samples\n"
        "    return mean * np.linalg.norm(x) / np.linalg.norm(y)\n"
    )
    assert graded(cosine, counts)


@pytest.mark.parametrize(
    "source",
    [
        "import qlearn\nrival = SVC(kernel=lambda A, B: qlearn.learning.FidelityKernel()(A, B))\n",
        "def inner(A, B):\n    return QSVC().fit(A, B)\n\nrival = SVC(kernel=lambda A, B: inner(A, B))\n",
        "def f(A, B):\n    def g():\n        from qlearn import learning\n        return learning\n    return g()\n\n"
        "rival = SVC(kernel=f)\n",
        "def made(model):\n    return lambda A, B: model.fit(A, B)\n\nrival = SVC(kernel=made(QSVC()))\n",
    ],
    ids=["a module", "two steps away", "a function in a function", "in a closure"],
)
def test_a_quantum_rival_is_found_where_it_hides(source):
    assert "uses a part of qlearn" in graded(rival, source).message


@pytest.mark.parametrize(
    "hidden",
    [
        "class Held:\n    def __call__(self, A, B):\n        return FidelityKernel()(A, B)\n\nrival = SVC(kernel=Held())\n",
        "def f(A, B, K=FidelityKernel()):\n    return K(A, B)\n\nrival = SVC(kernel=f)\n",
        "from functools import partial\n\nrival = SVC(kernel=partial(lambda K, A, B: K(A, B), FidelityKernel()))\n",
        "held = {'k': FidelityKernel()}\nrival = SVC(kernel=lambda A, B: held['k'](A, B))\n",
        "from importlib import import_module\n\n"
        "rival = SVC(kernel=lambda A, B: import_module('qlearn.learning').FidelityKernel()(A, B))\n",
    ],
)
def test_a_kernel_of_the_library_is_found_in_whatever_holds_it(hidden):
    assert (
        "uses a part of qlearn"
        in graded(rival, "from qlearn.learning import FidelityKernel\n" + hidden).message
    )


def test_what_only_bears_the_name_of_a_function_of_the_library_is_none():
    assert graded(
        rival,
        "from qlearn.evidence import average\n"
        + rival.solution.replace("    one, two", "    middle = np.average(X, axis=0)\n    one, two"),
    )


def test_a_rival_may_be_a_kernel_of_its_own():
    kernel = rival.solution.replace(
        'rival = make_pipeline(FunctionTransformer(features), SVC(kernel="linear", C=30))',
        "def kernel(A, B):\n    return features(A) @ features(B).T\n\nrival = SVC(kernel=kernel, C=30)",
    )
    assert kernel != rival.solution
    assert graded(rival, kernel)
