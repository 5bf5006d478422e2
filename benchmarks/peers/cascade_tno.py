"""Cascade in TNO's package, run in its own environment: prints the seconds of correcting one key.

Takes the bits to correct, the bits of a message (the package knows no frames), and the error rate. Its parameters are
those of its own documentation; it stops after eight passes.
"""

import sys
import time

from tno.quantum.communication.qkd_key_rate.classical import (  # type: ignore[import-not-found]
    Message,
    ParityStrategy,
    Permutations,
)
from tno.quantum.communication.qkd_key_rate.classical.cascade import (  # type: ignore[import-not-found]
    CascadeCorrector,
    CascadeReceiver,
    CascadeSender,
)

bits, message, qber, passes = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), 8
seconds, disclosed = 0.0, 0
for seed in range(bits // message):
    sent = Message.random_message(message_length=message, random_state=seed)
    shuffles = Permutations.random_permutation(
        number_of_passes=passes, message_size=message, random_state=seed
    )
    strategy = ParityStrategy(error_rate=qber, sampling_fraction=0.34, number_of_passes=passes)
    alice = CascadeSender(message=sent, permutations=shuffles)
    bob = CascadeReceiver(
        message=sent.apply_errors(error_rate=qber), permutations=shuffles, parity_strategy=strategy
    )
    start = time.process_time()
    bob.correct_errors(alice)
    seconds += time.process_time() - start
    done = CascadeCorrector(alice=alice, bob=bob).summary()
    disclosed += done.number_of_exposed_bits
    if done.output_error > 1e-3:
        raise SystemExit("TNO's Cascade did not correct the key that is timed here")
print(f"{disclosed / bits:.4f} bit disclosed a bit", file=sys.stderr)
print(seconds)
