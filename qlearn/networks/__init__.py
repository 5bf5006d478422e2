"""Part V: models that learn together over a network."""

from qlearn.networks import federated

__all__ = ["federated"]
