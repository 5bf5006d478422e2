"""The depth of six gates, by hand."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="RY and RX at once, then CX, then RZ and CZ: the CZ has to wait for the RZ.",
    because="""
        Each gate starts when all its wires are free. Wires 0 and 1 are free after step 1; CX takes step 2; RZ on
        wire 1 takes step 3; RY on wire 2 can run at any time before; CZ needs wires 1 and 2 and takes step 4.
    """,
)
def depth():
    """Six gates on three wires, in this order: RY(0), RX(1), CX(0, 1), RZ(1), RY(2), CZ(1, 2). What is the
    depth, if gates on different wires may run at the same time? By hand.
    """
    return 4


@depth.mistake("6 is the number of gates. Gates on different wires may run at the same time.")
def number_of_gates():
    return 6


@depth.mistake("3 forgets that a gate waits for *both* of its wires: the CZ stands behind the RZ on wire 1.")
def does_not_wait():
    return 3


@depth.mistake("2 is the number of couplings. Turns take time as well.")
def couplings():
    return 2


@depth.mistake("one step too many: the first RY and the RX stand on different wires, so they share a step.")
def one_by_one():
    return 5


@depth.mistake("1 would do if all gates stood on wires of their own: a gate waits for its wires.")
def all_at_once():
    return 1
