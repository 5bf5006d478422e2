"""What a policy costs that has to find out what is best."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="no draw was made: this is what endless repetitions would average to, so two policies can be compared digit by digit.",
    because=r"""
        All that a policy knows are its counts, so go through them round by round, with their chances. In each state it pulls
        one arm, which costs $\mu^*-\mu_a$ by expectation, and splits the state in two: a success with the chance $\mu_a$, a
        failure with $1-\mu_a$. Ways that lead to the same counts are added up, and instead of $2^T$ histories there are few. A
        policy that is fed its expected successes is another one: it never meets the bad luck that leads astray.
    """,
)
def regret(policy, means, horizon):
    """Arm k of a bandit gives 1 with the chance `means[k]`, else 0, each time independently. In each of `horizon` rounds
    `policy(pulls, wins)` says which arm to pull, from 0: it is told two tuples of whole numbers, how often each arm has been
    pulled so far, and how often that gave 1. Return the exact expected regret: `horizon` times the largest of the means, minus
    the expected sum of what the policy gets. `horizon` is at most 8.
    """
    nothing = (0,) * len(means)
    chances, lost = {(nothing, nothing): 1.0}, 0.0
    for _ in range(horizon):
        after = {}
        for (pulls, wins), chance in chances.items():
            arm = policy(pulls, wins)
            lost += chance * (max(means) - means[arm])
            pulled = (*pulls[:arm], pulls[arm] + 1, *pulls[arm + 1 :])
            won = (*wins[:arm], wins[arm] + 1, *wins[arm + 1 :])
            for state, share in (((pulled, won), means[arm]), ((pulled, wins), 1 - means[arm])):
                after[state] = after.get(state, 0) + chance * share
        chances = after
    return lost


class _Policy:
    """A policy that can be pickled, and does not give away its name."""

    def __init__(self, rule, *numbers):
        self.rule, self.numbers = rule, numbers

    def __call__(self, pulls, wins):
        return self.rule(pulls, wins, *self.numbers)

    def __repr__(self):
        return "a policy"


def _greedy(pulls, wins, start):
    """The best mean so far, of arms that are thought of as `start` before they are tried; ties to the first."""
    means = [w / n if n else start for n, w in zip(pulls, wins)]
    return means.index(max(means))


def _ucb(pulls, wins, width):
    import math

    for k, n in enumerate(pulls):
        if n == 0:
            return k
    t = sum(pulls)
    index = [w / n + math.sqrt(width * math.log(t) / n) for n, w in zip(pulls, wins)]
    return index.index(max(index))


def _stays(pulls, wins, arm):
    return arm


def _in_turn(pulls, wins):
    return sum(pulls) % len(pulls)


def _explores_first(pulls, wins, each):
    """Each arm so many times, then the one with the most successes; ties to the last."""
    for k, n in enumerate(pulls):
        if n < each:
            return k
    return max(range(len(pulls)), key=lambda k: (wins[k] / pulls[k], k))


def _leaves_a_loser(pulls, wins):
    """The arm with the fewest failures; ties to the first."""
    failures = [n - w for n, w in zip(pulls, wins)]
    return failures.index(min(failures))


@regret.cases
def bandits(rng):
    """Two arms to four; the best first and last; arms that are alike, certain, or hopeless; policies that look and that do not;
    no round, one and more."""
    yield _Policy(_ucb, 2.0), (0.6, 0.4), 8
    yield _Policy(_greedy, 1.0), (0.6, 0.4), 8
    policies = [
        _Policy(_greedy, 1.0),
        _Policy(_greedy, 0.5),
        _Policy(_ucb, 2.0),
        _Policy(_stays, 1),
        _Policy(_in_turn),
        _Policy(_explores_first, 2),
        _Policy(_leaves_a_loser),
    ]
    for number in rng.permutation(len(policies)):
        arms = int(rng.integers(2, 5))
        yield (
            policies[number],
            tuple(float(m) for m in rng.uniform(0.05, 0.95, arms)),
            int(rng.integers(4, 9)),
        )
    yield _Policy(_greedy, 1.0), (0.0, 1.0, 0.3), 5
    yield _Policy(_in_turn), tuple(float(m) for m in rng.uniform(0.1, 0.9, 4)), 7
    yield _Policy(_leaves_a_loser), (0.2, float(rng.uniform(0.5, 0.9))), 1
    yield _Policy(_stays, 1), (0.8, 0.3), 0


def _slip(policy, means, horizon, **changed):
    """Through all histories, with something changed."""

    def from_here(pulls, wins, rounds):
        if rounds == 0:
            return 0.0
        arm = policy(*changed.get("told", lambda pulls, wins: (pulls, wins))(pulls, wins))
        pulled = tuple(n + (k == arm) for k, n in enumerate(pulls))
        won = tuple(n + (k == arm) for k, n in enumerate(wins))
        share = changed.get("share", lambda mean: mean)(means[arm])
        here = changed.get("lost", lambda mean, rounds: max(means) - mean)(means[arm], rounds)
        rest = (1 - share) * from_here(pulled, wins, rounds - 1) if share < 1 else 0.0
        return here + rest + (share * from_here(pulled, won, rounds - 1) if share > 0 else 0.0)

    return from_here((0,) * len(means), (0,) * len(means), horizon)


@regret.mistake(
    "that is the expected sum of what the policy gets; asked is how much it falls behind the best arm."
)
def what_it_gets(policy, means, horizon):
    return _slip(policy, means, horizon, lost=lambda mean, rounds: mean)


@regret.mistake("that is the regret of a single round, on average: the sum over all rounds is asked for.")
def of_a_round(policy, means, horizon):
    return _slip(policy, means, horizon) / max(horizon, 1)


@regret.mistake("that is the regret of the last round alone: add up all.")
def of_the_last_round(policy, means, horizon):
    return _slip(policy, means, horizon, lost=lambda mean, rounds: (max(means) - mean) * (rounds == 1))


@regret.mistake("one round is missing.")
def one_round_less(policy, means, horizon):
    return _slip(policy, means, max(horizon - 1, 0))


@regret.mistake("that is one round too many.")
def one_round_more(policy, means, horizon):
    return _slip(policy, means, horizon + 1)


@regret.mistake("success and failure are equally likely with you: arm k succeeds with the chance `means[k]`.")
def fair_coins(policy, means, horizon):
    return _slip(policy, means, horizon, share=lambda mean: 0.5)


@regret.mistake("success and failure are exchanged: a success has the chance `means[k]`.")
def chances_exchanged(policy, means, horizon):
    return _slip(policy, means, horizon, share=lambda mean: 1 - mean)


@regret.mistake(
    "you follow one history, the likeliest outcome of each pull. The unlikely ones are where a policy goes astray: weigh all."
)
def likeliest_history(policy, means, horizon):
    return _slip(policy, means, horizon, share=lambda mean: float(mean > 0.5))


@regret.mistake(
    "you tell the policy its *expected* successes. It sees whole ones, and bad luck among them: go through all outcomes."
)
def expected_successes(policy, means, horizon):
    pulls, lost = [0] * len(means), 0.0
    for _ in range(horizon):
        arm = policy(tuple(pulls), tuple(n * mean for n, mean in zip(pulls, means)))
        pulls[arm] += 1
        lost += max(means) - means[arm]
    return lost


@regret.mistake("the policy is told nothing: hand it the pulls and wins so far in each round.")
def told_nothing(policy, means, horizon):
    nothing = (0,) * len(means)
    return horizon * (max(means) - means[policy(nothing, nothing)])


@regret.mistake("you compare with the mean of all arms; regret compares with the best one.")
def against_the_mean(policy, means, horizon):
    return _slip(policy, means, horizon, lost=lambda mean, rounds: sum(means) / len(means) - mean)


@regret.mistake("the best arm is not always the first: take the largest of the means.")
def the_first_is_best(policy, means, horizon):
    return _slip(policy, means, horizon, lost=lambda mean, rounds: means[0] - mean)


@regret.mistake("the sign is wrong: a regret is never below 0.")
def sign_exchanged(policy, means, horizon):
    return -_slip(policy, means, horizon)
