"""Q update."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="A table that corrects itself by its own surprise, slot by slot.",
    because="""
        The target is what was got plus what the next observation is worth if we act well from there on; the entry
        moves towards it by the share `rate`. (Had the episode ended with this step, the target would be the reward
        alone.) Two channels need eight numbers, no gradient and no circuit.
    """,
)
def q_update(q, seen, action, reward, after, rate, discount):
    """Write `q_update(q, seen, action, reward, after, rate, discount)`: the table `q` (observations x
    actions) after one step of Q-learning. `after` is the next observation. Return a new table.
    """
    q = q.copy()
    q[seen, action] += rate * (reward + discount * q[after].max() - q[seen, action])
    return q


@q_update.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_q_update of the old module
    yield ()


@q_update.mistake("you learn the reward of one slot only: add the discounted value of what follows.")
def short_sighted(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen, action] += rate * (reward - q[seen, action])
    return q


@q_update.mistake("you jumped all the way to one noisy observation: go the share `rate`.")
def jumps(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen, action] = reward + discount * q[after].max()
    return q


@q_update.mistake("you value the next observation by the *same* action. Q-learning takes its best one.")
def same_action(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen, action] += rate * (reward + discount * q[after, action] - q[seen, action])
    return q


@q_update.mistake("the old value must be taken off the target, or the table grows without end.")
def grows(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen, action] += rate * (reward + discount * q[after].max())
    return q


@q_update.mistake("the table you were given has changed: work on a copy.")
def in_place(q, seen, action, reward, after, rate, discount):
    q[seen, action] += rate * (reward + discount * q[after].max() - q[seen, action])
    return q


@q_update.mistake("what follows comes one slot later: discount it.")
def no_discount(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen, action] += rate * (reward + q[after].max() - q[seen, action])
    return q


@q_update.mistake("you value the observation you came from. What follows is the row `after`.")
def looks_back(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen, action] += rate * (reward + discount * q[seen].max() - q[seen, action])
    return q


@q_update.mistake(
    "entries [(1, 0), (1, 1)] changed; only the action that was taken, where it was taken, was tried: (1, 1)."
)
def whole_row(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen] += rate * (reward + discount * q[after].max() - q[seen])
    return q


@q_update.mistake("you take the best entry of the whole table. Only the row `after` is what follows.")
def best_of_the_whole_table(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen, action] += rate * (reward + discount * q.max() - q[seen, action])
    return q


@q_update.mistake(
    "for reward -0.4 and the next row [-6.0, 1.9, 1.2] the entry -1.5 becomes -2.24; with rate 0.2 and discount "
    "0.8 it should be -0.976."
)
def first_action(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen, action] += rate * (reward + discount * q[after, 0] - q[seen, action])
    return q


@q_update.mistake(
    "for reward -0.4 and the next row [-6.0, 1.9, 1.2] the entry -1.5 becomes -1.088; with rate 0.2 and discount "
    "0.8 it should be -0.976."
)
def another_action(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen, action] += rate * (reward + discount * q[after, (action + 1) % len(q[0])] - q[seen, action])
    return q


@q_update.mistake(
    "the largest *size* of the next row is not its best value: a bad action may be large and negative."
)
def largest_size(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen, action] += rate * (reward + discount * abs(q[after]).max() - q[seen, action])
    return q


@q_update.mistake("you go the share 1 - rate: the entry keeps 1 - rate of the old value and moves by `rate`.")
def the_other_share(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    target = reward + discount * q[after].max()
    q[seen, action] = rate * q[seen, action] + (1 - rate) * target
    return q


@q_update.mistake(
    "for reward -0.4 and the next row [-6.0, 1.9, 1.2] the entry -1.5 becomes -0.696; with rate 0.2 and discount "
    "0.8 it should be -0.976."
)
def always_paid(q, seen, action, reward, after, rate, discount):
    q = q.copy()
    q[seen, action] += rate * (1 + discount * q[after].max() - q[seen, action])
    return q
