// Ports of qlearn/networks/ledger: the tree of RFC 9162. An entry is a list of bytes, a hash is 64 hexadecimal digits.

const bytes = text => text.match(/../g).map(two => parseInt(two, 16));

// The first 32 bits of the fractions of roots of primes, as FIPS 180-4 wants them
const PRIMES = [];
for (let k = 2; PRIMES.length < 64; k++) if (PRIMES.every(p => k % p)) PRIMES.push(k);
const fraction = x => (x - Math.floor(x)) * 2 ** 32 | 0;
const K = PRIMES.map(p => fraction(Math.cbrt(p))), BEGIN = PRIMES.slice(0, 8).map(p => fraction(Math.sqrt(p)));
const turn = (x, n) => x >>> n | x << 32 - n;

// hashlib.sha256(bytes(message)).hexdigest()
export function sha256(message) {
  const blocks = (message.length + 8 >> 6) + 1, padded = new DataView(new ArrayBuffer(64 * blocks)), w = new Int32Array(64);
  message.forEach((one, k) => padded.setUint8(k, one));
  padded.setUint8(message.length, 0x80);
  padded.setUint32(64 * blocks - 8, message.length / 2 ** 29);
  padded.setUint32(64 * blocks - 4, message.length << 3);
  let state = BEGIN;
  for (let at = 0; at < 64 * blocks; at += 64) {
    for (let t = 0; t < 64; t++) {
      if (t < 16) { w[t] = padded.getInt32(at + 4 * t); continue; }
      const a = w[t - 15], b = w[t - 2];
      w[t] = w[t - 16] + w[t - 7] + (turn(a, 7) ^ turn(a, 18) ^ a >>> 3) + (turn(b, 17) ^ turn(b, 19) ^ b >>> 10);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 64; t++) {
      const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + K[t] + w[t] | 0;
      const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + first | 0; d = c; c = b; b = a; a = first + second | 0;
    }
    state = [a, b, c, d, e, f, g, h].map((one, k) => one + state[k] | 0);
  }
  return state.map(one => (one >>> 0).toString(16).padStart(8, '0')).join('');
}

// qlearn.networks.ledger.leaf_hash(leaf)
export const leaf_hash = leaf => sha256([0, ...leaf]);
const node_hash = (left, right) => sha256([1, ...bytes(left), ...bytes(right)]);

// qlearn.networks.ledger.merkle_tree.largest_power_below(n), where the RFC cuts a list
export const largest_power_below = n => 2 ** (31 - Math.clz32(n - 1));

// qlearn.networks.ledger.merkle_root(leaves)
export function merkle_root(leaves) {
  if (!leaves.length) return sha256([]);
  if (leaves.length === 1) return leaf_hash(leaves[0]);
  const cut = largest_power_below(leaves.length);
  return node_hash(merkle_root(leaves.slice(0, cut)), merkle_root(leaves.slice(cut)));
}

// The places [low, high) of the nodes of qlearn.networks.ledger.inclusion_proof(leaves, index), the lowest first
export function inclusion_nodes(size, index) {
  const path = [];
  for (let low = 0, high = size; high - low > 1;) {
    const middle = low + largest_power_below(high - low);
    if (index < middle) { path.unshift([middle, high]); high = middle; }
    else { path.unshift([low, middle]); low = middle; }
  }
  return path;
}

// The places of the nodes of qlearn.networks.ledger.consistency_proof(leaves, old_size)
export function consistency_nodes(size, old_size) {
  if (old_size === 0 || old_size === size) return [];
  const path = [];
  let low = 0, high = size, whole = true;
  while (old_size !== high) {
    const middle = low + largest_power_below(high - low);
    if (old_size <= middle) { path.unshift([middle, high]); high = middle; }
    else { path.unshift([low, middle]); low = middle; whole = false; }
  }
  return whole ? path : [[low, high], ...path];
}

const hashes = (leaves, nodes) => nodes.map(([low, high]) => merkle_root(leaves.slice(low, high)));

// qlearn.networks.ledger.inclusion_proof(leaves, index)
export const inclusion_proof = (leaves, index) => hashes(leaves, inclusion_nodes(leaves.length, index));

// qlearn.networks.ledger.consistency_proof(leaves, old_size)
export const consistency_proof = (leaves, old_size) => hashes(leaves, consistency_nodes(leaves.length, old_size));

// qlearn.networks.ledger.verify_inclusion(leaf, index, size, proof, root)
export function verify_inclusion(leaf, index, size, proof, root) {
  let place = index, last = size - 1, node = leaf_hash(leaf);
  if (place > last) return false;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 || place === last) {
      node = node_hash(sibling, node);
      while (place % 2 === 0) { place >>= 1; last >>= 1; }
    } else node = node_hash(node, sibling);
    place >>= 1;
    last >>= 1;
  }
  return last === 0 && node === root;
}

// qlearn.networks.ledger.verify_consistency(old_size, new_size, old_root, new_root, proof)
export function verify_consistency(old_size, new_size, old_root, new_root, proof) {
  if (old_size > new_size) return false;
  if (old_size === new_size) return !proof.length && old_root === new_root;
  if (old_size === 0) return !proof.length && old_root === sha256([]);
  const path = old_size & old_size - 1 ? [...proof] : [old_root, ...proof];
  if (!path.length) return false;
  let place = old_size - 1, last = new_size - 1;
  while (place % 2) { place >>= 1; last >>= 1; }
  let ours = path[0], theirs = path[0];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (place % 2 || place === last) {
      [ours, theirs] = [node_hash(sibling, ours), node_hash(sibling, theirs)];
      while (place % 2 === 0) { place >>= 1; last >>= 1; }
    } else theirs = node_hash(theirs, sibling);
    place >>= 1;
    last >>= 1;
  }
  return last === 0 && ours === old_root && theirs === new_root;
}

// qlearn.networks.ledger.Reader(key, log, head).accept(signed, proof), of signed heads [size, root] in the order of time: the
// reason of its refusal, or "accepted". Without a head (null) the reader is a newcomer.
export function accept(head, [size, root], proof) {
  if (!head) return 'accepted';
  if (size < head[0]) return 'truncated';
  if (size === head[0] && root !== head[1]) return 'equivocation';
  return verify_consistency(head[0], size, head[1], root, proof) ? 'accepted' : 'consistency';
}

// qlearn.networks.ledger.compare_heads(first, second, key, proof), of signed heads [size, root]
export function compare_heads(first, second, proof) {
  if (first[0] === second[0]) return first[1] === second[1] ? 'same' : 'equivocation';
  const [old, now] = first[0] < second[0] ? [first, second] : [second, first];
  return verify_consistency(old[0], now[0], old[1], now[1], proof) ? 'consistent' : 'unproven';
}
