"""BB84 in SeQUeNCe, run in its own environment: prints the seconds of one batch of pulses.

SeQUeNCe has no eavesdropper, so it does less than we do: sending, detecting and sifting.
"""

import sys
import time

from sequence.components.optical_channel import ClassicalChannel, QuantumChannel
from sequence.kernel.timeline import Timeline
from sequence.qkd.BB84 import pair_bb84_protocols
from sequence.topology.node import QKDNode

pulses, batches = int(sys.argv[1]), 10
frequency, photons = 8e7, 1.0  # pulses a second; a photon a pulse, on average
picoseconds = int(1e12 * pulses / frequency)

timeline = Timeline(stop_time=2 * picoseconds)
alice, bob = (QKDNode(name, timeline, stack_size=1, seed=seed) for seed, name in enumerate(("alice", "bob")))
pair_bb84_protocols(alice.protocol_stack[0], bob.protocol_stack[0])
for here, there in ((alice, bob), (bob, alice)):
    QuantumChannel(f"q.{here.name}", timeline, attenuation=0, distance=1, frequency=frequency).set_ends(
        here, there.name
    )
    ClassicalChannel(f"c.{here.name}", timeline, distance=1).set_ends(here, there.name)
alice.update_lightsource_params("frequency", frequency)
alice.update_lightsource_params("mean_photon_num", photons)
for detector in bob.components["bob.qsdetector"].detectors:  # perfect, as ours are
    detector.efficiency, detector.dark_count, detector.count_rate, detector.time_resolution = 1, 0, 1e12, 10

timeline.init()
# It sends in batches as long as the key that is asked for, until time is up: ask for more keys than there will be.
alice.protocol_stack[0].push(int(pulses * photons) // batches, 10**6, run_time=picoseconds)
start = time.perf_counter()
timeline.run()
seconds = time.perf_counter() - start

protocol = alice.protocol_stack[0]
sent = alice.components["alice.lightsource"].photon_counter / photons
sifted = len(protocol.error_rates) * (pulses // batches) + len(protocol.key_bits)
print(f"{sent:.0f} pulses, {sifted} sifted bits, error rates {protocol.error_rates}", file=sys.stderr)
if any(protocol.error_rates) or not 0.2 * sent < sifted < 0.5 * sent:
    raise SystemExit("SeQUeNCe did not run the protocol that is timed here")
print(seconds * pulses / sent)
