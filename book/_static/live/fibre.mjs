// Data beside photons in one fibre: what clicks at Bob's end against the length, and the key that is left of it.
import {draw, line, percent, power, whole} from './frame.mjs';
import {SYSTEMS, fibre_budget} from './ports/communication/fibre.mjs';

const FAR = 200, MOST = 300, WAYS = ['forward', 'backward'], ISOLATION = 100, BETA = 3e-9;
const near = bits => bits >= 1e6 ? `${power(bits / 1e6)} million` : whole(+bits.toPrecision(2));

export default function begin(frame) {
  frame.caption('First chart: the chances that a pulse makes a click at Bob’s end by its own light, and by what nobody sent; the other chart: the key. Drag the length. Then turn the data down by ten decibels: how many kilometres is that worth, with the photons and against them? '
    + 'And make the filter narrower, or the gate shorter. (The light has the brightness that makes most key, half a photon a pulse where none is made. Filters take 100 dB more of the data’s colour; the whole pulse passes every filter and gate here, real ones that are too narrow for each other cut into it.)');
  frame.slider('km', {label: 'Fibre', min: 0, max: FAR, step: 1, value: 50, show: one => `${one} km`});
  frame.slider('dbm', {label: 'Power of the data', min: -40, max: 10, step: 1, value: -10, show: one => `${String(one).replace('-', '−')} dBm`});
  frame.slider('filter', {label: 'Filter', min: -2, max: 0.3, step: 0.05, value: -0.7, show: log => `${power(10 ** log)} nm`});
  frame.slider('gate', {label: 'Gate', min: -2, max: 0, step: 0.05, value: -1, show: log => `${power(10 ** log)} ns`});
  frame.choice('way', {label: 'Data run', options: [['forward', 'with the photons'], ['backward', 'against them']]});
  frame.choice('system', {label: 'Detectors', options: [['gated', 'gated diodes'], ['nanowire', 'nanowires']]});

  const clicks = frame.stage('0 0 290 222', 'Chances of a click against the length of the fibre'), keys = frame.stage('0 0 290 222', 'Secret bits a second against the length of the fibre');
  const marks = draw('g'), grip = draw('g', {}, draw('rect', {x: -18, y: 44, width: 36, height: 138, fill: 'transparent'}), draw('line', {y1: 44, y2: 180, class: 'live-axis'}), draw('circle', {cy: 174, r: 6, class: 'live-fill live-bob'}));
  clicks.append(marks, grip);
  const X = km => 44 + 232 * km / FAR, C = chance => 180 - 136 * (Math.log10(Math.max(chance, 1e-12)) + 9) / 9, K = bits => 180 - 136 * (Math.log10(bits) - 1) / 6;
  const grid = Array.from({length: 41}, (_, k) => FAR * k / 40);
  const cut = points => line(points.map(([x, y]) => [x, y > 180 ? NaN : y]));
  const axis = (title, ends) => [draw('path', {d: 'M44 44V180H280', class: 'live-axis'}), draw('text', {x: 4, y: 14}, title),
    ...ends.map(([y, text]) => draw('text', {x: 39, y: y + 4, class: 'live-end'}, text)),
    ...[0, 50, 100, 150, 200].map(km => draw('text', {x: X(km), y: 198, class: 'live-middle'}, String(km))), draw('text', {x: X(FAR / 2), y: 216, class: 'live-middle'}, 'km of fibre')];

  const held = {};
  function last(sheet) {
    let low = 0, high = MOST;
    if (sheet(0).key_hz > 0) while (high - low > 0.01) { const middle = (low + high) / 2; if (sheet(middle).key_hz > 0) low = middle; else high = middle; }
    return low;
  }
  // Sheets along the way, and where the key ends; kept while only the length is moved.
  function curve(name, asked, sheet, ...others) {
    if (held[name]?.asked !== asked) held[name] = {asked, sheets: grid.map(km => sheet(km)), end: last(sheet), others: others.map(last)};
    return held[name];
  }

  frame.draw = state => {
    const system = {...SYSTEMS(state.system), bandwidth_nm: 10 ** state.filter, gate_s: 10 ** (state.gate - 9)};
    const sheet = (km, direction, launch_dbm, bandwidth_nm = system.bandwidth_nm) => fibre_budget(km, {...system, bandwidth_nm}, {launch_dbm, direction, coefficient: BETA, isolation_db: ISOLATION});
    const asked = [state.system, state.filter, state.gate, state.dbm].join();
    const dark = curve('dark', [state.system, state.gate].join(), km => sheet(km, 'forward', -Infinity));
    const both = Object.fromEntries(WAYS.map(way => [way, curve(way, asked, km => sheet(km, way, state.dbm),
      km => sheet(km, way, state.dbm - 10), km => sheet(km, way, state.dbm, system.bandwidth_nm / 10))]));
    const mine = both[state.way], here = sheet(state.km, state.way, state.dbm), alone = sheet(state.km, state.way, -Infinity);
    const noise = (way, k) => cut(both[way].sheets.map((one, i) => [X(grid[i]), C(one.backgrounds[k])])), other = WAYS.find(way => way !== state.way);
    const lit = mine.sheets.map((one, i) => [X(grid[i]), C(one.light)]);
    marks.replaceChildren(...axis('chance of a click a pulse', [[C(1), '1'], [C(1e-3), '10⁻³'], [C(1e-6), '10⁻⁶'], [C(1e-9), '10⁻⁹']]),
      draw('path', {d: cut(lit), class: 'live-stroke live-alice', 'stroke-width': 2.5}),
      draw('path', {d: noise(state.way, 1), class: 'live-stroke live-eve', 'stroke-width': 2.5, 'stroke-dasharray': '6 3'}),
      draw('path', {d: noise(other, 1), class: 'live-stroke live-eve', 'stroke-width': 1.2, 'stroke-dasharray': '6 3', opacity: 0.6}),
      draw('path', {d: noise(state.way, 2), class: 'live-stroke live-purple', 'stroke-width': 1.8, 'stroke-dasharray': '2 3'}),
      draw('path', {d: noise(state.way, 0), class: 'live-stroke live-grey', 'stroke-width': 1.5}),
      draw('text', {x: 288, y: 32, class: 'live-end'}, draw('tspan', {class: 'live-fill live-alice'}, 'signal, '), draw('tspan', {class: 'live-fill live-eve'}, 'Raman (dashed), '), draw('tspan', {class: 'live-fill live-purple'}, 'leak (dots)')),
      ...(here.backgrounds[0] > 1e-9 ? [draw('text', {x: 48, y: C(here.backgrounds[0]) - 4, class: 'live-tint live-grey live-small live-halo'}, 'dark')] : []));
    grip.setAttribute('transform', `translate(${X(state.km)} 0)`);
    // A curve of keys goes down to the axis where it ends.
    const path = ({sheets, end}) => line([...sheets.map((one, i) => [grid[i], one.key_hz]).filter(([km, bits]) => km < end && bits > 10).map(([km, bits]) => [X(km), K(bits)]), ...(end && end < FAR ? [[X(end), 180]] : [])]);
    keys.replaceChildren(...axis('secret bits a second', [[K(1e7), '10⁷'], [K(1e5), '10⁵'], [K(1e3), '10³'], [K(10), '10']]),
      draw('path', {d: path(dark), class: 'live-stroke live-grey', 'stroke-width': 2}), draw('path', {d: path(both[other]), class: 'live-stroke live-eve', 'stroke-width': 1.2, 'stroke-dasharray': '6 3', opacity: 0.6}),
      draw('path', {d: path(mine), class: 'live-stroke live-bob', 'stroke-width': 2.5}),
      draw('text', {x: 288, y: 32, class: 'live-end'}, draw('tspan', {class: 'live-fill live-grey'}, 'dark fibre, '), draw('tspan', {class: 'live-fill live-bob'}, 'these data, '), draw('tspan', {class: 'live-fill live-eve'}, 'the other way (thin)')),
      draw('circle', {cx: X(state.km), cy: here.key_hz > 10 ? K(here.key_hz) : 180, r: 6, class: `live-fill live-${here.key_hz > 0 ? 'bob' : 'eve'}`}));

    const [counts, raman, leak] = here.backgrounds, beyond = MOST - 1, ends = km => !km ? 'at no length' : km < 0.5 ? 'before 1 km' : km > beyond ? `beyond ${MOST} km` : `at ${whole(km)} km`;
    const [weaker, narrower] = mine.others.map(ends);
    frame.say(`${state.km} km: a pulse’s own light makes a click with chance ${power(here.light)}, Raman light ${power(raman)}, the leak ${power(leak)}, dark counts ${power(counts)}. `
      + `${percent(here.qber)} of the bits are wrong: ` + (here.key_hz > 0 ? `${near(here.key_hz)} secret bits a second` : 'no key')
      + (alone.key_hz > 0 ? `, in a dark fibre ${near(alone.key_hz)}. ` : ', nor in a dark fibre. ')
      + `With the data along, the key ends ${ends(both.forward.end)}, against them ${ends(both.backward.end)}, in a dark fibre ${ends(dark.end)}. `
      + (raman + leak < 0.05 * counts ? 'What the data bring here is next to nothing beside the dark counts.' : `With ten decibels less of these data it would end ${weaker}, ` + (weaker === narrower ? 'and with a tenth of the filter’s width, too.'
        : `with a tenth of the filter’s width ${narrower}, because the leak stays.`)));
  };
  const go = km => frame.set({km: Math.round(Math.min(FAR, Math.max(0, km)))});
  frame.handle(grip, {label: 'The length of the fibre', move: x => go((x - 44) * FAR / 232), step: (right, up) => go(frame.state.km + 5 * (right + up)),
    value: () => ({now: frame.state.km, min: 0, max: FAR, text: `${frame.state.km} km`})});
}
