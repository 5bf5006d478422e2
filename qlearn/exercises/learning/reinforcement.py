"""Exercises of the chapter *Reinforcement: which channel next?*."""

from math import isclose
from typing import Any

import numpy as np

from qlearn.exercises import Exercise, Verdict
from qlearn.qubits import Circuit, probabilities


def _grade_two_links(answer: Any) -> Verdict:
    mistakes = {
        0.75: "0.75 is how often *one* channel is good: what a coin gets. You may choose after seeing.",
        15 / 16: "15/16 is how often at least one of them *was* good. Until the next slot it may fade.",
        0.9 * 15 / 16: "you forgot the slots after both were bad: a channel may recover in them.",
        0.9: "0.9 is what you get if one of them was good, which is not always.",
        0.9 * 7 / 16
        + 0.3 * 9 / 16: "you took 3/4 for the share of *bad* slots. A channel is bad in f/(f+r) of them.",
        0.9 * 15 / 16
        + 0.51 / 16: "0.51 is how often one of two bad channels recovers. You can only try one of them.",
        86.25: "that is per cent: give the share, between 0 and 1.",
    }
    value = float(np.squeeze(answer))
    if isclose(value, 0.8625, rel_tol=1e-6):
        return Verdict.right("0.9 x 15/16 + 0.3 x 1/16. And stay-or-switch gets it seeing only one channel.")
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=1e-6):
            return Verdict.wrong(why)
    return Verdict.wrong(
        f"{value:g} is not it. How often were both channels bad? What is the chance of the next slot then, and what else?"
    )


two_links = Exercise(
    name="two_links",
    level="warm-up",
    prompt=(
        "Two equal channels; a good one fades with probability 0.1 in each slot, a bad one recovers with 0.3. You see the "
        "last state of both before you choose. In which share of the slots do you get through, in the long run? By hand."
    ),
    stub="two_links = ...\n",
    solution="two_links = 0.9 * (1 - (1 / 4) ** 2) + 0.3 * (1 / 4) ** 2\n",
    explanation=(
        "A channel is bad in a share $f/(f+r)=1/4$ of the slots, both are in 1/16. If one was good, take it: 0.9. If both "
        "were bad, either recovers with 0.3. Together 0.8625, against 0.75 without looking."
    ),
    wrong={
        "a coin": "two_links = 3 / 4\n",
        "was good, not will be": "two_links = 1 - (1 / 4) ** 2\n",
        "no recovery": "two_links = 0.9 * (1 - (1 / 4) ** 2)\n",
        "always one good": "two_links = 0.9\n",
        "shares exchanged": "two_links = 0.9 * (1 - (3 / 4) ** 2) + 0.3 * (3 / 4) ** 2\n",
        "tries both": "two_links = 0.9 * (1 - (1 / 4) ** 2) + (1 - 0.7**2) * (1 / 4) ** 2\n",
        "per cent": "two_links = 86.25\n",
    },
    grade=_grade_two_links,
    given={"np": np},
)


