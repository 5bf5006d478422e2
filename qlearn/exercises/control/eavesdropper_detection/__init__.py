"""Exercises of the chapter *Eavesdropper detection: alarms, and what they do not prove*."""

from qlearn.exercises.control.eavesdropper_detection.alarm_threshold import alarm_threshold
from qlearn.exercises.control.eavesdropper_detection.base_rate import base_rate
from qlearn.exercises.control.eavesdropper_detection.cusum_step import cusum_step
from qlearn.exercises.control.eavesdropper_detection.partial_qber import partial_qber
from qlearn.exercises.control.eavesdropper_detection.run_length import run_length
from qlearn.exercises.control.eavesdropper_detection.sprt_bounds import sprt_bounds

EXERCISES = (partial_qber, alarm_threshold, base_rate, cusum_step, sprt_bounds, run_length)
