// Ports of qlearn/communication/quantum_network: what a path delivers, and which path is first. A network is
// {links: [[u, v, km], ...], swap_success, swap_werner}: nodes alike, memories without decay, links as their length says.

const h = p => p <= 0 || p >= 1 ? 0 : -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);

// qlearn.communication.quantum_network.network.Link, of a length
export function link(length_km) {
  const transmittance = 10 ** (-0.02 * length_km);
  return {length_km, rate_hz: transmittance / (2 * length_km / 2e5), werner: Math.exp(-length_km / 20000),
    capacity: -Math.log1p(-transmittance) / Math.LN2};
}

// The mean of the last of exponential times: by inclusion and exclusion.
function last_of(rates) {
  const all = 1 << rates.length, sums = new Float64Array(all), odd = new Int8Array(all).fill(-1);
  let mean = 0;
  for (let set = 1; set < all; set++) {
    const low = 31 - Math.clz32(set & -set), rest = set & (set - 1);
    sums[set] = sums[rest] + rates[low];
    odd[set] = -odd[rest];
    mean += odd[set] / sums[set];
  }
  return mean;
}

// qlearn.communication.quantum_network.path_quality(network, path)
export function path_quality(network, path) {
  const links = path.slice(1).map((node, k) => link(length_of(network, path[k], node))), swaps = links.length - 1;
  const werner = links.reduce((product, one) => product * one.werner, 1) * network.swap_werner ** swaps;
  const fidelity = 0.25 + 0.75 * werner, rate_hz = network.swap_success ** swaps / last_of(links.map(one => one.rate_hz));
  return {length_km: links.reduce((sum, one) => sum + one.length_km, 0), rate_hz, fidelity,
    bottleneck: Math.min(...links.map(one => one.capacity)),
    key_rate_hz: rate_hz * Math.max(0, 1 - 2 * h(Math.min(0.5, 2 * (1 - fidelity) / 3)))};
}

const length_of = ({links}, u, v) => links.find(([a, b]) => (a === u && b === v) || (a === v && b === u))[2];

// Every path from source to target that visits no node twice.
export function all_simple_paths({links}, source, target) {
  const next = new Map(), found = [];
  for (const [u, v] of links) for (const [a, b] of [[u, v], [v, u]]) next.set(a, [...next.get(a) ?? [], b]);
  const walk = path => {
    const here = path.at(-1);
    if (here === target) found.push(path);
    else for (const node of next.get(here) ?? []) if (!path.includes(node)) walk([...path, node]);
  };
  walk([source]);
  return found;
}

// The paths of a network and their qualities, told once: another rule chooses among the same.
const asked = new WeakMap();
function told_of(network, source, target) {
  const known = asked.get(network) ?? new Map(), pair = `${source} ${target}`;
  asked.set(network, known);
  if (!known.has(pair)) known.set(pair, all_simple_paths(network, source, target).map(path => ({...path_quality(network, path), path})));
  return known.get(pair);
}

// qlearn.communication.quantum_network.route(network, source, target, by=...); undefined if nothing joins the two
export function route(network, source, target, by) {
  const value = {distance: one => -one.length_km, fidelity: one => one.fidelity, bottleneck: one => one.bottleneck,
    rate: one => one.rate_hz, key_rate: one => one.key_rate_hz}[by];
  let best;
  for (const told of told_of(network, source, target)) {
    const gain = best ? value(told) - value(best) : 1, equal = best && Math.abs(gain) <= 1e-12 * Math.abs(value(best));
    if (!best || (!equal && gain > 0) || (equal && told.length_km < best.length_km)) best = told;
  }
  return best;
}

// qlearn.communication.quantum_network.multipath_capacity(network, source, target): a maximum flow, path by path
export const multipath_capacity = (network, source, target) => flow(network.links.map(([u, v, km]) => [u, v, link(km).capacity]), source, target);

// The number of qlearn.communication.quantum_network.disjoint_paths(network, source, target)
export const disjoint_paths = (network, source, target) => flow(network.links.map(([u, v]) => [u, v, 1]), source, target);

function flow(edges, source, target) {
  const room = new Map();
  for (const [u, v, capacity] of edges) for (const [a, b] of [[u, v], [v, u]]) {
    if (!room.has(a)) room.set(a, new Map());
    room.get(a).set(b, capacity);
  }
  for (let total = 0; ;) {
    const from = new Map([[source, source]]), queue = [source];
    while (queue.length && !from.has(target)) {
      const here = queue.shift();
      for (const [node, left] of room.get(here) ?? []) if (left > 1e-15 && !from.has(node)) {
        from.set(node, here);
        queue.push(node);
      }
    }
    if (!from.has(target)) return total;
    const way = [];
    for (let node = target; node !== source; node = from.get(node)) way.push([from.get(node), node]);
    const more = Math.min(...way.map(([a, b]) => room.get(a).get(b)));
    for (const [a, b] of way) {
      room.get(a).set(b, room.get(a).get(b) - more);
      room.get(b).set(a, room.get(b).get(a) + more);
    }
    total += more;
  }
}
