"""The vocabulary of circuits: for each gate a method that adds it."""

from typing import TYPE_CHECKING, NoReturn, Self

from numpy.typing import ArrayLike

from qlearn.qubits.parameter import ParameterExpression

Where = int | ArrayLike | None
Angle = ArrayLike | ParameterExpression


ELSEWHERE = {
    "rot": "rz(a, w).ry(b, w).rz(c, w)",
    "u": "p(c, w).ry(a, w).p(b, w)",
    "u3": "p(c, w).ry(a, w).p(b, w)",
    "sx": "rx(np.pi / 2, w)",
    "cy": "sdg(v).cx(w, v).s(v)",
    "ch": "ry(-np.pi / 4, v).cz(w, v).ry(np.pi / 4, v)",
    "iswap": "s(w).s(v).h(w).cx(w, v).cx(v, w).h(v)",
    "cswap": "cx(u, v).ccx(w, v, u).cx(u, v)",
    "cnot": "cx(w, v)",
    "toffoli": "ccx(w, v, u)",
    "hadamard": "h(w)",
    "depth": "to_qiskit().depth()",
}
"""What other packages have a name for, in the words of this one, up to a phase: angles a, b, c, wires w, v, u."""


class Vocabulary:
    """The gates of :class:`~qlearn.qubits.Circuit`, each a method that returns the circuit with the gate at its end."""

    if TYPE_CHECKING:

        def _gate(
            self, name: str, wires: tuple[int, ...], angle: Angle | None = None, where: Where = None
        ) -> Self: ...

    else:

        def __getattr__(self, name: str) -> NoReturn:
            # asked for only what is not there; to the type checker what is not there is an error of its own
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            known = ELSEWHERE.get(name.lower())
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}: "
                + (
                    f"write circuit.{known}"
                    if known
                    else "what is no gate here is made of gates, or is a matrix: circuit.unitary(matrix, *wires)"
                )
            )

    def x(self, wire: int, where: Where = None) -> Self:
        """Flip: exchange the amplitudes of 0 and 1."""
        return self._gate("x", (wire,), where=where)

    def y(self, wire: int, where: Where = None) -> Self:
        """Flip and sign: Y = iXZ."""
        return self._gate("y", (wire,), where=where)

    def z(self, wire: int, where: Where = None) -> Self:
        """Sign: change the sign of the amplitude of 1."""
        return self._gate("z", (wire,), where=where)

    def h(self, wire: int, where: Where = None) -> Self:
        """Hadamard: exchange the Z and the X basis."""
        return self._gate("h", (wire,), where=where)

    def s(self, wire: int, where: Where = None) -> Self:
        """Quarter turn of the phase: diag(1, i)."""
        return self._gate("s", (wire,), where=where)

    def sdg(self, wire: int, where: Where = None) -> Self:
        """Undo :meth:`s`: diag(1, -i)."""
        return self._gate("sdg", (wire,), where=where)

    def t(self, wire: int, where: Where = None) -> Self:
        """Eighth turn of the phase: diag(1, exp(i pi/4))."""
        return self._gate("t", (wire,), where=where)

    def tdg(self, wire: int, where: Where = None) -> Self:
        """Undo :meth:`t`: diag(1, exp(-i pi/4))."""
        return self._gate("tdg", (wire,), where=where)

    def rx(self, angle: Angle, wire: int, where: Where = None) -> Self:
        """Turn about the x axis: exp(-i angle X / 2)."""
        return self._gate("rx", (wire,), angle, where)

    def ry(self, angle: Angle, wire: int, where: Where = None) -> Self:
        """Turn about the y axis: exp(-i angle Y / 2)."""
        return self._gate("ry", (wire,), angle, where)

    def rz(self, angle: Angle, wire: int, where: Where = None) -> Self:
        """Turn about the z axis: exp(-i angle Z / 2)."""
        return self._gate("rz", (wire,), angle, where)

    def p(self, angle: Angle, wire: int, where: Where = None) -> Self:
        """Phase: diag(1, exp(i angle))."""
        return self._gate("p", (wire,), angle, where)

    def cx(self, control: int, target: int, where: Where = None) -> Self:
        """Flip the target where the control is 1 (CNOT)."""
        return self._gate("cx", (control, target), where=where)

    def cz(self, control: int, target: int, where: Where = None) -> Self:
        """Change the sign where both wires are 1."""
        return self._gate("cz", (control, target), where=where)

    def cp(self, angle: Angle, control: int, target: int, where: Where = None) -> Self:
        """Multiply by exp(i angle) where both wires are 1."""
        return self._gate("cp", (control, target), angle, where)

    def crx(self, angle: Angle, control: int, target: int, where: Where = None) -> Self:
        """Turn the target about the x axis where the control is 1."""
        return self._gate("crx", (control, target), angle, where)

    def cry(self, angle: Angle, control: int, target: int, where: Where = None) -> Self:
        """Turn the target about the y axis where the control is 1."""
        return self._gate("cry", (control, target), angle, where)

    def crz(self, angle: Angle, control: int, target: int, where: Where = None) -> Self:
        """Turn the target about the z axis where the control is 1."""
        return self._gate("crz", (control, target), angle, where)

    def rxx(self, angle: Angle, first: int, second: int, where: Where = None) -> Self:
        """Turn two wires together about XX: exp(-i angle XX / 2)."""
        return self._gate("rxx", (first, second), angle, where)

    def ryy(self, angle: Angle, first: int, second: int, where: Where = None) -> Self:
        """Turn two wires together about YY: exp(-i angle YY / 2)."""
        return self._gate("ryy", (first, second), angle, where)

    def rzz(self, angle: Angle, first: int, second: int, where: Where = None) -> Self:
        """Turn two wires together about ZZ: exp(-i angle ZZ / 2)."""
        return self._gate("rzz", (first, second), angle, where)

    def ccx(self, first: int, second: int, target: int, where: Where = None) -> Self:
        """Flip the target where both controls are 1 (Toffoli)."""
        return self._gate("ccx", (first, second, target), where=where)

    def swap(self, first: int, second: int, where: Where = None) -> Self:
        """Exchange two wires."""
        return self._gate("swap", (first, second), where=where)