def _grade_log_gradient(answer: Any) -> Verdict:
    rng = np.random.default_rng(3)
    for scores, action in (
        (np.zeros(2), 1),
        (rng.normal(size=4), 2),
        (rng.normal(size=3) + 800.0, 0),
        (np.array([0.0, 800.0, -800.0]), 0),
    ):
        with np.errstate(over="ignore", invalid="ignore"):
            got = np.asarray(answer(scores.copy(), action), float)
        if got.shape != scores.shape:
            return Verdict.wrong(f"one number for each of the {scores.size} scores, not shape {got.shape}.")
        policy = np.exp(scores - scores.max())
        policy /= policy.sum()
        taken = np.eye(scores.size)[action]
        right = taken - policy
        if np.allclose(got, right):
            continue
        if np.isnan(got).any() and np.ptp(scores) > 700:
            return Verdict.wrong(
                f"for the scores {scores} the exponential still overflows: what you subtract must be the *largest* of them."
            )
        if np.isnan(got).any() and scores.max() > 700:
            return Verdict.wrong(
                "for scores near 800 the exponential overflows. Subtract the largest score first: it changes no probability."
            )
        if np.allclose(got, taken):
            return Verdict.wrong(
                "raising one score lowers the *other* probabilities: the normalisation depends on every score."
            )
        if np.allclose(got, -right):
            return Verdict.wrong("the sign is turned round: this would make the action that was taken rarer.")
        if np.allclose(got, policy[action] * right):
            return Verdict.wrong(
                "that is the gradient of the probability. The gradient of its *logarithm* is divided by the probability."
            )
        if np.allclose(got, 1 - policy):
            return Verdict.wrong(
                "only the action that was taken gets the 1; the others get 0 less what was expected."
            )
        return Verdict.wrong(
            f"for the scores {scores.round(2)} and action {action} you return {got.round(3)}: the entries should be "
            "what was done (1 or 0) less the softmax probability."
        )
    return Verdict.right(
        "What was done, less what was expected: it sums to zero, and vanishes when there is no doubt left."
    )


log_gradient = Exercise(
    name="log_gradient",
    level="core",
    prompt=(
        "Write `log_gradient(scores, action)`: the gradient, in the scores, of the logarithm of the softmax probability of "
        "`action`. This is all that REINFORCE needs to know of a policy. Scores may be large."
    ),
    stub="def log_gradient(scores, action):\n    ...\n",
    solution=(
        "def log_gradient(scores, action):\n"
        "    policy = np.exp(scores - scores.max())\n"
        "    gradient = -policy / policy.sum()\n"
        "    gradient[action] += 1\n"
        "    return gradient\n"
    ),
    explanation=(
        "$\\log\\pi_a = s_a - \\log\\sum_b e^{s_b}$, and the derivative of the second term in $s_b$ is $\\pi_b$: so "
        "$\\delta_{ab}-\\pi_b$."
    ),
    wrong={
        "forgets the others": ("def log_gradient(scores, action):\n    return np.eye(len(scores))[action]\n"),
        "sign": (
            "def log_gradient(scores, action):\n    policy = np.exp(scores - scores.max())\n"
            "    return policy / policy.sum() - np.eye(len(scores))[action]\n"
        ),
        "of the probability": (
            "def log_gradient(scores, action):\n    policy = np.exp(scores - scores.max())\n    policy /= policy.sum()\n"
            "    return policy[action] * (np.eye(len(scores))[action] - policy)\n"
        ),
        "overflows": (
            "def log_gradient(scores, action):\n    policy = np.exp(scores)\n"
            "    return np.eye(len(scores))[action] - policy / policy.sum()\n"
        ),
        "subtracts the smallest": (
            "def log_gradient(scores, action):\n    policy = np.exp(scores - scores.min())\n"
            "    return np.eye(len(scores))[action] - policy / policy.sum()\n"
        ),
        "a 1 for all": (
            "def log_gradient(scores, action):\n    policy = np.exp(scores - scores.max())\n"
            "    return 1 - policy / policy.sum()\n"
        ),
        "no exponential": (
            "def log_gradient(scores, action):\n    return np.eye(len(scores))[action] - scores / scores.sum()\n"
        ),
    },
    grade=_grade_log_gradient,
    given={"np": np},
)


# In each the best entry of the next row stands elsewhere, and it is neither the largest of the table nor of any size.
_Q_CASES = (
    (np.array([[0.5, 5.0], [1.0, 3.0], [0.0, 0.0], [4.0, -1.0]]), 1, 1, 1.0, 3, 0.5, 0.9),
    (
        np.array([[7.0, 0.5, 1.0], [2.5, -1.5, 0.3], [-6.0, 1.9, 1.2], [0.7, 0.2, 0.4]]),
        1, 1, -0.4, 2, 0.2, 0.8,
    ),
    (np.array([[-0.5, -0.2, -3.0], [0.6, 9.0, 0.1], [0.3, 0.9, -0.7]]), 2, 2, 0.25, 0, 0.7, 0.6),
)  # fmt: skip


