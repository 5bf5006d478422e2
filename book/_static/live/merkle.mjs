// One log, shown to two readers: change what one of them is shown, and see which nodes change, which proofs fail, and what
// neither can see alone. The tree and its proofs are those of RFC 9162.
import {draw, line} from './frame.mjs';
import {accept, compare_heads, consistency_nodes, consistency_proof, inclusion_nodes, inclusion_proof, merkle_root, verify_inclusion} from './ports/networks/ledger.mjs';

const MOST = 8, NAMES = {alice: 'Alice', bob: 'Bob'}, SHE = {alice: 'she', bob: 'he'};
const SCORES = ['0.93', '0.99'], NODE = [34, 19];
const written = (k, other) => Array.from(`round ${k + 1}, accuracy ${SCORES[other]}`, one => one.charCodeAt(0));
const leaves = bits => Array.from(bits, (one, k) => written(k, +one));
const entries = n => n === 1 ? '1 entry' : `${n} entries`;
const hashes = n => n === 1 ? '1 hash' : `${n} hashes`;
const list = items => items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
const X = place => 20 + 36.5 * place, Y = height => 156 - 37 * height;

// Roots of parts of a list are asked for again and again.
const known = new Map();
function root(bits, low = 0, high = bits.length) {
  const key = `${low}.${bits.slice(low, high)}`;
  if (!known.has(key)) known.set(key, merkle_root(leaves(bits).slice(low, high)));
  return known.get(key);
}
const apart = (a, b) => Array.from(a, (one, k) => (parseInt(one, 16) ^ parseInt(b[k], 16)).toString(2).replaceAll('0', '').length).reduce((sum, one) => sum + one);

