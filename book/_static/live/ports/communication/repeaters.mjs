// Ports of qlearn/communication/repeaters: chains of links that wait for each other and are swapped.
import {asymptotic_rate} from './key_rate.mjs';
import {plob} from './photons.mjs';
import {db_to_transmittance} from '../qubits/noise.mjs';

// qlearn.communication.repeaters.waiting_time_mean(n, p): what is left after one slot, all terms positive
export function waiting_time_mean(n, p) {
  const mean = [0];
  for (let of = 1; of <= n; of++) {
    let sum = 1, chance = 1;
    // chance = P(k of them succeed), from that of k - 1
    const none = of * Math.log1p(-p);
    if (p < 1) for (let k = 1; k <= of; k++) {
      chance *= (of - k + 1) / k * p / (1 - p);
      sum += chance * Math.exp(none) * mean[of - k];
    }
    mean.push(p < 1 ? sum / -Math.expm1(none) : 1);
  }
  return mean[n];
}

// qlearn.communication.repeaters.chain_fidelity(fidelity, links)
export const chain_fidelity = (fidelity, links) => (1 + 3 * ((4 * fidelity - 1) / 3) ** links) / 4;

// qlearn.communication.repeaters.chain(loss_db=loss, links=links, efficiency=efficiency, fidelity=fidelity, swap=swap).key_rate:
// links in series, memories that forget nothing; secret bits a slot
export function chain(loss, links, efficiency, fidelity, swap) {
  const error = 2 / 3 * (1 - chain_fidelity(fidelity, links));
  return asymptotic_rate(error) * swap ** (links - 1) / waiting_time_mean(links, efficiency * db_to_transmittance(loss / links));
}

// qlearn.communication.repeaters.repeater_bound(t, stations)
export const repeater_bound = (t, stations) => plob(t ** (1 / (stations + 1)));