def _grade_q_update(answer: Any) -> Verdict:
    for table, seen, action, reward, after, rate, discount in _Q_CASES:
        given = table.copy()
        got = np.asarray(answer(given, seen, action, reward, after, rate, discount), float)
        if got.shape != table.shape:
            return Verdict.wrong(f"return the whole table, shape {table.shape}, not {got.shape}.")
        if not np.array_equal(given, table):
            return Verdict.wrong("the table you were given has changed: work on a copy.")
        changed = [tuple(map(int, cell)) for cell in np.argwhere(got != table)]
        if changed and changed != [(seen, action)]:
            return Verdict.wrong(
                f"entries {changed} changed; only the action that was taken, where it was taken, was tried: "
                f"{(seen, action)}."
            )
        value, old = got[seen, action], table[seen, action]

        def moved(
            best: float, old: float = old, rate: float = rate, r: float = reward, g: float = discount
        ) -> float:
            return old + rate * (r + g * best - old)

        right, target = moved(table[after].max()), reward + discount * table[after].max()
        if isclose(value, right):
            continue
        mistakes = {
            old: "nothing was learned. The surprise is reward + discount x the best of the next row - the old value.",
            old + rate * (reward - old): (
                "you learn the reward of one slot only: add the discounted value of what follows."
            ),
            target: "you jumped all the way to one noisy observation: go the share `rate`.",
            rate * old + (1 - rate) * target: (
                "you go the share 1 - rate: the entry keeps 1 - rate of the old value and moves by `rate`."
            ),
            moved(table.max()): (
                "you take the best entry of the whole table. Only the row `after` is what follows."
            ),
            moved(np.abs(table[after]).max()): (
                "the largest *size* of the next row is not its best value: a bad action may be large and negative."
            ),
            moved(table[after, action]): (
                "you value the next observation by the *same* action. Q-learning takes its best one."
            ),
            old
            + rate * target: "the old value must be taken off the target, or the table grows without end.",
            old
            + rate * (reward + table[after].max() - old): "what follows comes one slot later: discount it.",
            moved(table[seen].max()): (
                "you value the observation you came from. What follows is the row `after`."
            ),
        }
        for wrong, why in mistakes.items():
            if isclose(value, wrong):
                return Verdict.wrong(why)
        return Verdict.wrong(
            f"for reward {reward:g} and the next row {table[after].tolist()} the entry {old:g} becomes {value:g}; with "
            f"rate {rate:g} and discount {discount:g} it should be {right:g}."
        )
    return Verdict.right("A table that corrects itself by its own surprise, slot by slot.")


