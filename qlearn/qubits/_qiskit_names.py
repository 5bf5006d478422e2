"""Qiskit's names of gates and angles as ours: what reading a circuit needs, without Qiskit itself.

Taught in :doc:`/qubits/superposition`.
"""

from typing import Any, NamedTuple

from qlearn.qubits.parameter import Parameter, ParameterExpression


class Call(NamedTuple):
    """One step of a circuit that is read: a method of Circuit, and its arguments."""

    name: str
    arguments: tuple[Any, ...]
    where: int | None = None


CLASSES = {
    "x": "XGate", "y": "YGate", "z": "ZGate", "h": "HGate", "s": "SGate", "sdg": "SdgGate", "t": "TGate",
    "tdg": "TdgGate", "rx": "RXGate", "ry": "RYGate", "rz": "RZGate", "p": "PhaseGate", "cx": "CXGate",
    "cz": "CZGate", "cp": "CPhaseGate", "crx": "CRXGate", "cry": "CRYGate", "crz": "CRZGate", "rxx": "RXXGate",
    "ryy": "RYYGate", "rzz": "RZZGate", "ccx": "CCXGate", "swap": "SwapGate",
}  # fmt: skip
"""Qiskit's classes of the gates that have our names; what else it has is taken apart."""


def our_angle(angle: Any, at: str) -> Any:
    """Return a number, or Qiskit's expression of an angle as ours; refuse what is no real sum of parameters.

    Examples
    --------
    >>> our_angle(0.5, "rx on wires [0], step 0")
    0.5
    """
    free = sorted(getattr(angle, "parameters", ()), key=lambda p: (getattr(p, "index", -1), p.name))
    if not free:
        return float(angle)
    why = (
        f"the circuit has {at} with the angle {angle}: an angle must be a real sum of parameters. Anything else, such as a "
        "product of features, becomes a parameter of its own, and a column of the rows: so ZZFeatureMap().template(2) and "
        ".columns(X) stand for zz_feature_map(2)"
    )
    try:
        slopes = {p: angle.gradient(p) for p in free}
        bent = any(getattr(slope, "parameters", ()) for slope in slopes.values())
        number = 0 if bent else angle.bind(dict.fromkeys(free, 0))
    except (RuntimeError, ZeroDivisionError) as error:  # a sign has no slope, 1/a no value at 0
        raise ValueError(why) from error
    if bent or any(complex(value).imag for value in (number, *slopes.values())):
        raise ValueError(why)
    return ParameterExpression([(Parameter(p.name), float(slopes[p])) for p in free], float(number))
