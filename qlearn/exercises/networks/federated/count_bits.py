"""Count bits."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="No sample count in it: the cost of a round is the size of the model, whatever the data.",
    because="""
        Two angles for each qubit of each layer, one weight for each qubit, one offset; each number travels to every
        client and back in every round. How many patients a client has does not matter.
    """,
)
def count_bits(layers, qubits, clients, rounds):
    """Write `count_bits(layers, qubits, clients, rounds)`: how many bits does a whole run send? Two
    classes, all clients asked in every round, 64 bits a number, both directions.
    """
    angles, weights, offset = 2 * layers * qubits, qubits, 1
    return 2 * clients * rounds * 64 * (angles + weights + offset)


@count_bits.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_count_bits of the old module
    yield ()


@count_bits.mistake("403200 counts one direction: the model goes down to each client and comes back up.")
def one_direction(layers, qubits, clients, rounds):
    return clients * rounds * 64 * (2 * layers * qubits + qubits + 1)


@count_bits.mistake("614400 counts the angles only: each qubit has a readout weight, and there is an offset.")
def angles_only(layers, qubits, clients, rounds):
    return 2 * clients * rounds * 64 * 2 * layers * qubits


@count_bits.mistake("12600 is how many numbers travel; each of them has 64 bits.")
def numbers_not_bits(layers, qubits, clients, rounds):
    return 2 * clients * rounds * (2 * layers * qubits + qubits + 1)


@count_bits.mistake("right for the chapter's federation, wrong for 3 layers on 8 qubits: use all arguments.")
def for_this_federation_only(layers, qubits, clients, rounds):
    return 2 * 10 * 30 * 64 * 21
