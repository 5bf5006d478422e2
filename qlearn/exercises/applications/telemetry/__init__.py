"""Exercises of the chapter *Telemetry of a hundred sensors*."""

from qlearn.exercises.applications.telemetry.accept_frame import accept_frame
from qlearn.exercises.applications.telemetry.pad_bits import pad_bits
from qlearn.exercises.applications.telemetry.reboot_nonce import reboot_nonce
from qlearn.exercises.applications.telemetry.ride_out import ride_out
from qlearn.exercises.applications.telemetry.rotation_loss import rotation_loss

EXERCISES = (pad_bits, ride_out, reboot_nonce, accept_frame, rotation_loss)
