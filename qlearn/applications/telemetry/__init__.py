"""Telemetry of many sensors under quantum keys: what the link must make, what a device holds, what the rival costs.

>>> from qlearn.applications import telemetry
>>> gateway = telemetry.Gateway(lambda: None, messages_per_key=100)
>>> sensor = telemetry.Sensor(7, bytes(range(32)), messages_per_key=100)
>>> gateway.enrol(7, bytes(range(32)))
>>> gateway.receive(7, sensor.seal(b"21.5 C"), now=0.0).text
b'21.5 C'
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