q_update = Exercise(
    name="q_update",
    level="core",
    prompt=(
        "Write `q_update(q, seen, action, reward, after, rate, discount)`: the table `q` (observations x actions) after one "
        "step of Q-learning. `after` is the next observation. Return a new table."
    ),
    stub="def q_update(q, seen, action, reward, after, rate, discount):\n    ...\n",
    solution=(
        "def q_update(q, seen, action, reward, after, rate, discount):\n"
        "    q = q.copy()\n"
        "    q[seen, action] += rate * (reward + discount * q[after].max() - q[seen, action])\n"
        "    return q\n"
    ),
    explanation=(
        "The target is what was got plus what the next observation is worth if we act well from there on; the entry "
        "moves towards it by the share `rate`. (Had the episode ended with this step, the target would be the reward "
        "alone.) Two channels need eight numbers, no gradient and no circuit."
    ),
    wrong={
        "short-sighted": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen, action] += rate * (reward - q[seen, action])\n    return q\n"
        ),
        "jumps": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen, action] = reward + discount * q[after].max()\n    return q\n"
        ),
        "same action": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen, action] += rate * (reward + discount * q[after, action] - q[seen, action])\n    return q\n"
        ),
        "grows": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen, action] += rate * (reward + discount * q[after].max())\n    return q\n"
        ),
        "in place": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n"
            "    q[seen, action] += rate * (reward + discount * q[after].max() - q[seen, action])\n    return q\n"
        ),
        "no discount": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen, action] += rate * (reward + q[after].max() - q[seen, action])\n    return q\n"
        ),
        "looks back": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen, action] += rate * (reward + discount * q[seen].max() - q[seen, action])\n    return q\n"
        ),
        "whole row": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen] += rate * (reward + discount * q[after].max() - q[seen])\n    return q\n"
        ),
        "best of the whole table": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen, action] += rate * (reward + discount * q.max() - q[seen, action])\n    return q\n"
        ),
        "first action": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen, action] += rate * (reward + discount * q[after, 0] - q[seen, action])\n    return q\n"
        ),
        "another action": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen, action] += rate * (reward + discount * q[after, (action + 1) % len(q[0])] - q[seen, action])\n"
            "    return q\n"
        ),
        "largest size": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen, action] += rate * (reward + discount * abs(q[after]).max() - q[seen, action])\n"
            "    return q\n"
        ),
        "the other share": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    target = reward + discount * q[after].max()\n"
            "    q[seen, action] = rate * q[seen, action] + (1 - rate) * target\n    return q\n"
        ),
        "always paid": (
            "def q_update(q, seen, action, reward, after, rate, discount):\n    q = q.copy()\n"
            "    q[seen, action] += rate * (1 + discount * q[after].max() - q[seen, action])\n    return q\n"
        ),
    },
    grade=_grade_q_update,
    given={"np": np},
)


def _grade_believe(answer: Any) -> Verdict:
    for belief, used, told, fade, recover, noise in (
        ([0.4, 0.7], 1, 0, 0.1, 0.2, 0.25),
        ([0.5, 0.7], 0, 1, 0.1, 0.2, 0.0),
        ([0.3, 0.6, 0.9], 2, 1, 0.2, 0.4, 0.1),
        ([0.8, 0.4], 0, 0, 0.1, 0.35, 0.15),  # recover is no multiple of fade
    ):
        before = np.array(belief)
        got = np.asarray(answer(before.copy(), used, told, fade, recover, noise), float)
        if got.shape != before.shape:
            return Verdict.wrong(
                f"one probability for each of the {before.size} channels, not shape {got.shape}."
            )
        good, bad = (1 - noise, noise) if told else (noise, 1 - noise)

        def ahead(now: np.ndarray, f: float = fade, r: float = recover) -> np.ndarray:
            return now * (1 - f) + (1 - now) * r

        def bayes(now: np.ndarray, c: int = used, g: float = good, b: float = bad) -> np.ndarray:
            return np.where(np.arange(now.size) == c, now * g / (now * g + (1 - now) * b), now)

        after, trusting, joint, rash = bayes(before), before.copy(), before.copy(), before.copy()
        trusting[used], joint[used], rash[used] = told, before[used] * good, good
        if np.allclose(got, ahead(after)):
            continue
        where = (
            f"for the belief {belief}, channel {used} reported {'good' if told else 'bad'}, noise {noise:g}: "
        )
        if np.allclose(got, after):
            return Verdict.wrong(
                where
                + "this is what is known of the slot that is over. One slot of weather comes before the next choice."
            )
        if np.allclose(got, ahead(trusting)):
            return Verdict.wrong(
                where + "you take the report for the truth. With noise it is only evidence: Bayes' rule."
            )
        unused = np.delete(np.arange(before.size), used)
        if np.allclose(got[used], ahead(after)[used]) and np.allclose(got[unused], before[unused]):
            return Verdict.wrong(
                where + "the channels that nobody looked at go on changing too: what is known of them fades."
            )
        if np.allclose(got, ahead(joint)):
            return Verdict.wrong(
                where
                + "that is how likely a good channel *and* this report are together. Divide by the chance of the report."
            )
        if np.allclose(got, ahead(before)):
            return Verdict.wrong(where + "the report has not changed anything.")
        if np.allclose(got, ahead(rash)):
            return Verdict.wrong(
                where
                + "you take how likely the report is for the belief. What was believed before counts too: Bayes' rule."
            )
        if np.allclose(got, bayes(ahead(before))):
            return Verdict.wrong(
                where + "the report is about the slot that is over: first Bayes' rule, then the weather."
            )
        if np.allclose(got, ahead(after, recover, fade)):
            return Verdict.wrong(
                where + "fade and recover are exchanged: `fade` is the way from good to bad."
            )
        if np.allclose(got, ahead(after, fade, 2 * fade)):
            return Verdict.wrong(
                where
                + f"you let a bad channel recover with {2 * fade:g}, twice `fade`; `recover` is given, here {recover:g}."
            )
        return Verdict.wrong(where + f"you believe {got.round(4)}; it should be {ahead(after).round(4)}.")
    return Verdict.right("Bayes, then weather: two lines carry all that the past can say about the future.")


