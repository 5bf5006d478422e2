// A backbone of fourteen towns under five rules of routing: cut a link and see which rules must change their route.
import {draw, fixed, line, make, percent, power} from './frame.mjs';
import {LINKS, PLACES, TOWNS} from './ports/communication/nobel_us.mjs';
import {disjoint_paths, multipath_capacity, route} from './ports/communication/quantum_network.mjs';

const RULES = [['distance', 'least fibre'], ['fidelity', 'best fidelity'], ['bottleneck', 'widest bottleneck'], ['rate', 'most pairs'], ['key_rate', 'most key']];
const X = PLACES.map(([east]) => 14 + (east + 122.3) * 6.8), Y = PLACES.map(([, north]) => 234 - (north - 28.2) * 11);
const NUDGE = {0: [8, 16], 1: [-16, 18], 2: [-12, -9], 3: [8, 15], 4: [9, 12], 5: [-24, 19], 6: [-42, -9], 7: [-18, 19], 8: [8, 5], 9: [4, -8], 10: [-66, -7], 11: [9, 8], 12: [-32, -9], 13: [9, -2]};
const short = town => town.replace(' Champaign', '').replace(' City', '');
const few = value => value ? power(value) : '0';

export default function begin(frame) {
  frame.caption('Click a link, or choose it with Tab and press Enter, to cut it (dashed) or mend it. Press a rule in the table, and its route is drawn (thick). Thickness of the others: what a link can carry. F = (1 + 3w)/4 is the fidelity of a pair, w its Werner parameter. '
    + 'Which single cuts make most rules change their route? And which give the rule of least fibre more key than it had?');
  const svg = frame.stage('0 0 410 250', 'Map of the network: each link can be cut');
  const towns = TOWNS.map((town, k) => [String(k), short(town)]);
  frame.choice('from', {label: 'From', options: towns, value: '4'});
  frame.choice('to', {label: 'To', options: towns, value: '13'});
  frame.slider('scale', {label: 'Lengths shrunk to', min: 0.02, max: 0.2, step: 0.005, value: 0.05, show: one => percent(one)});
  frame.slider('swap', {label: 'A swap succeeds', min: 0.1, max: 1, step: 0.05, value: 0.5, show: one => percent(one, 0)});
  frame.slider('werner', {label: 'A swap multiplies w by', min: 0.9, max: 1, step: 0.005, value: 0.97, show: one => one.toFixed(3)});
  frame.word('by', {pattern: /^(distance|fidelity|bottleneck|rate|key_rate)$/, value: 'key_rate'});
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
    grip.addEventListener('click', event => { if (!event.detail) flip(); });  // by a screen reader; a pointer is seen to below
    grip.addEventListener('keydown', event => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      flip();
    });
    return {way, grip, flip};
  });
  // Strokes as wide as a finger cover each other: the link that is nearest to the pointer is meant.
  const meant = event => {
    const {x, y} = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const [off, k] = LINKS.map(([u, v], k) => {
      const [right, down] = [X[v] - X[u], Y[v] - Y[u]], part = ((x - X[u]) * right + (y - Y[u]) * down) / (right ** 2 + down ** 2);
      const at = Math.min(1, Math.max(0, part));
      return [Math.hypot(x - X[u] - at * right, y - Y[u] - at * down), k];
    }).reduce((best, one) => one[0] < best[0] ? one : best);
    return off < 10 ? drawn[k] : undefined;
  };
  const mark = near => drawn.forEach(one => one.grip.classList.toggle('is-near', one === near));
  svg.addEventListener('pointermove', event => mark(meant(event)));
  svg.addEventListener('pointerleave', () => mark());
  svg.addEventListener('click', event => { if (event.detail) meant(event)?.flip(); });
  const chosen = draw('path', {class: 'live-stroke live-alice', 'stroke-width': 5, 'stroke-linejoin': 'round', 'pointer-events': 'none'});
  svg.setAttribute('role', 'group');
  svg.append(...drawn.map(({way}) => way), chosen, ...drawn.map(({grip}) => grip));
  const dots = TOWNS.map((town, k) => draw('circle', {cx: X[k], cy: Y[k], r: 5, 'pointer-events': 'none', 'stroke-width': 2}));
  svg.append(...dots, ...TOWNS.map((town, k) => draw('text', {x: X[k] + NUDGE[k][0], y: Y[k] + NUDGE[k][1], class: 'live-halo', 'pointer-events': 'none'}, short(town))));
  const rows = RULES.map(([rule, name]) => {
    const press = make('button', {type: 'button', class: 'live-button'}, name), cells = Array.from({length: 5}, () => make('td'));
    press.addEventListener('click', () => frame.set({by: rule}));
    return {rule, press, cells, row: make('tr', {}, make('th', {scope: 'row'}, press), ...cells)};
  });
  const head = make('tr', {}, ...['rule', 'km', 'hops', 'F', 'pairs/s', 'key bit/s'].map(name => make('th', {scope: 'col'}, name)));
  frame.stages.append(make('table', {class: 'live-pulses live-rules', 'aria-label': 'The route of each rule, and what it delivers'}, make('thead', {}, head), make('tbody', {}, ...rows.map(({row}) => row))));
  frame.button('Mend all', () => frame.set({cut: ''}));
  const told = (from, to, scale, swap, werner, cut) => {
    const network = {links: LINKS.filter((_, k) => !cut.includes(letters[k])).map(([u, v, km]) => [u, v, km * scale]), swap_success: swap, swap_werner: werner};
    const all = Object.fromEntries(RULES.map(([rule]) => [rule, route(network, from, to, rule)]));
    all.ways = disjoint_paths(network, from, to);
    all.flow = all.ways ? multipath_capacity(network, from, to) : 0;
    return all;
  };
  const kept = {};  // what was told last, of the whole network and of the one with its cuts: another rule changes neither
  const ask = (key, ...asked) => {
    if (kept[key]?.[0] !== asked.join()) kept[key] = [asked.join(), told(...asked)];
    return kept[key][1];
  };
  frame.draw = ({by, from, to, scale, swap, werner, cut}) => {
    const [source, target] = [+from, +to], same = source === target;
    const whole = same ? {} : ask('whole', source, target, scale, swap, werner, ''), now = same ? {} : cut ? ask('now', source, target, scale, swap, werner, cut) : whole;
    drawn.forEach(({way, grip}, k) => {
      const off = cut.includes(letters[k]), km = LINKS[k][2] * scale;
      grip.setAttribute('aria-checked', String(!off));
      grip.setAttribute('aria-label', `link ${short(TOWNS[LINKS[k][0]])} to ${short(TOWNS[LINKS[k][1]])}, ${Math.round(km)} km`);
      way.setAttribute('class', `live-stroke ${off ? 'live-eve' : 'live-grey'}`);
      way.setAttribute('stroke-dasharray', off ? '3 5' : 'none');
      way.setAttribute('stroke-width', off ? 1.5 : Math.max(0.8, 4 - 0.045 * km));
    });
    const best = now[by], moved = rule => now[rule] && now[rule].path.join() !== whole[rule].path.join();
    chosen.setAttribute('d', best ? line(best.path.map(node => [X[node], Y[node]])) : '');
    dots.forEach((dot, k) => dot.setAttribute('style', `fill: ${k === source || k === target ? 'var(--live-alice)' : 'var(--live-paper)'}; stroke: currentColor`));
    for (const {rule, press, cells, row} of rows) {
      const one = now[rule];
      press.setAttribute('aria-pressed', String(rule === by));
      row.className = moved(rule) ? 'is-wrong' : '';
      const texts = one ? [Math.round(one.length_km), one.path.length - 1, fixed(one.fidelity), few(one.rate_hz), few(one.key_rate_hz)] : ['–', '–', '–', '–', '–'];
      cells.forEach((cell, k) => { cell.textContent = texts[k] + (k === 4 && moved(rule) ? ' ←' : ''); });
    }
    if (same) return frame.say('From and to are the same town: choose two that are different.');
    if (!best) return frame.say(`No path is left from ${short(TOWNS[source])} to ${short(TOWNS[target])}: the links that are cut part the two. Mend one of them.`);
    const others = RULES.filter(([rule]) => moved(rule)), name = RULES.find(([rule]) => rule === by)[1];
    const from_key = few(whole[by].key_rate_hz), to_key = few(best.key_rate_hz);
    const change = !moved(by) ? 'This route stays.' : from_key === to_key ? `Its key stays at ${to_key} bit/s.` : `Its key ${best.key_rate_hz > whole[by].key_rate_hz ? 'rises' : 'falls'} from ${from_key} to ${to_key} bit/s.`;
    const most = few(now.key_rate.key_rate_hz);
    frame.say(`${name[0].toUpperCase()}${name.slice(1)}: ${best.path.map(node => short(TOWNS[node])).join(', ')}. `
      + (by === 'key_rate' && !best.key_rate_hz ? 'No path gives a key; this is the shortest. ' : '')
      + (cut ? `${cut.length === 1 ? 'The cut moves' : `The ${cut.length} cuts move`} ${others.length || 'none'} of the five rules${others.length ? ' (←)' : ''}. ${change} ` : '')
      + (to_key === most ? '' : `The rule of most key would give ${most} bit/s${cut && moved(by) ? '' : `, this one gives ${to_key}`}. `)
      + (cut ? now.ways === 1 ? 'One more cut, well chosen, parts the two. ' : `At most ${now.ways} paths have no link in common: that many further cuts, well chosen, part the two. ` : '')
      + `With perfect nodes all links at once could carry ${now.flow < 1.05 * best.bottleneck ? 'about' : now.flow < 1000 * best.bottleneck ? fixed(now.flow / best.bottleneck, 1) : power(now.flow / best.bottleneck)}${now.flow < 1.05 * best.bottleneck ? '' : ' times'} as much as the worst link of this route.`);
  };
}
