"""How many qubits two bits a qubit really move."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="as many qubits as bits. What is gained is *when* they cross, not how many.",
    because="""
        1000 bytes are 8000 bits, two with each pair: 4000 pairs. Of each pair one half crosses before there is a
        message, from Bob to Alice, and comes back with it. That is 8000 qubits for 8000 bits, as Holevo's theorem
        demands of what Bob holds in the end.
    """,
)
def qubits_moved():
    """Bob makes perfect pairs and sends half of each to Alice. Later she sends him 1000 bytes by superdense
    coding. How many qubits have crossed the line between them in all, in both directions?
    """
    return 2 * (1000 * 8 // 2)


@qubits_moved.mistake(
    "4000 cross with the message. Their 4000 pairs had to be shared first: count those halves, too."
)
def only_with_the_message():
    return 4000


@qubits_moved.mistake(
    "a pair has two halves, but Bob keeps his: of each pair *one* half crosses, there and back."
)
def both_halves_both_ways():
    return 16_000


@qubits_moved.mistake("12000 counts three crossings a pair: one half goes to Alice, the same one comes back.")
def three_crossings():
    return 12_000


@qubits_moved.mistake("1000 bytes are 8000 bits: you counted bytes.")
def bytes_for_bits():
    return 1000


@qubits_moved.mistake("you counted 1000 bits; a byte has eight.")
def bytes_for_bits_in_pairs():
    return 500


@qubits_moved.mistake("that is four bits a qubit; a pair carries two.")
def four_bits_a_pair():
    return 2000
