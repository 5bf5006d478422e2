// Ten updates in a plane, some of them lies that the reader drags, and where eight rules of aggregation land. Shaded: what the
// liars could do to a rule from each place.
import {draw, fixed, line, random} from './frame.mjs';
import {crafted_update} from './ports/networks/attacks.mjs';
import {aggregate} from './ports/networks/federated.mjs';
import {bulyan, fed_median, fed_trimmed_avg, krum, multi_krum, norm_clipping, outlier_removal, selected} from './ports/networks/robust_aggregation.mjs';

const CLIENTS = 10, LOW = [-2.6, -2.2], HIGH = [3.2, 2.2], CELL = 0.2, UNIT = 50, CLIP = 1, CUTOFF = 3.5;
const COLUMNS = Math.round((HIGH[0] - LOW[0]) / CELL) + 1, ROWS = Math.round((HIGH[1] - LOW[1]) / CELL) + 1, HALF = UNIT * CELL / 2;
// Within the map: what lies beyond is drawn at its edge.
const inside = (value, k) => Math.min(HIGH[k], Math.max(LOW[k], value));
const X = x => 5 + UNIT * (inside(x, 0) - LOW[0]), Y = y => 5 + UNIT * (HIGH[1] - inside(y, 1));
const RULES = {
  mean: ['mean', rows => aggregate(rows.map(row => [row, 1]))],
  clipping: ['clipping', rows => norm_clipping(rows, CLIP, [0, 0])],
  median: ['median', (rows, f) => fed_median(rows, f), '2f < n'],
  trimmed: ['trimmed mean', (rows, f) => fed_trimmed_avg(rows, Math.max(f, 1) / CLIENTS, f), '2f < n'],
  krum: ['Krum', (rows, f) => krum(rows, f), '2f + 2 < n'],
  multikrum: ['MultiKrum', (rows, f) => multi_krum(rows, f, CLIENTS - f), '2f + 2 < n'],
  bulyan: ['Bulyan', (rows, f) => bulyan(rows, f), '4f + 3 ≤ n'],
  outliers: ['outlier removal', rows => outlier_removal(rows, CUTOFF)],
};
const NAMES = Object.keys(RULES), SLOW_LAST = [...NAMES.filter(name => name !== 'bulyan'), 'bulyan'];