believe = Exercise(
    name="believe",
    level="stretch",
    prompt=(
        "Write `believe(belief, used, told, fade, recover, noise)`: `belief` holds the probability of each channel to be good in "
        "a slot; channel `used` was reported good (`told` = 1) or bad (0), wrongly with probability `noise`. Return the "
        "probabilities for the *next* slot."
    ),
    stub="def believe(belief, used, told, fade, recover, noise):\n    ...\n",
    solution=(
        "def believe(belief, used, told, fade, recover, noise):\n"
        "    now = np.array(belief, float)\n"
        "    good = now[used] * (1 - noise if told else noise)\n"
        "    bad = (1 - now[used]) * (noise if told else 1 - noise)\n"
        "    now[used] = good / (good + bad)\n"
        "    return now * (1 - fade) + (1 - now) * recover\n"
    ),
    explanation=(
        "First Bayes' rule on the channel that was reported, then one slot of weather on all of them. This belief is all that "
        "a sender needs to remember (Smallwood and Sondik 1973); `belief_mdp` walks through all that can be reached."
    ),
    wrong={
        "no weather": (
            "def believe(belief, used, told, fade, recover, noise):\n    now = np.array(belief, float)\n"
            "    good = now[used] * (1 - noise if told else noise)\n"
            "    bad = (1 - now[used]) * (noise if told else 1 - noise)\n"
            "    now[used] = good / (good + bad)\n    return now\n"
        ),
        "trusts the report": (
            "def believe(belief, used, told, fade, recover, noise):\n    now = np.array(belief, float)\n    now[used] = told\n"
            "    return now * (1 - fade) + (1 - now) * recover\n"
        ),
        "only the one used": (
            "def believe(belief, used, told, fade, recover, noise):\n    now = np.array(belief, float)\n"
            "    good = now[used] * (1 - noise if told else noise)\n"
            "    bad = (1 - now[used]) * (noise if told else 1 - noise)\n    p = good / (good + bad)\n"
            "    now[used] = p * (1 - fade) + (1 - p) * recover\n    return now\n"
        ),
        "no normalisation": (
            "def believe(belief, used, told, fade, recover, noise):\n    now = np.array(belief, float)\n"
            "    now[used] *= 1 - noise if told else noise\n"
            "    return now * (1 - fade) + (1 - now) * recover\n"
        ),
        "no prior": (
            "def believe(belief, used, told, fade, recover, noise):\n    now = np.array(belief, float)\n"
            "    now[used] = 1 - noise if told else noise\n"
            "    return now * (1 - fade) + (1 - now) * recover\n"
        ),
        "weather first": (
            "def believe(belief, used, told, fade, recover, noise):\n"
            "    now = np.array(belief) * (1 - fade) + (1 - np.array(belief)) * recover\n"
            "    good = now[used] * (1 - noise if told else noise)\n"
            "    bad = (1 - now[used]) * (noise if told else 1 - noise)\n"
            "    now[used] = good / (good + bad)\n    return now\n"
        ),
        "exchanged": (
            "def believe(belief, used, told, fade, recover, noise):\n    now = np.array(belief, float)\n"
            "    good = now[used] * (1 - noise if told else noise)\n"
            "    bad = (1 - now[used]) * (noise if told else 1 - noise)\n"
            "    now[used] = good / (good + bad)\n    return now * (1 - recover) + (1 - now) * fade\n"
        ),
        "recovers twice as often": (
            "def believe(belief, used, told, fade, recover, noise):\n    now = np.array(belief, float)\n"
            "    good = now[used] * (1 - noise if told else noise)\n"
            "    bad = (1 - now[used]) * (noise if told else 1 - noise)\n"
            "    now[used] = good / (good + bad)\n    return now * (1 - fade) + (1 - now) * 2 * fade\n"
        ),
        "deaf": (
            "def believe(belief, used, told, fade, recover, noise):\n    now = np.array(belief, float)\n"
            "    return now * (1 - fade) + (1 - now) * recover\n"
        ),
    },
    grade=_grade_believe,
    given={"np": np},
)


