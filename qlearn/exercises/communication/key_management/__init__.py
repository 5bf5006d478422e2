"""Exercises of the chapter *Key management*."""

from qlearn.exercises.communication.key_management.cat_kdf_by_hand import cat_kdf_by_hand
from qlearn.exercises.communication.key_management.deliver_once import deliver_once
from qlearn.exercises.communication.key_management.key_budget import key_budget
from qlearn.exercises.communication.key_management.nonce_counter import nonce_counter
from qlearn.exercises.communication.key_management.relay_readers import relay_readers
from qlearn.exercises.communication.key_management.status_reply import status_reply

EXERCISES = (key_budget, deliver_once, status_reply, cat_kdf_by_hand, nonce_counter, relay_readers)