export default function begin(frame) {
  frame.caption('Ten updates, points in a plane of two numbers; the grey arrow is the step from the start that all honest data together ask for. Blue dots: honest clients. Orange squares: liars; drag them. Green diamonds: where the eight rules land, the large one is the chosen rule (an outline marks what Krum takes). '
    + 'At the side, how far along the arrow each has come: 1 the whole step, 0 nothing, below 0 undone. Shaded: the darker, the more harm liars do to the chosen rule from there; the cross is the worst place. From where does a lie hurt the mean, and from where Krum? Then let the liars stand apart.');
  const plane = frame.stage('0 0 300 230', 'A plane with ten updates, and where the rules land'), side = frame.stage('0 0 250 230', 'How much of the step each rule has made');
  const canvas = Object.assign(document.createElement('canvas'), {width: COLUMNS, height: ROWS}), context = canvas.getContext('2d');
  const shade = draw('image', {x: 5 - HALF, y: 5 - HALF, width: 290 + 2 * HALF, height: 220 + 2 * HALF, preserveAspectRatio: 'none', style: `clip-path: inset(${HALF}px)`}), marks = draw('g');
  const grip = draw('g', {}, draw('circle', {r: 20, fill: 'transparent'}));
  plane.append(shade, draw('rect', {x: 5, y: 5, width: 290, height: 220, class: 'live-thin'}),
    draw('path', {d: `M${X(0)} ${Y(0)}H${X(1)}m-9 -5l9 5l-9 5`, class: 'live-stroke live-grey', 'stroke-width': 2.5}),
    draw('circle', {cx: X(0), cy: Y(0), r: 3.5, class: 'live-fill live-grey'}), draw('text', {x: X(0) - 6, y: Y(0) + 4, class: 'live-end live-halo'}, 'start'), marks, grip);
  frame.choice('rule', {label: 'Rule', options: [...NAMES.map(one => [one, RULES[one][0]]), ['best', 'the farthest of all']], value: 'krum'});
  frame.slider('liars', {label: 'Liars, of ten', min: 0, max: 5, step: 1, value: 3});
  frame.slider('told', {label: 'Rules are told f =', min: 0, max: 4, step: 1, value: 3});
  frame.slider('spread', {label: 'Honest spread', min: 0.05, max: 1, step: 0.05, value: 0.8, show: one => `${one.toFixed(2)} steps`});
  frame.slider('apart', {label: 'Liars apart by', min: 0, max: 2, step: 0.1, value: 0, show: one => `${one.toFixed(1)} spreads`});
  frame.number('x', {min: LOW[0], max: HIGH[0], value: -1.6});
  frame.number('y', {min: LOW[1], max: HIGH[1], value: 1});
  frame.number('seed', {min: 1, max: 9999, round: true, value: 1});
  const put = ([x, y]) => frame.set({x: inside(x, 0), y: inside(y, 1)});
  const little = frame.button('A little: one spread back', () => put(crafted_update(honest(frame.state), 1, 'mean')));
  const worst = frame.button('Worst place', () => put(harm(frame.state).worst));
  frame.button('Other clients', () => frame.set({seed: frame.state.seed % 9999 + 1}));

  // The same for any number of liars
  const honest = ({liars, spread, seed}) => {
    const roll = random(seed);
    return Array.from({length: CLIENTS}, () => {
      const r = spread * Math.sqrt(-Math.log(1 - roll())), turn = 2 * Math.PI * roll();
      return [1 + r * Math.cos(turn), r * Math.sin(turn)];
    }).slice(0, CLIENTS - liars);
  };
  const lies = ({liars, spread, apart}, x, y) => Array.from({length: liars}, (_, k) => {
    const r = liars > 1 ? apart * spread : 0, turn = 2 * Math.PI * k / liars + 0.5;
    return [x + r * Math.cos(turn), y + r * Math.sin(turn)];
  });
  const lands = (name, rows, told) => RULES[name][1](rows, told)?.[0];  // (the other number is off the way)
  // (`enough` is enough)
  const best = (rows, told, enough = Infinity) => {
    let most = -Infinity;
    for (const name of SLOW_LAST) if ((most = Math.max(most, lands(name, rows, told) ?? -Infinity)) >= enough) break;
    return most;
  };
  // How far the rule comes, the liars at each place of a net
  let known = [''];
  const harm = state => {
    const {rule, liars, told, spread, apart, seed} = state, asked = [rule, liars, told, spread, apart, seed].join();
    if (known[0] === asked) return known[1];
    const mine = honest(state), pixels = context.createImageData(COLUMNS, ROWS);
    let least = Infinity, worst;
    for (let j = 0; j < ROWS; j++) for (let i = 0; i < COLUMNS; i++) {
      const x = LOW[0] + CELL * i, y = HIGH[1] - CELL * j, rows = [...mine, ...lies(state, x, y)];
      const value = rule === 'best' ? best(rows, told, Math.max(1, least)) : lands(rule, rows, told);
      if (value === undefined) return (known = [asked, {}])[1];
      if (value < least) [least, worst] = [value, [x, y]];
      pixels.data.set([210, 80, 0, 200 * Math.min(1, Math.max(0, 1 - value))], 4 * (j * COLUMNS + i));
    }
    context.putImageData(pixels, 0, 0);
    known = [asked, {least, worst, url: canvas.toDataURL()}];
    return known[1];
  };
  const diamond = ([x, y], r) => line([[x - r, y], [x, y - r], [x + r, y], [x, y + r], [x - r, y]]);
  const T = value => 162 + 27 * Math.min(1.6, Math.max(-1.6, value));

  frame.draw = state => {
    const {rule, liars, told, apart, x, y} = state, mine = honest(state), false_ones = lies(state, x, y), rows = [...mine, ...false_ones];
    const all = Object.fromEntries(NAMES.map(name => [name, RULES[name][1](rows, told)]));
    const merging = NAMES.filter(name => all[name]).sort((a, b) => all[b][0] - all[a][0]), name = rule === 'best' ? merging[0] : rule;
    const landed = all[name], found = liars ? harm(state) : {};
    const taken = name === 'krum' && landed ? selected(rows, told, 1)[0] : -1;
    shade.setAttribute('href', found.url ?? 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=');
    little.disabled = !liars;
    worst.disabled = !found.worst;
    grip.setAttribute('transform', `translate(${X(x)} ${Y(y)})`);
    grip.setAttribute('display', liars ? 'inline' : 'none');
    const [u, v] = (found.worst ?? [0, 0]).map((one, k) => k ? Y(one) : X(one));
    marks.replaceChildren(
      ...(landed ? [draw('path', {d: diamond([X(landed[0]), Y(landed[1])], 11), class: 'live-fill live-bob', stroke: 'currentColor', 'stroke-width': 1.5})] : []),
      ...mine.map(([a, b], k) => draw('circle', {cx: X(a), cy: Y(b), r: 4.5, class: 'live-fill live-alice', stroke: k === taken ? 'currentColor' : 'none', 'stroke-width': 2})),
      ...false_ones.map(([a, b], k) => draw('rect', {x: X(a) - 5, y: Y(b) - 5, width: 10, height: 10, class: 'live-fill live-eve', stroke: mine.length + k === taken ? 'currentColor' : 'var(--live-paper)', 'stroke-width': 1.5})),
      ...(found.worst ? [draw('path', {d: `M${u - 6} ${v - 6}l12 12m0 -12l-12 12`, class: 'live-stroke', 'stroke-width': 2.5})] : []),
      ...merging.filter(one => one !== name).map(one => draw('path', {d: diamond([X(all[one][0]), Y(all[one][1])], 4.5), class: 'live-fill live-bob', stroke: 'var(--live-paper)'})),
      ...(liars > 1 && !apart ? [draw('text', {x: X(x) + 9, y: Y(y) - 6, class: 'live-halo'}, `× ${liars}`)] : []));
    side.replaceChildren(
      ...[-1, 0, 1].flatMap(at => [draw('path', {d: `M${T(at)} 22V222`, class: 'live-thin'}), draw('text', {x: T(at), y: 16, class: 'live-middle'}, String(at).replace('-', '−'))]),
      ...NAMES.flatMap((one, k) => {
        const at = 41 + 25 * k, value = all[one]?.[0];
        return [...(one === name ? [draw('rect', {x: 0.5, y: at - 16, width: 249, height: 23, rx: 3, class: 'live-stroke live-bob'})] : []),
          draw('text', {x: 5, y: at}, RULES[one][0]),
          ...(value === undefined ? [draw('text', {x: 245, y: at, class: 'live-end live-halo'}, `refuses f = ${told}`)] : [
            draw('path', {d: diamond([T(value), at - 5], 5), class: 'live-fill live-bob'}), draw('text', {x: 245, y: at, class: 'live-end'}, fixed(value, 2))])];
      }));
    // In spreads, as crafted_update counts them.
    const centre = aggregate(mine.map(row => [row, 1])), unit = crafted_update(mine, 1, 'mean'), wide = Math.hypot(unit[0] - centre[0], unit[1] - centre[1]);
    const off = ([a, b]) => Math.hypot(a - centre[0], b - centre[1]), far = off([x, y]), beyond = mine.filter(row => off(row) > far).length;
    const own = (['mean', 'median', 'trimmed'].includes(name) ? 'the ' : '') + RULES[name][0], word = own[0].toUpperCase() + own.slice(1), least = Math.round(100 * (found.least ?? 0)) / 100;
    const share = value => `${fixed(value, 2)} of the step`;
    const begun = landed
      ? `${rule === 'best' ? `The rule that comes farthest, ${own}, makes` : `${word} makes`} ${share(landed[0])}${taken < 0 ? '' : taken < mine.length ? ': it takes an honest update' : ': it takes a lie'}. `
      : `${word} refuses to merge ten updates for f = ${told}: it needs ${RULES[name][2]}. `;
    const others = landed && rule !== 'best' ? `The rules that merge range from ${fixed(all[merging.at(-1)][0], 2)} to ${fixed(all[merging[0]][0], 2)}. ` : '';
    if (!liars) return frame.say(`${begun}${others}Nobody lies: what differs from 1 is chance and the rule itself.`);
    const place = `The ${liars === 1 ? 'lie stands' : apart ? 'middle of the lies stands' : 'lies stand'} ${fixed(far / wide, 1)} spreads off the honest mean${beyond ? `, nearer to it than ${beyond === mine.length ? 'all' : `${beyond} of the`} ${mine.length} honest clients` : ''}. `;
    const bears = {median: 4, trimmed: Math.max(told, 1), outliers: 4, mean: 9, clipping: 9}[name] ?? told;  // (the last two promise nothing of this kind)
    const bounded = landed && liars > bears ? `Of so many liars ${name === rule ? 'it' : 'this rule'} promises nothing. ` : '';
    const end = found.worst ? landed && found.least > landed[0] + 0.005 ? `No place of the map is worse.` : `From the worst of ${COLUMNS * ROWS} places of the map, ${fixed(off(found.worst) / wide, 1)} spreads off, ${rule === 'best' ? 'even the farthest' : own} would come to ${fixed(least, 2)}${rule === 'mean' ? ', and from farther off to anything at all' : ''}.` : '';
    frame.say(begun + others + place + bounded + end);
  };
  frame.handle(grip, {label: 'The liars: arrow keys move them', move: (x, y, right, down) => put([frame.state.x + right / UNIT, frame.state.y - down / UNIT]),
    step: (right, up) => put([frame.state.x + 0.05 * right, frame.state.y + 0.05 * up]),
    value: () => ({now: Math.round(100 * frame.state.x), min: 100 * LOW[0], max: 100 * HIGH[0], text: `${fixed(frame.state.x, 2)} of the step along it, ${fixed(frame.state.y, 2)} beside it`})});
}
