"""Exercises of the chapter *Many parties: who learns what when nobody trusts anybody*."""

from qlearn.exercises.communication.multi_party.dealer_bit import dealer_bit
from qlearn.exercises.communication.multi_party.escape import escape
from qlearn.exercises.communication.multi_party.masked import masked
from qlearn.exercises.communication.multi_party.recover import recover
from qlearn.exercises.communication.multi_party.signs import signs
from qlearn.exercises.communication.multi_party.tally import tally

EXERCISES = (signs, dealer_bit, masked, escape, recover, tally)
