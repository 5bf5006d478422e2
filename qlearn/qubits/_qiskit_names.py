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
    """Return a number, or Qiskit's expression of an angle as ours; refuse what is no real sum of them and of products of two.

    Examples
    --------
    >>> our_angle(0.5, "rx on wires [0], step 0")
    0.5
    """
    free = sorted(getattr(angle, "parameters", ()), key=lambda p: (getattr(p, "index", -1), p.name))
    if not free:
        return float(angle)
    why = (
        f"the circuit has {at} with the angle {angle}: an angle must be a real sum of parameters and of products of two "
        "different ones. Anything else, such as a product of three features, becomes a parameter of its own, and a column of "
        "the rows: so ZZFeatureMap().template(2) and .columns(X) stand for zz_feature_map(2)"
    )
    try:
        numbers: dict[Any, Any] = {(): _at_zero(angle)}
        for place, p in enumerate(free):
            slope = angle.gradient(p)
            # Qiskit's slopes name parameters that have dropped out of them: what counts is how they change with each
            bends = {q: _constant(slope.gradient(q)) for q in getattr(slope, "parameters", ())}
            if None in bends.values() or bends.get(p, 0):
                raise ValueError(why)
            with_others = {(p, q): bends[q] for q in free[place + 1 :] if bends.get(q, 0)}
            if _at_zero(slope) or not any(bends.values()):
                numbers[p] = _at_zero(slope)
            numbers |= with_others
    except (RuntimeError, ZeroDivisionError) as error:  # a sign has no slope, 1/a no value at 0
        raise ValueError(why) from error
    if any(value.imag for value in numbers.values()):
        raise ValueError(why)
    offset = numbers.pop(()).real
    ours = {p: Parameter(p.name) for p in free}
    terms = [
        (tuple(ours[q] for q in of) if isinstance(of, tuple) else ours[of], w) for of, w in numbers.items()
    ]
    return ParameterExpression([(term, weight.real) for term, weight in terms], offset)


def _constant(angle: Any) -> complex | None:
    """Return the number that an angle is wherever its parameters are, or None."""
    slopes = [angle.gradient(p) for p in getattr(angle, "parameters", ())]
    return None if any(getattr(s, "parameters", ()) or s for s in slopes) else _at_zero(angle)


def _at_zero(angle: Any) -> complex:
    """Return the number that an angle is where all its parameters are 0."""
    free = getattr(angle, "parameters", ())
    return complex(angle.bind(dict.fromkeys(free, 0)) if free else angle)
