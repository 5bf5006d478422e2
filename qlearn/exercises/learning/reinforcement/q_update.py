"""One step of Q-learning."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    intact=True,
    right="a table that corrects itself by its own surprise, slot by slot.",
    because="""
        The target is what was got plus what the next observation is worth if we act well from there on; the entry
        moves towards it by the share `rate`. (Had the episode ended with this step, the target would be the reward
        alone.) Two channels need eight numbers, no gradient and no circuit.
    """,
)
def q_update(q, seen, action, reward, after, rate, discount):
    """Return the table `q` (observations x actions, an array) after one
    step of Q-learning. `after` is the next observation; the episode goes on. Return a new table.
    """
    q = q.copy()
    q[seen, action] += rate * (reward + discount * q[after].max() - q[seen, action])
    return q


@q_update.cases
def steps(rng):
    """Tables of 2 to 6 observations and 2 to 4 actions, with bad actions; rewards of both signs; back to the same place."""
    for k in range(10):
        n, m = int(rng.integers(2, 7)), int(rng.integers(2, 5))
        q = rng.normal(size=(n, m)) * 3
        seen, after = (int(x) for x in rng.choice(n, 2, replace=False))
        action = int(rng.integers(m))
        if k == 0:  # back to the same place, by its best action
            after = seen
            q[seen, action] = q[seen].max() + 1
        if k == 1:  # all that follows is bad: the best is nearest to zero
            q[after] = -rng.uniform(1, 4, m)
        rate = float(rng.uniform(0.1, 0.9))
        yield q, seen, action, float(rng.normal()), after, rate, float(rng.uniform(0.3, 0.95))
    yield rng.normal(size=(3, 2)), 0, 1, 1.0, 2, 1.0, 1.0


def _slip(
    q,
    seen,
    action,
    reward,
    after,
    rate,
    discount,
    *,
    worth=lambda q, after, action: q[after].max(),
    where=None,
):
    """The solution with something wrong: what the mistakes are made of."""
    new = q.copy()
    where = (seen, action) if where is None else where
    new[where] += rate * (reward + discount * worth(q, after, action) - q[where])
    return new


@q_update.mistake(
    "nothing was learned. The surprise is reward + discount x the best of the next row - the old value."
)
def nothing_learned(q, seen, action, reward, after, rate, discount):
    return q.copy()


@q_update.mistake("you learn the reward of one slot only: add the discounted value of what follows.")
def short_sighted(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, reward, after, rate, discount, worth=lambda q, after, action: 0)


@q_update.mistake("you jumped all the way to one noisy observation: go the share `rate`.")
def jumps(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, reward, after, 1, discount)


@q_update.mistake("you value the next observation by the *same* action. Q-learning takes its best one.")
def same_action(q, seen, action, reward, after, rate, discount):
    return _slip(
        q, seen, action, reward, after, rate, discount, worth=lambda q, after, action: q[after, action]
    )


@q_update.mistake("the old value must be taken off the target, or the table grows without end.")
def grows(q, seen, action, reward, after, rate, discount):
    new = q.copy()
    new[seen, action] += rate * (reward + discount * q[after].max())
    return new


@q_update.mistake("the table you were given has changed: work on a copy.")
def in_place(q, seen, action, reward, after, rate, discount):
    q[seen, action] += rate * (reward + discount * q[after].max() - q[seen, action])
    return q


@q_update.mistake("what follows comes one slot later: discount it.")
def no_discount(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, reward, after, rate, 1)


@q_update.mistake("you discount the reward too. It comes now; what follows comes one slot later.")
def discounts_the_reward(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, discount * reward, after, rate, discount)


@q_update.mistake("you value the observation you came from. What follows is the row `after`.")
def looks_back(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, reward, seen, rate, discount, where=(seen, action))


@q_update.mistake(
    "you correct the row `after`. What was tried is `action` where you were, in the row `seen`."
)
def corrects_what_follows(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, reward, after, rate, discount, where=(after, action))


@q_update.mistake("a whole row changed; only the action that was taken, where it was taken, was tried.")
def whole_row(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, reward, after, rate, discount, where=seen)


@q_update.mistake("that is the new entry alone. Return the whole table.")
def the_entry_alone(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, reward, after, rate, discount)[seen, action]


@q_update.mistake("you take the best entry of the whole table. Only the row `after` is what follows.")
def best_of_the_whole_table(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, reward, after, rate, discount, worth=lambda q, after, action: q.max())


@q_update.mistake(
    "you take the first action of the next row, whatever it is worth. Q-learning takes its best one."
)
def first_action(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, reward, after, rate, discount, worth=lambda q, after, action: q[after, 0])


@q_update.mistake(
    "you take another action than the last one, whatever it is worth. Q-learning takes the best one."
)
def another_action(q, seen, action, reward, after, rate, discount):
    return _slip(
        q, seen, action, reward, after, rate, discount,
        worth=lambda q, after, action: q[after, (action + 1) % len(q[0])],
    )  # fmt: skip


@q_update.mistake(
    "the largest *size* of the next row is not its best value: a bad action may be large and negative."
)
def largest_size(q, seen, action, reward, after, rate, discount):
    return _slip(
        q, seen, action, reward, after, rate, discount, worth=lambda q, after, action: abs(q[after]).max()
    )


@q_update.mistake(
    "you take the mean of the next row. We act well from there on: it is worth its best action."
)
def mean_of_the_next_row(q, seen, action, reward, after, rate, discount):
    return _slip(
        q, seen, action, reward, after, rate, discount, worth=lambda q, after, action: q[after].mean()
    )


@q_update.mistake("you take the number of the best action, `argmax`. What counts is its value.")
def number_of_the_best_action(q, seen, action, reward, after, rate, discount):
    return _slip(
        q, seen, action, reward, after, rate, discount, worth=lambda q, after, action: q[after].argmax()
    )


@q_update.mistake("you go the share 1 - rate: the entry keeps 1 - rate of the old value and moves by `rate`.")
def the_other_share(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, reward, after, 1 - rate, discount)


@q_update.mistake("you learn as if the slot had paid 1. It paid `reward`, which may be anything.")
def always_paid(q, seen, action, reward, after, rate, discount):
    return _slip(q, seen, action, 1, after, rate, discount)


@q_update.mistake(
    "you look for the best of the next row in a table that you have already changed. Where the next place is the same "
    "place, that is another one: the old table says what is expected."
)
def looks_at_the_changed_table(q, seen, action, reward, after, rate, discount):
    new = q.copy()
    new[seen, action] += rate * (reward - new[seen, action])
    new[seen, action] += rate * discount * new[after].max()
    return new
