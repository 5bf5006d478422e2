"""Answers to the exercises of *Telemetry*: right ones in another style, and wrong ones that look right."""

import math

import numpy as np
import pytest

from qlearn.exercises.applications.telemetry import (
    accept_frame,
    pad_bits,
    reboot_nonce,
    ride_out,
    rotation_loss,
)
from tests.exercises.tried import passes, refused

# Pad bits


@pytest.mark.parametrize(
    "answer",
    [
        lambda lengths, kept: sum(8 * n + 256 - 128 * kept for n in lengths) + 128 * kept,
        lambda lengths, kept: int(8 * np.sum(lengths) + 128 * (len(lengths) + (1 if kept else len(lengths)))),
    ],
)
def test_pads_in_another_style(answer):
    passes(pad_bits, answer)


def test_a_pad_without_a_tag_pad():
    refused(pad_bits, lambda lengths, kept: 8 * sum(lengths) + (128 if kept else 128 * len(lengths)))


# Ride out


def by_trying(rate, sensors, hours):
    """Minute after minute until the link can pay."""
    minutes = 1
    while 1440 * 256 * sensors > minutes * rate * 3600 * (24 - hours):
        minutes += 1
    return minutes, math.ceil(sensors * 60 * hours / minutes)


def test_riding_out_in_another_style():
    passes(ride_out, by_trying)


def test_a_store_for_the_light_in_place_of_the_dark():
    def in_the_light(rate, sensors, hours):
        minutes = by_trying(rate, sensors, hours)[0]
        return minutes, math.ceil(sensors * 60 * (24 - hours) / minutes)

    refused(ride_out, in_the_light)


# Reboot nonce


def by_lives(events, stride):
    """Life after life between two reboots: where it begins, how many frames it has."""
    numbers, writes, begin = [], 0, 0
    for life in events.split("r"):
        mine = range(begin, begin + len(life))
        steps = -(-len(life) // stride)
        numbers += mine
        writes += steps
        begin += steps * stride
    return numbers, writes


def test_numbers_in_another_style():
    passes(reboot_nonce, by_lives)


def test_a_write_at_every_reboot():
    def writes_at_reboot(events, stride):
        numbers, writes = by_lives(events, stride)
        return numbers, writes + events.count("r")

    refused(reboot_nonce, writes_at_reboot)


# Accept frame


def by_highest_and_bits(frames, overlap, window):
    """A highest number and a word of bits for each key, as a gateway has it."""
    state, now, moved, out = {}, 0, None, []
    for time, key, number in frames:
        highest, seen = state.get(key, (-1, 0))
        fine = (
            key == now or key == now + 1 or (moved is not None and key + 1 == now and time - moved <= overlap)
        )
        back = highest - number
        if back >= 0:
            fine = fine and back < window and not seen >> back & 1
        if fine:
            if back < 0:
                seen, highest = (seen << -back) | 1, number
            else:
                seen |= 1 << back
            state[key] = highest, seen
            if key > now:
                now, moved = key, time
        out.append(bool(fine))
    return out


def test_frames_in_another_style():
    passes(accept_frame, by_highest_and_bits)


def test_a_window_one_short():
    refused(accept_frame, lambda frames, overlap, window: by_highest_and_bits(frames, overlap, window - 1))


# Rotation loss


def by_paths(clear, burst, begins, ends, tries):
    """The sum over all paths of the state, each with its chance."""

    def on(state, left):
        fail = 1 - (1 - (clear, burst)[state]) ** 2
        if left == 1:
            return fail
        leave = (begins, ends)[state]
        return fail * ((1 - leave) * on(state, left - 1) + leave * on(1 - state, left - 1))

    share = begins / (begins + ends)
    return (1 - share) * on(0, tries) + share * on(1, tries)


def test_losses_in_another_style():
    passes(rotation_loss, by_paths)


def test_one_try_too_few():
    refused(rotation_loss, lambda *air: by_paths(*air[:4], max(1, air[4] - 1)))
