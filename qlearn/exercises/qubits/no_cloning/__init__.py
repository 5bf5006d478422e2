"""Exercises of the chapter *No cloning: what cannot be copied, and how near one comes*."""

from qlearn.exercises.qubits.no_cloning.best_fidelity import best_fidelity
from qlearn.exercises.qubits.no_cloning.clonable import clonable
from qlearn.exercises.qubits.no_cloning.cloner import cloner
from qlearn.exercises.qubits.no_cloning.cnot_fidelity import cnot_fidelity
from qlearn.exercises.qubits.no_cloning.eve_error import eve_error
from qlearn.exercises.qubits.no_cloning.telephone import telephone

EXERCISES = (cnot_fidelity, clonable, cloner, eve_error, telephone, best_fidelity)
