// A backbone of fourteen towns under four rules of routing: cut a link and see what becomes of the request.
import {draw, fixed, line, percent, power} from './frame.mjs';
import {LINKS, PLACES, TOWNS} from './ports/communication/nobel_us.mjs';
import {disjoint_paths, multipath_capacity, route} from './ports/communication/quantum_network.mjs';

const RULES = [['distance', 'least fibre'], ['fidelity', 'best pairs'], ['bottleneck', 'widest'], ['rate', 'most pairs a second'], ['key_rate', 'most key a second']];
const X = PLACES.map(([east]) => 14 + (east + 122.3) * 6.8), Y = PLACES.map(([, north]) => 234 - (north - 28.2) * 11);
const NUDGE = {0: [8, 16], 1: [-16, 18], 2: [-12, -9], 3: [8, 15], 4: [9, 12], 5: [-24, 19], 6: [-42, -9], 7: [-18, 19], 8: [8, 5], 9: [4, -8], 10: [-66, -7], 11: [9, 8], 12: [-32, -9], 13: [9, -2]};
const short = town => town.replace(' Champaign', '').replace(' City', '');

export default function begin(frame) {
  frame.caption('Click a link, or choose it with Tab and press Enter, to cut it (dashed) or mend it. Blue: the route that the rule chooses. Thickness: what a link can carry. '
    + 'At the start five rules choose four routes: which single cut moves most of them? And which cut gives the rule of least fibre more key than it had?');
  const svg = frame.stage('0 0 410 250', 'Map of the network: each link can be cut');
  frame.choice('by', {label: 'Rule', options: RULES, value: 'key_rate'});
  const towns = TOWNS.map((town, k) => [String(k), short(town)]);
  frame.choice('from', {label: 'From', options: towns, value: '4'});
  frame.choice('to', {label: 'To', options: towns, value: '13'});
  frame.slider('scale', {label: 'All lengths times', min: 0.02, max: 0.2, step: 0.005, value: 0.05, show: one => one.toFixed(3)});
  frame.slider('swap', {label: 'A swap works', min: 0.1, max: 1, step: 0.05, value: 0.5, show: one => percent(one, 0)});
  frame.slider('werner', {label: 'Werner w of a swap', min: 0.9, max: 1, step: 0.005, value: 0.97, show: one => one.toFixed(3)});
  frame.word('cut', {pattern: /^[a-u]{0,21}$/, value: ''});  // the links that are cut, a letter each
  const letters = LINKS.map((_, k) => String.fromCharCode(97 + k));
  const drawn = LINKS.map(([u, v], k) => {
    const way = draw('path', {d: line([[X[u], Y[u]], [X[v], Y[v]]]), class: 'live-stroke'});
    const grip = draw('path', {d: line([[X[u], Y[u]], [X[v], Y[v]]]), stroke: 'transparent', 'stroke-width': 20, tabindex: 0, role: 'checkbox', class: 'live-link'});
    const flip = () => {
      const cut = new Set(frame.state.cut);
      if (!cut.delete(letters[k])) cut.add(letters[k]);
      frame.set({cut: letters.filter(one => cut.has(one)).join('')});
    };
    grip.addEventListener('click', flip);
    grip.addEventListener('keydown', event => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      flip();
    });
    return {way, grip};
  });
  const chosen = draw('path', {class: 'live-stroke live-alice', 'stroke-width': 5, 'stroke-linejoin': 'round', 'pointer-events': 'none'});
  svg.setAttribute('role', 'group');
  svg.append(...drawn.map(({way}) => way), chosen, ...drawn.map(({grip}) => grip));
  const dots = TOWNS.map((town, k) => draw('circle', {cx: X[k], cy: Y[k], r: 5, 'pointer-events': 'none', 'stroke-width': 2}));
  svg.append(...dots, ...TOWNS.map((town, k) => draw('text', {x: X[k] + NUDGE[k][0], y: Y[k] + NUDGE[k][1], class: 'live-halo', 'pointer-events': 'none'}, short(town))));
  frame.button('Mend all', () => frame.set({cut: ''}));
  let kept = '';
  let told = {};
  frame.draw = ({by, from, to, scale, swap, werner, cut}) => {
    const key = [from, to, scale, swap, werner, cut].join();
    const network = {links: LINKS.filter((_, k) => !cut.includes(letters[k])).map(([u, v, km]) => [u, v, km * scale]), swap_success: swap, swap_werner: werner};
    const [source, target] = [+from, +to];
    if (kept !== key) {  // another rule chooses among the same paths
      kept = key;
      told = source === target ? {} : Object.fromEntries(RULES.map(([rule]) => [rule, route(network, source, target, rule)]));
      told.ways = source === target ? 0 : disjoint_paths(network, source, target);
      told.all = told.ways ? multipath_capacity(network, source, target) : 0;
    }
    drawn.forEach(({way, grip}, k) => {
      const off = cut.includes(letters[k]), km = LINKS[k][2] * scale;
      grip.setAttribute('aria-checked', String(!off));
      grip.setAttribute('aria-label', `link ${short(TOWNS[LINKS[k][0]])} to ${short(TOWNS[LINKS[k][1]])}, ${Math.round(km)} km`);
      way.setAttribute('class', `live-stroke ${off ? 'live-eve' : 'live-grey'}`);
      way.setAttribute('stroke-dasharray', off ? '3 5' : 'none');
      way.setAttribute('stroke-width', off ? 1.5 : Math.max(0.8, 4 - 0.045 * km));
    });
    const best = told[by];
    chosen.setAttribute('d', best ? line(best.path.map(node => [X[node], Y[node]])) : '');
    dots.forEach((dot, k) => {
      const end = k === source || k === target;
      dot.setAttribute('style', `fill: ${end ? 'var(--live-alice)' : 'var(--live-paper)'}; stroke: currentColor`);
    });
    if (source === target) return frame.say('From and to are the same town: choose two that are different.');
    if (!best) return frame.say(`No path is left from ${short(TOWNS[source])} to ${short(TOWNS[target])}: the links that are cut part the two. Mend one of them.`);
    const others = RULES.filter(([rule]) => told[rule].path.join() !== best.path.join()).length;
    frame.say(`${by === 'key_rate' && !best.key_rate_hz ? 'No path gives a key; this is the shortest. ' : ''}${best.path.map(node => short(TOWNS[node])).join(', ')}: ${Math.round(best.length_km)} km, ${best.path.length - 1} ${best.path.length === 2 ? 'hop' : 'hops'}, F = ${fixed(best.fidelity)}, `
      + `${power(best.rate_hz)} pairs and ${best.key_rate_hz ? power(best.key_rate_hz) : 'no'} secret bits a second. `
      + (others ? `${others} of the other rules ${others === 1 ? 'chooses' : 'choose'} another way. ` : 'All rules choose this way. ')
      + (told.ways === 1 ? 'One more cut, well chosen, parts the two. ' : `No more than ${told.ways} paths have no link in common: so many cuts, well chosen, part the two. `)
      + `With perfect nodes all links at once carry ${told.all < 1000 * best.bottleneck ? fixed(told.all / best.bottleneck, 1) : power(told.all / best.bottleneck)} times the key of this route’s worst link.`);
  };
}
