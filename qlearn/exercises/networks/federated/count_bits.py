"""What a federated run sends, in bits."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="no sample count in it: the cost of a round is the size of the model, whatever the data.",
    because="""
        Two angles for each qubit of each layer, one weight for each qubit, one offset; each number travels to every
        client and back in every round. How many patients a client has does not matter.
    """,
)
def count_bits(layers, qubits, clients, rounds):
    """How many bits does a whole run of the chapter's quantum network send? Two classes, all clients asked in every
    round, 64 bits a number, both directions.
    """
    angles, weights, offset = 2 * layers * qubits, qubits, 1
    return 2 * clients * rounds * 64 * (angles + weights + offset)


@count_bits.cases
def federations(rng):
    """The chapter's own, the smallest, and others; no two numbers of one alike."""
    yield from ((2, 4, 10, 30), (1, 1, 1, 1))
    for _ in range(3):
        layers, qubits, clients, rounds = rng.permutation(12)[:4] + 1
        yield int(layers), int(qubits), int(clients), int(rounds)


@count_bits.mistake("that is one direction: the model goes down to each client and comes back up.")
def one_direction(layers, qubits, clients, rounds):
    return clients * rounds * 64 * (2 * layers * qubits + qubits + 1)


@count_bits.mistake("those are the angles only: each qubit has a readout weight, and there is an offset.")
def angles_only(layers, qubits, clients, rounds):
    return 2 * clients * rounds * 64 * 2 * layers * qubits


@count_bits.mistake("almost: the readout has an offset too, one number more than its weights.")
def without_the_offset(layers, qubits, clients, rounds):
    return 2 * clients * rounds * 64 * (2 * layers * qubits + qubits)


@count_bits.mistake("that has one angle for each qubit of a layer; the network turns each about two axes.")
def one_angle_a_qubit(layers, qubits, clients, rounds):
    return 2 * clients * rounds * 64 * (layers * qubits + qubits + 1)


@count_bits.mistake("the readout stands once, at the end of the circuit, and not in each layer.")
def a_readout_in_each_layer(layers, qubits, clients, rounds):
    return 2 * clients * rounds * 64 * layers * (2 * qubits + qubits + 1)


@count_bits.mistake("that is how many numbers travel; each of them has 64 bits.")
def numbers_not_bits(layers, qubits, clients, rounds):
    return 2 * clients * rounds * (2 * layers * qubits + qubits + 1)


@count_bits.mistake("those are bytes: a number has 64 bits.")
def bytes_not_bits(layers, qubits, clients, rounds):
    return 2 * clients * rounds * 8 * (2 * layers * qubits + qubits + 1)


@count_bits.mistake("that is one round: the model travels in every one of them.")
def one_round(layers, qubits, clients, rounds):
    return 2 * clients * 64 * (2 * layers * qubits + qubits + 1)


@count_bits.mistake("that is one client: each of them gets the model and sends its own.")
def one_client(layers, qubits, clients, rounds):
    return 2 * rounds * 64 * (2 * layers * qubits + qubits + 1)


@count_bits.mistake("right for the chapter's federation, wrong for any other: use all arguments.")
def for_this_federation_only(layers, qubits, clients, rounds):
    return 2 * 10 * 30 * 64 * 21
