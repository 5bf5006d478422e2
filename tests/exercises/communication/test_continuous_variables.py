"""The exercises on continuous variables take right answers of another style, and no wrong one."""

from math import exp, expm1, log2

import numpy as np
import pytest
from scipy.optimize import brentq

from qlearn.communication import continuous_variables as cv
from qlearn.exercises.communication import continuous_variables as exercises
from tests.exercises.tried import passes, refused


def fitted(x, y, efficiency, electronic_noise, ddof=2):
    slope, intercept = np.polyfit(x, y, 1)
    left = ((y - slope * x - intercept) ** 2).sum() / (len(x) - ddof)
    return [slope**2 / efficiency, (left - 1 - electronic_noise) / slope**2]


def by_covariance(x, y, efficiency, electronic_noise):
    (xx, xy), (_, yy) = np.cov(x, y)
    gain = (xy / xx) ** 2
    return np.array([gain / efficiency, (yy - gain * xx - 1 - electronic_noise) / gain])


def in_a_loop(x, y, efficiency, electronic_noise):
    slope = sum(a * b for a, b in zip(x, y, strict=True)) / sum(a * a for a in x)
    left = sum((b - slope * a) ** 2 for a, b in zip(x, y, strict=True)) / len(x)
    return slope**2 / efficiency, (left - 1 - electronic_noise) / slope**2


@pytest.mark.parametrize("answer", [fitted, by_covariance, in_a_loop])
def test_a_line_may_be_fitted_in_any_way(answer):
    assert passes(exercises.find_line, answer)


def g(nu):
    return 0.0 if nu <= 1 + 1e-12 else (nu + 1) / 2 * log2((nu + 1) / 2) - (nu - 1) / 2 * log2((nu - 1) / 2)


def from_the_matrix(a, b, c):
    state = np.block(
        [[a * np.eye(2), c * np.diag([1, -1])], [c * np.diag([1, -1]), b * np.eye(2)]],
    )
    return cv.entropy(state) - g(np.sqrt(a * (a - c**2 / b)))


def from_the_polynomial(a, b, c):
    squares = np.roots([1, -(a**2 + b**2 - 2 * c**2), (a * b - c**2) ** 2]).real
    return sum(map(g, np.sqrt(squares))) - g(np.sqrt(a * (a - c**2 / b)))


@pytest.mark.parametrize("answer", [from_the_matrix, from_the_polynomial])
def test_what_eve_knows_may_come_from_the_matrix_or_the_polynomial(answer):
    assert passes(exercises.eve_knows, answer)


def test_the_least_beta_may_be_found_as_a_root():
    line = {"modulation_variance": 18.5, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
    known, hers = cv.mutual_information(0.1, **line), cv.holevo_bound(0.1, **line)
    assert exercises.least_beta.check(brentq(lambda beta: beta * known - hers, 0.5, 1))
    assert "keep them all" in refused(exercises.least_beta, round(float(hers / known), 3))


def test_formulas_in_another_form_pass():
    assert exercises.bob_variance.check(2.28)
    assert passes(exercises.phase_noise, lambda modulation, sigma: modulation * expm1(sigma**2))
    assert passes(
        exercises.direct_rate,
        lambda t, v: log2(1 + t * v) / 2 - g(1 + v - t * v) + g((1 + v - t * v) ** 0.5),
    )


@pytest.mark.parametrize("turned", [abs, lambda noise: max(noise, 0.0), lambda noise: max(noise, 1e-6)])
def test_a_noise_below_zero_stays_below_zero(turned):
    def answer(*record):
        transmittance, noise = exercises.find_line.solution(*record)
        return transmittance, turned(noise)

    message = refused(exercises.find_line, answer)
    assert "scatters *below* vacuum" in message or "the second of 2" in message


@pytest.mark.parametrize(
    "answer",
    [
        lambda x, y, efficiency, electronic: (  # regression of x on y: the slope the wrong way round
            (y @ y / (x @ y)) ** 2 / efficiency,
            (np.mean((y - y @ y / (x @ y) * x) ** 2) - 1 - electronic) / (y @ y / (x @ y)) ** 2,
        ),
        lambda x, y, efficiency, electronic: fitted(x, y, 0.6, electronic),  # the detector of the page
        lambda x, y, efficiency, electronic: fitted(x, y, efficiency, 0.08),
        lambda x, y, efficiency, electronic: fitted(x[:100], y[:100], efficiency, electronic),
        lambda x, y, efficiency, electronic: (0.5, 0.1),
        lambda x, y, efficiency, electronic: (np.var(y) / np.var(x) / efficiency, 0.0),
    ],
)
def test_a_line_of_another_slope_detector_or_part_of_the_record_is_refused(answer):
    assert refused(exercises.find_line, answer)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (exercises.bob_variance, 1 + 0.05 + 0.6 * 0.5 * 4),
        (exercises.bob_variance, 2.3),
        (exercises.eve_knows, lambda a, b, c: np.log(2) * exercises.eve_knows.solution(a, b, c)),  # nats
        (exercises.eve_knows, lambda a, b, c: g(a) + g(b) - g(np.sqrt(a * (a - c**2 / b)))),
        (exercises.eve_knows, lambda a, b, c: exercises.eve_knows.solution(max(a, b), min(a, b), c)),
        (exercises.eve_knows, lambda a, b, c: 0.5),
        (exercises.least_beta, 0.927),
        (exercises.least_beta, 0.95),
        (exercises.phase_noise, lambda modulation, sigma: modulation * (1 - exp(-(sigma**2) / 2))),
        (exercises.phase_noise, lambda modulation, sigma: modulation * (sigma**2 + sigma**4 / 2)),
        (exercises.phase_noise, lambda modulation, sigma: modulation * np.tan(sigma) ** 2),
        (exercises.direct_rate, lambda t, v: abs(exercises.direct_rate.solution(t, v))),
        (exercises.direct_rate, lambda t, v: (log2(1 + t * v) - log2(1 + (1 - t) * v)) / 2),
        (exercises.direct_rate, lambda t, v: cv.mutual_information(t, modulation_variance=v, excess_noise=0)),
    ],
)
def test_wrong_answers_are_refused(exercise, answer):
    assert refused(exercise, answer)


def test_a_transmittance_above_one_is_not_cut_off():
    def answer(x, y, efficiency, electronic_noise):
        t, noise = exercises.find_line(x, y, efficiency, electronic_noise)
        return (1 if t > 1 else t), noise

    for seed in range(5):
        assert "comes out *above* 1" in exercises.find_line.check(answer, seed=seed).message