export default function begin(frame) {
  frame.caption('One log of rounds and their accuracies, as Alice is shown it and as Bob is. Boxes above the entries: the first 12 of the 256 bits of each node. Click an entry (or Tab and Enter) to show that reader another one, 0.99 for 0.93; what changes with it has a “!”. '
    + 'Dashed: the hashes of the proof; thick: what the reader computes from them. Does a reader who remembers an older head see the change? Do two who compare heads, if one of them is shown an entry more?');
  const halves = Object.fromEntries(Object.keys(NAMES).map(who => {
    const svg = frame.stage('0 0 296 222', `The tree of the log as ${NAMES[who]} is shown it`), tree = draw('g'), title = draw('text', {x: 2, y: 14, class: `live-tint live-${who}`, 'font-weight': 'bold'});
    const grips = Array.from({length: MOST}, (_, k) => {
      const score = draw('text', {x: X(k), y: 193, class: 'live-middle'});
      const grip = draw('rect', {x: X(k) - 17, y: 177, width: 34, height: 42, rx: 3, fill: 'transparent', 'stroke-width': 2, tabindex: 0, role: 'checkbox', class: 'live-link'});
      const flip = () => frame.set({[who]: Array.from(frame.state[who], (one, j) => j === k ? 1 - one : one).join('')});
      grip.addEventListener('click', flip);
      grip.addEventListener('keydown', event => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        flip();
      });
      return {all: draw('g', {}, draw('rect', {x: X(k) - 17, y: 177, width: 34, height: 42, rx: 3, class: 'live-thin'}), score, draw('text', {x: X(k), y: 212, class: 'live-middle live-small'}, String(k)), grip), grip, score};
    });
    svg.setAttribute('role', 'group');
    svg.append(title, tree, ...grips.map(({all}) => all));
    frame.word(who, {pattern: /^[01]{8}$/, value: '0'.repeat(MOST)});
    return [who, {tree, title, grips}];
  }));
  frame.slider('a', {label: 'Alice is shown', min: 1, max: MOST, step: 1, value: 7, show: entries});
  frame.slider('b', {label: 'Bob is shown', min: 1, max: MOST, step: 1, value: 7, show: entries});
  frame.slider('m', {label: 'Head they remember', min: 0, max: MOST, step: 1, value: 3, show: n => n ? entries(n) : 'nothing'});
  frame.choice('proof', {label: 'Proof', options: [['old', 'it continues the old list'], ...Array.from({length: MOST}, (_, k) => [String(k), `entry ${k} is in the list`])], value: '4'});
  frame.button('Undo all changes', () => frame.set({alice: '0'.repeat(MOST), bob: '0'.repeat(MOST)}));

  // The nodes under [low, high), the lower ones first: [low, high, height]
  const nodes = (low, high) => {
    if (high - low === 1) return [[low, high, 0]];
    const height = 32 - Math.clz32(high - low - 1), middle = low + 2 ** (height - 1);
    return [...nodes(low, middle), ...nodes(middle, high), [low, high, height]];
  };
  const paint = (who, bits, n, m, proof) => {
    const {tree, title, grips} = halves[who];
    title.textContent = `${NAMES[who]}: ${entries(n)}`;
    const asked = proof === 'old' ? (m > 0 && m < n ? consistency_nodes(n, m) : []) : +proof < n ? inclusion_nodes(n, +proof) : [];
    const handed = new Set(asked.map(String));
    // What is computed: all above the place where the reader begins, its own entry or what it remembers.
    const from = proof === 'old' ? (!asked.length ? null : m & m - 1 ? asked[0] : [0, m]) : +proof < n ? [+proof, +proof + 1] : null;
    const place = ([low, high, height]) => [X((low + high - 1) / 2), Y(height)], all = nodes(0, n), truth = '0'.repeat(MOST);
    const under = all.flatMap(([low, high, height]) => {
      if (!height) return [];
      const middle = low + 2 ** (height - 1);
      return all.filter(([a, b]) => (a === low && b === middle) || (a === middle && b === high)).map(below => draw('path', {d: line([place([low, high, height]), place(below)]), class: 'live-thin'}));
    });
    tree.replaceChildren(...under, ...all.flatMap(node => {
      const [low, high] = node, [x, y] = place(node), hash = root(bits, low, high), other = hash !== root(truth, low, high);
      const given = handed.has(`${low},${high}`), made = from && !given && low <= from[0] && high >= from[1];
      return [draw('rect', {x: x - NODE[0] / 2, y: y - NODE[1] / 2, width: NODE[0], height: NODE[1], rx: 3, class: given ? 'live-stroke live-orange' : made ? `live-stroke live-${who}` : 'live-thin',
        'stroke-width': given || made ? 2.5 : 1, 'stroke-dasharray': given ? '4 3' : undefined, style: 'fill: var(--live-paper)'}),
        draw('text', {x, y: y + 4, class: `live-middle live-small${other ? ' live-tint live-eve' : ''}`}, hash.slice(0, 3) + (other ? '!' : ''))];
    }));
    grips.forEach(({all, grip, score}, k) => {
      const other = bits[k] === '1';
      all.setAttribute('display', k < n ? 'inline' : 'none');
      score.textContent = SCORES[+other];
      score.setAttribute('class', `live-middle${other ? ' live-tint live-eve' : ''}`);
      grip.setAttribute('aria-checked', String(other));
      grip.setAttribute('aria-label', `entry ${k} as ${NAMES[who]} is shown it, another than it was: accuracy ${SCORES[+other]}`);
    });
    return asked.length;
  };

  frame.draw = ({alice, bob, a, b, m, proof}) => {
    const shown = {alice: alice.slice(0, a), bob: bob.slice(0, b)}, length = {alice: a, bob: b}, full = {alice, bob}, head = m ? [m, root('0'.repeat(m))] : null;
    const seen = Object.keys(NAMES).map(who => {
      const bits = shown[who], n = length[who], name = NAMES[who];
      const count = paint(who, full[who], n, m, proof);
      const verdict = accept(head, [n, root(bits)], m && m < n ? consistency_proof(leaves(bits), m) : []);
      const changed = Array.from(bits, (one, k) => one === '1' ? k : -1).filter(k => k >= 0);
      const behind = changed.length ? `, though ${changed.length === 1 ? 'entry' : 'entries'} ${list(changed)} ${changed.length === 1 ? 'is' : 'are'} not what was written` : '';
      const told = {
        accepted: head ? `${name}, with the head of ${m}, accepts` : `${name}, a newcomer, accepts`,
        truncated: `${name} sees that of ${entries(m)} only ${n} ${n === 1 ? 'is' : 'are'} left (or an old head came again)`,
        equivocation: `${name} holds two signed roots of ${entries(m)}, evidence against the key`,
        consistency: `${name} refuses: nothing joins the ${m} that ${SHE[who]} remembers to these ${n}`,
      }[verdict];
      return {count, verdict, changed, text: told + (verdict === 'accepted' ? behind : '')};
    });
    const heads = Object.keys(NAMES).map(who => [length[who], root(shown[who])]), least = Math.min(a, b);
    const between = a === b ? [] : consistency_proof(leaves(a > b ? shown.alice : shown.bob), least);
    const met = compare_heads(...heads, between), differ = Array.from({length: least}, (_, k) => k).filter(k => alice[k] !== bob[k]);
    // Two entries at one place, each proven under a signed root
    const k = +proof, convicts = differ.includes(k) && Object.keys(NAMES).every(who => verify_inclusion(written(k, +shown[who][k]), k, length[who], inclusion_proof(leaves(shown[who]), k), root(shown[who])));
    const compared = {
      same: 'one root: both have the same list',
      equivocation: `two signed roots of ${entries(a)}, ${apart(heads[0][1], heads[1][1])} of 256 bits apart: evidence against the key`,
      consistent: `a proof joins ${least} to ${Math.max(a, b)}: no contradiction, and what stands behind the first ${least === 1 ? 'entry' : least} only one of them has seen`,
      unproven: `two lengths, and no proof that joins them: suspicious, and evidence of nothing. ` + (convicts ? `But entry ${k} is proven to Alice as ${SCORES[alice[k]]} and to Bob as ${SCORES[bob[k]]}, under two signed roots: these convict the key` : `Ask both for the proof of entry ${differ[0]}`),
    }[met];
    const proofs = proof === 'old'
      ? m === 0 ? 'Who remembers nothing has nothing to ask a proof for.' : Object.keys(NAMES).map((who, j) => length[who] > m ? `${NAMES[who]}’s proof is ${hashes(seen[j].count)}${seen[j].verdict === 'consistency' ? ', and fails' : ''}.` : length[who] === m ? `${NAMES[who]} compares roots: the number is the old one.` : `For ${NAMES[who]} there is no proof: the list became shorter.`).join(' ')
      : k < least && seen[0].count === seen[1].count ? `Entry ${k} is proven to each by ${hashes(seen[0].count)}.`
      : Object.keys(NAMES).map((who, j) => k >= length[who] ? `${NAMES[who]} is shown no entry ${k}.` : `Entry ${k} is proven to ${NAMES[who]} by ${hashes(seen[j].count)}.`).join(' ');
    const alone = proof !== 'old' && seen.some(({changed, count}) => changed.join() === proof && count) ? ` Another entry ${k} has the same proof: the hashes beside its way do not change.` : '';
    frame.say(`${seen[0].text}. ${seen[1].text}. If they compare heads: ${compared}. ${proofs}${alone}`);
  };
}
