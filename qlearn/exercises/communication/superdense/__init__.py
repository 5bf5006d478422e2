"""Exercises of the chapter *Superdense coding: two bits a qubit, and the pair they cost*."""

from qlearn.exercises.communication.superdense.break_even import break_even
from qlearn.exercises.communication.superdense.either_way import either_way
from qlearn.exercises.communication.superdense.encode import encode
from qlearn.exercises.communication.superdense.information import information
from qlearn.exercises.communication.superdense.qubits_moved import qubits_moved
from qlearn.exercises.communication.superdense.repetitions import repetitions
from qlearn.exercises.communication.superdense.three_answers import three_answers

EXERCISES = (qubits_moved, encode, three_answers, break_even, information, either_way, repetitions)