def _grade_policy_circuit(answer: Any) -> Verdict:
    if not isinstance(answer, Circuit):
        return Verdict.wrong(f"build a Circuit of 2 wires; this is a {type(answer).__name__}.")
    if answer.n_qubits != 2 or answer.bits or answer.shape:
        return Verdict.wrong(
            "2 wires, no classical bits and no batch: the four inputs are run by the checker."
        )
    odds = probabilities(answer.run(np.eye(4)), wires=1)[
        :, 1
    ]  # chance of action 1 for used, good = 00, 01, 10, 11
    if np.allclose(odds, [1, 0, 0, 1], atol=1e-9):
        return Verdict.right(
            "One CNOT and one X, one shot a decision, no training: the policy was a logic gate all along."
        )
    first = probabilities(answer.run(np.eye(4)), wires=0)[:, 1]
    if np.allclose(first, [1, 0, 0, 1], atol=1e-9):
        return Verdict.wrong("the right answer, on wire 0: the checker reads wire 1.")
    if np.allclose(odds, [0, 1, 1, 0], atol=1e-9):
        return Verdict.wrong(
            "this leaves a good channel and stays on a bad one: the bit is the wrong way round."
        )
    if np.allclose(odds, [0, 1, 0, 1], atol=1e-9):
        return Verdict.wrong("wire 1 still holds the report. Which channel it is about stands on wire 0.")
    if ((odds > 1e-9) & (odds < 1 - 1e-9)).any():
        return Verdict.wrong(
            f"the chances to take channel 1 are {odds.round(3)}: some of these decisions are left to luck."
        )
    return Verdict.wrong(
        f"for (used, good) = 00, 01, 10, 11 it takes {odds.round().astype(int)}; it should be [1 0 0 1]."
    )


policy_circuit = Exercise(
    name="policy_circuit",
    level="project",
    prompt=(
        "Look at what the trained circuit does, and build it by hand: a `Circuit(2)` that is run on the basis state "
        "$|c\\,b\\rangle$ (wire 0: the channel used; wire 1: 1 if it was good) and whose measurement of wire 1 *is* the next "
        "channel of stay-or-switch, with certainty."
    ),
    stub="policy_circuit = ...\n",
    solution="policy_circuit = Circuit(2).x(1).cx(0, 1)\n",
    explanation=(
        "The next channel is $c$ if $b=1$ and the other if not: $c\\oplus\\bar b$. X turns the report into *failed*, CNOT adds "
        "the channel. The whole policy is one exclusive or, which a classical chip does for some attojoules."
    ),
    wrong={
        "no X": "policy_circuit = Circuit(2).cx(0, 1)\n",
        "wrong wire": "policy_circuit = Circuit(2).x(0).cx(1, 0)\n",
        "reads the report": "policy_circuit = Circuit(2)\n",
        "half": "policy_circuit = Circuit(2).h(1)\n",
        "never moves on": "policy_circuit = Circuit(2).swap(0, 1)\n",
    },
    grade=_grade_policy_circuit,
    given={"np": np, "Circuit": Circuit},
)
