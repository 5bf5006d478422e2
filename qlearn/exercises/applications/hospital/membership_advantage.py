"""How well a threshold on the loss tells who trained a model."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="true less false positives: a coin has 0, whatever share it calls members.",
    because=r"""
        Who is called a member is who has a *small* loss, at most $\tau$. The share of the members whom that hits, less the share
        of the others whom it hits, does not depend on how many of each there are, as the accuracy would.
    """,
)
def membership_advantage(member_losses, other_losses, threshold):
    """Patients who trained a model have the losses `member_losses`, patients who did not `other_losses` (arrays, of any two
    sizes). Somebody calls everybody a member whose loss is at most `threshold`. Return the advantage: the share of the members
    who are called so, less the share of the others who are.
    """
    return np.mean(member_losses <= threshold) - np.mean(other_losses <= threshold)


@membership_advantage.cases
def models(rng):
    """A model that knows its patients, one that does not, one that knows others better; losses on the threshold."""
    yield np.array([0.1, 0.2, 0.5]), np.array([0.5, 0.5, 0.9, 1.2]), 0.5
    for scale in (0.3, 1.0, 3.0):
        n, m = (int(k) for k in rng.integers(8, 40, 2))
        members, others = rng.exponential(scale, n), rng.exponential(1.0, m + 41)
        yield members, others, float(rng.uniform(0.2, 0.9))
    members = rng.exponential(0.5, 30)
    yield members, rng.exponential(1.0, 11), float(members[0])


@membership_advantage.mistake("a loss equal to the threshold counts as a member's: at most, not below.")
def strictly_below(member_losses, other_losses, threshold):
    return np.mean(member_losses < threshold) - np.mean(other_losses < threshold)


@membership_advantage.mistake("members have the smaller losses: who is below the threshold is called one.")
def large_losses(member_losses, other_losses, threshold):
    return np.mean(member_losses > threshold) - np.mean(other_losses > threshold)


@membership_advantage.mistake(
    "that is the share of right calls among all; it hangs on how many of each there are."
)
def accuracy(member_losses, other_losses, threshold):
    right = np.sum(member_losses <= threshold) + np.sum(other_losses > threshold)
    return right / (len(member_losses) + len(other_losses))


@membership_advantage.mistake("those are the true positives alone; who calls all members has them all.")
def true_positives(member_losses, other_losses, threshold):
    return np.mean(member_losses <= threshold)


@membership_advantage.mistake("the difference of the mean losses says nothing of a threshold.")
def mean_losses(member_losses, other_losses, threshold):
    return np.mean(other_losses) - np.mean(member_losses)
