"""Wiener's filter behind a line that weakens and delays some frequencies."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="where the line passes nothing the gain is nothing: noise is not blown up, and what is lost is the signal itself.",
    because=r"""
        At one frequency the problem is one complex number: $y=Hx+n$. Minimise $\langle|Gy-x|^2\rangle
        =|GH-1|^2S+|G|^2N$ over G: the derivative by $\bar G$ is $(GH-1)\bar HS+GN$, so $G=\bar HS/(|H|^2S+N)$, and what is
        left is $SN/(|H|^2S+N)$. Dividing by H, which undoes the line, is right only without noise.
    """,
)
def wiener_gain(signal, noise, response):
    """A signal x crosses a line, and y = Hx + n is read at each of several frequencies, evenly spaced over the band. `signal`
    and `noise` are arrays of the mean squares of x and n at these frequencies, `response` the complex numbers H. Return the
    tuple `(gain, error)`: the complex gain G at each frequency for which Gy is nearest to x in the mean square, and the
    mean over all frequencies of that least mean squared error. Given: `np`.
    """
    read = np.abs(response) ** 2 * signal + noise
    return response.conj() * signal / read, np.mean(signal * noise / read)


@wiener_gain.cases
def lines(rng):
    """One frequency to thirty; noise that is white or not; a line that does nothing, one that turns, one with a hole."""
    for n in (1, 4, 12, 30):
        signal, noise = rng.uniform(0.1, 4, n), rng.uniform(0.05, 2, n)
        yield signal, noise, np.ones(n, complex)
        yield signal, noise, rng.uniform(0.1, 1.5, n) * np.exp(2j * np.pi * rng.random(n))
    holed = rng.uniform(0.3, 1.5, 8) * np.exp(2j * np.pi * rng.random(8))
    holed[rng.integers(8)] = 0
    yield rng.uniform(0.1, 4, 8), np.full(8, float(rng.uniform(0.1, 1))), holed


def _read(signal, noise, response):
    return np.abs(response) ** 2 * signal + noise


@wiener_gain.mistake("you leave out the line: G has to turn back and strengthen what H turned and weakened.")
def without_the_line(signal, noise, response):
    return signal / (signal + noise) + 0j, np.mean(signal * noise / (signal + noise))


@wiener_gain.mistake("the phase must be turned *back*: the conjugate of H.")
def not_conjugated(signal, noise, response):
    read = _read(signal, noise, response)
    return response * signal / read, np.mean(signal * noise / read)


@wiener_gain.mistake(
    "the signal is read through H, so its mean square there is |H|^2 times as large, not |H| times."
)
def not_squared(signal, noise, response):
    read = np.abs(response) * signal + noise
    return response.conj() * signal / read, np.mean(signal * noise / read)


@wiener_gain.mistake(
    "1/H undoes the line and blows the noise up where H is small. Weigh the two errors against each other."
)
def undoes_the_line(signal, noise, response):
    safe = np.where(response == 0, 1e-12, response)
    return 1 / safe, np.mean(noise / np.abs(safe) ** 2)


@wiener_gain.mistake("the mean over the frequencies is asked, not the sum.")
def summed(signal, noise, response):
    read = _read(signal, noise, response)
    return response.conj() * signal / read, np.sum(signal * noise / read)


@wiener_gain.mistake("the gain is right. The error is one number, the mean over all frequencies.")
def an_error_each(signal, noise, response):
    read = _read(signal, noise, response)
    return response.conj() * signal / read, signal * noise / read


@wiener_gain.mistake(
    "the gain is right. What is lost of the signal counts as an error too, not the noise that passes alone."
)
def noise_alone(signal, noise, response):
    gain = response.conj() * signal / _read(signal, noise, response)
    return gain, np.mean(np.abs(gain) ** 2 * noise)


@wiener_gain.mistake("signal and noise are exchanged: where the noise is large the gain is small.")
def exchanged(signal, noise, response):
    read = np.abs(response) ** 2 * noise + signal
    return response.conj() * noise / read, np.mean(signal * noise / read)
