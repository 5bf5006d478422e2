"""Exercises of the chapter *Photons: a key from the light there is*."""

from qlearn.exercises.communication.photons.click_chance import click_chance
from qlearn.exercises.communication.photons.eve_share import eve_share
from qlearn.exercises.communication.photons.longest import longest
from qlearn.exercises.communication.photons.one_decoy import one_decoy
from qlearn.exercises.communication.photons.several import several
from qlearn.exercises.communication.photons.single_yield import single_yield

EXERCISES = (several, click_chance, single_yield, longest, eve_share, one_decoy)
