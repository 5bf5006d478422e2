"""Exercises of the chapter *Classical links*."""

from qlearn.exercises.control.classical_links.hamming_block import hamming_block
from qlearn.exercises.control.classical_links.map_decoder import map_decoder
from qlearn.exercises.control.classical_links.pca_error import pca_error
from qlearn.exercises.control.classical_links.syndrome import syndrome
from qlearn.exercises.control.classical_links.wiener_gain import wiener_gain

EXERCISES = (hamming_block, syndrome, map_decoder, pca_error, wiener_gain)
