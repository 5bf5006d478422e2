"""Exercises of the chapter *Fibre: the link as it is built*."""

from qlearn.exercises.communication.fibre.keep import keep
from qlearn.exercises.communication.fibre.passes import passes
from qlearn.exercises.communication.fibre.qber_of import qber_of
from qlearn.exercises.communication.fibre.raman_w import raman_w
from qlearn.exercises.communication.fibre.true_clicks import true_clicks
from qlearn.exercises.communication.fibre.uneven import uneven

EXERCISES = (true_clicks, keep, raman_w, qber_of, uneven, passes)
