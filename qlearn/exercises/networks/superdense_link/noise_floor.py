"""What a noisy link leaves in a variable that is trained through it."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the loop forgets a share of every error and gets a new one: half the step, half the floor, twice the time.",
    because=r"""
        With $u=\theta-\theta^*$ and $\hat g$ of mean $(1-2e)\lambda u$ and variance $\sigma^2$, the variance V of u goes to
        $a^2V+\eta^2\sigma^2$ in a round, $a=1-(1-2e)\eta\lambda$. It rests where $V=\eta^2\sigma^2/(1-a^2)$. For a word
        $\sigma^2=\delta^2e(1-e)\sum_b4^b=\delta^2e(1-e)(4^w-1)/3$. For small steps $1-a^2\approx2\eta\lambda$, so that
        $V\approx\eta\sigma^2/2\lambda$; memory of an error fades like $e^{-\eta\lambda t}$, and the product of the two does not
        depend on the step.
    """,
)
def noise_floor(e, w, step, rate, curvature):
    r"""Site A sends its gradient $g=\lambda(\theta-\theta^*)$ as a word of w bits, two's complement, in units of `step`;
    $\lambda$ is the `curvature`. Each bit comes out wrong with the chance e below 1/2, independently. What site B reads
    has then the mean $(1-2e)\,g$, but for a constant, and a variance that does not depend on g. B takes
    $\theta\leftarrow\theta-\eta\,\hat g$ with $\eta$ the `rate`, and A sees the result before it sends the next gradient.
    Leave rounding aside. Return the variance of $\theta$ after very many rounds.
    """
    word = step**2 * e * (1 - e) * (4**w - 1) / 3
    kept = 1 - (1 - 2 * e) * rate * curvature
    return rate**2 * word / (1 - kept**2)


@noise_floor.cases
def loops(rng):
    """Good links and bad ones, short words and long ones, small steps and steps beyond the optimum; one that has
    forgotten next to nothing after a hundred rounds."""
    yield 0.02, 8, 1 / 64, 0.1, 1.0
    yield 0.25, 1, 1.0, 0.5, 2.0
    yield 0.35, 6, 1 / 32, 0.05, 0.5
    for _ in range(6):
        w = int(rng.integers(2, 17))
        yield (
            float(rng.uniform(0.01, 0.4)),
            w,
            float(2.0 ** -rng.integers(0, 12)),
            float(rng.uniform(0.05, 0.9)),
            float(rng.uniform(0.4, 2.0)),
        )


def _floor(word, kept, rate):
    return rate**2 * word / (1 - kept**2)


def _word(e, w, step):
    return step**2 * e * (1 - e) * (4**w - 1) / 3


@noise_floor.mistake(
    "almost: eta sigma^2 / (2 lambda) is the limit of small steps. Sum what is kept of all rounds."
)
def limit_of_small_steps(e, w, step, rate, curvature):
    return rate * _word(e, w, step) / (2 * curvature)


@noise_floor.mistake(
    "what is read has shrunk by 1 - 2e: B's step is shorter, and less of an error is forgotten."
)
def without_shrinking(e, w, step, rate, curvature):
    return _floor(_word(e, w, step), 1 - rate * curvature, rate)


@noise_floor.mistake("e sum 4**b is a mean square. The variance of one bit is e (1 - e).")
def mean_square_of_a_bit(e, w, step, rate, curvature):
    return _floor(_word(e, w, step) / (1 - e), 1 - (1 - 2 * e) * rate * curvature, rate)


@noise_floor.mistake("a word counts in units of `step`: its variance in step squared.")
def in_steps(e, w, step, rate, curvature):
    return _floor(_word(e, w, 1.0), 1 - (1 - 2 * e) * rate * curvature, rate)


@noise_floor.mistake("`step` comes squared into a variance.")
def step_not_squared(e, w, step, rate, curvature):
    return _floor(_word(e, w, step**0.5), 1 - (1 - 2 * e) * rate * curvature, rate)


@noise_floor.mistake("B multiplies what it reads by the rate, and a variance by its square.")
def without_the_rate(e, w, step, rate, curvature):
    return _word(e, w, step) / (1 - (1 - (1 - 2 * e) * rate * curvature) ** 2)


@noise_floor.mistake("that is the root: the variance is asked for.")
def the_root(e, w, step, rate, curvature):
    return _floor(_word(e, w, step), 1 - (1 - 2 * e) * rate * curvature, rate) ** 0.5


@noise_floor.mistake(
    "an error is kept by the share a in the variable, and in the variance by its square: 1 - a**2."
)
def kept_not_squared(e, w, step, rate, curvature):
    return rate**2 * _word(e, w, step) / ((1 - 2 * e) * rate * curvature)


@noise_floor.mistake("the sum of 4**b over w bits is (4**w - 1)/3: the last bit counts 1.")
def sum_of_weights(e, w, step, rate, curvature):
    return _floor(step**2 * e * (1 - e) * 4**w / 3, 1 - (1 - 2 * e) * rate * curvature, rate)


@noise_floor.mistake("that is one round's. The loop goes on, and part of every earlier error is still there.")
def one_round(e, w, step, rate, curvature):
    return rate**2 * _word(e, w, step)


@noise_floor.mistake(
    "so many rounds are not very many where steps are short: sum the geometric series, or go on until nothing changes."
)
def two_hundred_rounds(e, w, step, rate, curvature):
    kept = 1 - (1 - 2 * e) * rate * curvature
    return _floor(_word(e, w, step), kept, rate) * (1 - kept**400)


@noise_floor.mistake("the sign bit alone is not the word: all bits add their share.")
def sign_alone(e, w, step, rate, curvature):
    word = step**2 * e * (1 - e) * 4 ** (w - 1)
    return _floor(word, 1 - (1 - 2 * e) * rate * curvature, rate)
