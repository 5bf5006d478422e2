// The clock of two detectors: what public stamps say of the bit, exact or in ticks, and what is left of a sifted bit once that is charged.
import {draw, fixed, line, percent, small} from './frame.mjs';
import {_bins, guess, information, information_in_bins, read} from './ports/control/side_channels.mjs';
import {asymptotic_rate} from './ports/communication/key_rate.mjs';
import {binary_entropy} from './ports/qubits/entropies.mjs';

const FROM = -4, TO = 8, LEFT = 44, WIDE = 264, FLOOR = 118, HIGH = 92, BASE = 262, LOW = 84, QBER = 0.02;
const X = t => LEFT + WIDE * (t - FROM) / (TO - FROM), inside = t => Math.min(TO, Math.max(FROM, t));
const fine = Array.from({length: 121}, (_, k) => FROM + k / 10);
const bits = value => Math.abs(value) < 1e-9 ? '0' : small(value, 4);
const share = part => part > 1e-9 && part < 0.0005 ? 'less than 0.1\u00a0%' : percent(Math.max(0, part));
const jitters = value => `${fixed(value, 1)} ${value === 1 ? 'jitter' : 'jitters'}`;

export default function begin(frame) {
  frame.caption('Drag the late detector (circle), and an edge of coarser ticks (diamond). Above: when each detector answers; the strip: which bit Eve says for a stamp that she read, pale where she is not sure. '
    + 'Below: the bits that she holds of each bit of Bob’s; dashed for exact stamps, and, when they are published in ticks, a curve over the places of an edge, as far as you drag it. The bars, one sifted bit: what is left of it for whoever charges the errors alone, and for whoever charges the clock too.');
  const chart = frame.stage('0 0 320 304', 'The stamps of two detectors, and what they give away'), moving = draw('g');
  const grip = (...marks) => draw('g', {}, draw('circle', {r: 20, fill: 'transparent'}), ...marks);
  const late = grip(draw('circle', {r: 7, class: 'live-fill live-orange', stroke: 'var(--live-paper)'}));
  const edge = grip(draw('path', {d: 'M0 -9L8 0L0 9L-8 0Z', class: 'live-fill live-eve', stroke: 'var(--live-paper)'}));
  chart.append(draw('text', {x: 4, y: 12}, 'density'), draw('path', {d: `M${LEFT} ${FLOOR - HIGH}V${FLOOR}H${LEFT + WIDE}M${LEFT} ${BASE - LOW}V${BASE}H${LEFT + WIDE}`, class: 'live-axis'}),
    ...[-4, 0, 4, 8].flatMap(t => [draw('line', {x1: X(t), x2: X(t), y1: BASE, y2: BASE + 4, class: 'live-axis'}), draw('text', {x: X(t), y: BASE + 18, class: 'live-middle'}, fixed(t, 0))]),
    draw('text', {x: LEFT + WIDE / 2, y: BASE + 36, class: 'live-middle'}, 'time stamp, edge of a tick (jitters)'), moving, late, edge);
  const side = frame.stage('0 0 300 196', 'One sifted bit: said aloud, charged for errors, charged for the clock, left');
  frame.slider('d', {label: 'Detector 1 is late by', min: 0, max: 4, step: 0.1, value: 0.5, show: jitters});
  frame.slider('r', {label: 'Its jitter over 0’s', min: 0.5, max: 3, step: 0.1, value: 1, show: one => one.toFixed(1)});
  frame.choice('by', {label: 'Stamps are published', options: [['exact', 'exactly'], ['ticks', 'in ticks']]});
  frame.toggle('swap', {label: 'Bob swaps detectors by a secret coin'});
  const width = frame.slider('w', {label: 'Width of a tick', min: 0.5, max: 20, step: 0.5, value: 20, show: jitters}).parentNode;
  const place = frame.slider('at', {label: 'An edge falls at', min: FROM, max: TO, step: 0.1, value: -4, show: jitters}).parentNode;

  frame.draw = ({d, r, by, swap, w, at}) => {
    const ticks = by === 'ticks', exact = information(d, r), alike = exact < 1e-9, peak = 0.42 * Math.max(1, 1 / r);
    width.hidden = place.hidden = !ticks;
    const detector = ticks ? information_in_bins(d, r, w, at) : exact, known = swap ? 0 : Math.max(0, detector);
    const density = (t, mean, spread) => Math.exp(-(((t - mean) / spread) ** 2) / 2) / spread / Math.sqrt(2 * Math.PI);
    const Y = value => FLOOR - HIGH * value / peak, top = alike ? 1 : 1.15 * exact, B = value => BASE - LOW * Math.max(0, value) / top;
    // What Eve says for each stretch of stamps, and how sure she is
    const edges = ticks ? Array.from({length: Math.ceil((TO - FROM) / w) + 2}, (_, k) => at + w * (Math.floor((FROM - at) / w) + k)) : fine;
    const says = _bins(d, r, edges).map(([p, q], k) => {
      const from = X(inside(edges[k])), to = X(inside(edges[k + 1])), one = ticks ? +(q > p) : read(d, r, [(edges[k] + edges[k + 1]) / 2])[0];
      return [from, to - from, one, p + q && !swap ? Math.abs(p - q) / (p + q) : 0];
    }).filter(([, wide]) => wide > 0);
    // its number, in the middle of each stretch that is wide enough
    const named = [];
    for (let k = 0, from = 0; !swap && !alike && k < says.length; k++) {
      if (k + 1 < says.length && !ticks && says[k + 1][2] === says[from][2]) continue;
      const end = says[k][0] + says[k][1], middle = (says[from][0] + end) / 2;
      if (end - says[from][0] > 14 && says[k][3] > 1e-9) named.push([middle, says[from][2]]);
      from = k + 1;
    }
    const swept = fine.filter(t => t < at - 1e-9).concat(at), curve = ticks ? swept.map(t => swap ? 0 : Math.max(0, information_in_bins(d, r, w, t))) : [];
    const name = (t, text, party) => draw('text', {x: X(t), y: 12, class: `live-middle live-tint live-halo ${party}`, 'font-weight': 'bold'}, text);
    moving.replaceChildren(draw('text', {x: LEFT - 5, y: Y(0.4 * Math.max(1, 1 / r)) + 4, class: 'live-end'}, fixed(0.4 * Math.max(1, 1 / r), 1)), draw('text', {x: LEFT - 5, y: FLOOR + 4, class: 'live-end'}, '0'),
      ...[[0, 1, 'live-bob'], [d, r, 'live-orange']].map(([mean, spread, party]) => draw('path', {d: line(fine.map(t => [X(t), Y(density(t, mean, spread))])), class: `live-stroke ${party}`, 'stroke-width': 2.2})),
      name(-1.2, 'detector 0', 'live-bob'), name(5.3, 'detector 1', 'live-orange'),
      draw('text', {x: 4, y: 137}, 'says'), draw('rect', {x: LEFT, y: 125, width: WIDE, height: 15, class: 'live-thin'}),
      ...says.map(([x, wide, one, sure]) => draw('rect', {x, y: 125, width: wide, height: 15, class: `live-fill ${one ? 'live-orange' : 'live-bob'}`, opacity: sure.toFixed(3), 'shape-rendering': 'crispEdges'})),
      ...named.map(([x, one]) => draw('text', {x, y: 137, class: 'live-middle live-halo'}, one)),
      ...(ticks ? edges.filter(t => t >= FROM - 1e-9 && t <= TO + 1e-9).map(t => draw('line', {x1: X(t), x2: X(t), y1: FLOOR - HIGH + 14, y2: 140, class: 'live-axis', 'stroke-dasharray': '4 3'})) : []),
      draw('text', {x: 4, y: 162}, 'bits of a bit that Eve holds'),
      ...(alike ? [] : [draw('line', {x1: LEFT, x2: LEFT + WIDE, y1: B(exact), y2: B(exact), class: 'live-axis', 'stroke-dasharray': '5 4'}),
        draw('text', {x: LEFT - 4, y: B(exact) + 4, class: 'live-end'}, exact < 0.001 ? small(exact, 4) : fixed(exact, 3)), draw('text', {x: LEFT + WIDE, y: B(exact) - 5, class: 'live-end live-small'}, swap ? 'without the swap' : 'exact stamps')]),
      draw('text', {x: LEFT - 5, y: BASE + 4, class: 'live-end'}, '0'),
      ...(ticks ? [draw('path', {d: line(swept.map((t, k) => [X(t), B(curve[k])])), class: 'live-stroke live-eve', 'stroke-width': 2.5})]
        : swap ? [draw('line', {x1: LEFT, x2: LEFT + WIDE, y1: BASE, y2: BASE, class: 'live-stroke live-eve', 'stroke-width': 2.5})] : []));
    late.setAttribute('transform', `translate(${X(d)} ${Y(density(d, d, r))})`);
    edge.setAttribute('transform', `translate(${X(at)} ${B(ticks ? known : 0)})`);

    const said = binary_entropy(QBER), promised = asymptotic_rate(QBER), left = promised - known;
    const bar = (y, title, parts, rest) => {
      let from = 8;
      return [draw('text', {x: 8, y}, title), draw('rect', {x: 8, y: y + 8, width: 284, height: 24, class: 'live-thin'}),
        ...parts.map(([part, party]) => {
          const wide = Math.max(0, Math.min(284 * part, 292 - from)), box = draw('rect', {x: from, y: y + 8, width: wide, height: 24, class: `live-fill ${party}`});
          from += wide;
          return box;
        }), draw('rect', {x: from, y: y + 12, width: Math.max(0, 292 - from), height: 16, class: 'live-fill live-bob'}),
        draw('text', {x: 8, y: y + 49}, rest)];
    };
    const charged = [[said, 'live-grey'], [said, 'live-purple']];
    side.replaceChildren(...bar(16, `Charged: the errors, ${percent(QBER)}`, charged, `left ${fixed(promised)}`),
      ...bar(90, 'Charged: the errors and the clock', [...charged, [known, 'live-eve']], `clock ${bits(known)}: ${left > 0 ? `left ${fixed(left)}` : 'nothing left'}`),
      draw('text', {x: 8, y: 170}, 'grey: aloud; purple: charged for errors;'), draw('text', {x: 8, y: 188}, 'orange: the clock; green: the key'));

    const errors = `The error rate is ${percent(QBER)}, with her as without.`;
    if (alike) return frame.say(`The detectors answer alike: no stamp says anything of the bit. ${errors}`);
    if (swap) return frame.say(`A stamp holds ${bits(detector)} bits of which detector clicked, and 0 of the bit: Bob’s coin says which detector meant what, and he alone knows it. That costs a secret coin for each pulse, and nothing of the key, however far apart the detectors are. ${errors}`);
    const lost = left > 0 ? '' : ` Nothing is left of the key, and who looks at the errors alone believes ${fixed(promised)} of each bit.`;
    if (!ticks) return frame.say(`Exact stamps: who reads them, and touches no photon, names ${percent(guess(d, r))} of Bob’s bits and holds ${bits(known)} bits of each. ${errors}${d ? '' : ' The two have the same mean: what is early or late is of the wide one.'}${lost}`);
    const most = Math.max(...curve), least = Math.min(...curve), where = swept[curve.indexOf(most)];
    frame.say(`Ticks of ${jitters(w)}, an edge at ${fixed(at, 1)}: Eve holds ${bits(known)} bits of each bit, ${share(known / exact)} of what exact stamps give away. ${errors} `
      + (at === FROM ? 'Now drag the edge through the curves.' : most - least < 0.01 * most ? 'As far as it was dragged, its place changes that by less than a hundredth.'
        : `As far as it was dragged, the worst place is ${fixed(where, 1)}, which leaves her ${share(most / exact)}.${most > 0.3 * exact && least < 0.05 * exact ? ' The width is one and the same: where the edges fall decides.' : ''}`) + lost);
  };
  // (who drags an edge wants ticks)
  const go = (key, least, most, t) => frame.set({...(key === 'at' ? {by: 'ticks'} : {}), [key]: Math.round(10 * Math.min(most, Math.max(least, t))) / 10});
  const time = px => FROM + (px - LEFT) / WIDE * (TO - FROM);
  for (const [node, key, label, least, most] of [[late, 'd', 'How late detector 1 is', 0, 4], [edge, 'at', 'An edge of the ticks', FROM, TO]])
    frame.handle(node, {label, move: px => go(key, least, most, time(px)), step: (right, up) => go(key, least, most, frame.state[key] + 0.1 * (right + up)),
      value: () => ({now: frame.state[key], min: least, max: most, text: jitters(frame.state[key])})});
}
