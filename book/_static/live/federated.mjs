// Ten hospitals train one line: what a letter and what a pass over the patients buys, and what skew takes.
import {draw, line, whole} from './frame.mjs';
import {aggregate, fit, log_loss, score} from './ports/networks/federated.mjs';
import {ALPHAS, OWNERS, X as PLACES, Y} from './ports/networks/patients.mjs';

const LABELS = [...Y].map(Number), STEP = 0.5, HOSPITALS = 10, ROUNDS = 40, PASSES = [1, 2, 5, 10, 20, 40];
const U = u => 150 + 26 * u, V = v => 120 - 26 * v;
const train = [PLACES.slice(0, 200), LABELS.slice(0, 200)], judged = [PLACES.slice(200), LABELS.slice(200)];
const loss = model => log_loss(...judged, model);
const LEFT = 50, WIDE = 340, TOP = 24, FLOOR = 214;
const H = value => FLOOR - (value - 0.1) * (FLOOR - TOP) / 0.6;

export default async function begin(frame, variant) {
  if (variant === 'keys') return (await import('./federated_keys.mjs')).begin(frame);
  frame.caption('Loss on 100 other patients against what it took: letters (rounds) or work (passes). Thick: the federation with so many passes a round; grey: with '
    + 'the other numbers of passes. Dashed: all patients in one table. Choose 40 passes a round, and count first the letters, then the passes. Then let the hospitals be alike. '
    + 'Map: the common line (thick), that of one table after as many passes (dashed), and the last answer of each hospital (thin); squares are malignant, dots benign. One division for each skew, and by the luck of the draw a greater skew may do less harm; a plain line stands for the network.');
  const chart = frame.stage('0 0 410 262', 'Loss against rounds or passes'), map = frame.stage('0 0 300 240', 'Patients in two components, and the lines that the hospitals train');
  const moving = draw('g');
  chart.append(draw('path', {d: `M${LEFT} ${TOP - 6}V${FLOOR}H${LEFT + WIDE}`, class: 'live-axis'}), draw('text', {x: LEFT + 4, y: 12}, 'loss (a coin: 0.69)'),
    ...[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7].flatMap(one => [draw('line', {x1: LEFT, x2: LEFT + WIDE, y1: H(one), y2: H(one), class: 'live-thin'}),
      draw('text', {x: LEFT - 6, y: H(one) + 4, class: 'live-end'}, one.toFixed(1))]), moving);
  const dots = PLACES.slice(0, 200).map(([u, v], k) => LABELS[k]
    ? draw('circle', {cx: U(u), cy: V(v), r: 2.6, class: 'live-fill live-alice', opacity: 0.75})
    : draw('rect', {x: U(u) - 2.6, y: V(v) - 2.6, width: 5.2, height: 5.2, class: 'live-fill live-orange', opacity: 0.75}));
  const clip = `live-clip-${frame.place}`, lines = draw('g', {'clip-path': `url(#${clip})`});
  map.append(draw('clipPath', {id: clip}, draw('rect', {x: 6, y: 6, width: 288, height: 228})), draw('rect', {x: 6, y: 6, width: 288, height: 228, class: 'live-thin'}),
    draw('g', {'clip-path': `url(#${clip})`}, ...dots), lines);
  frame.choice('alpha', {label: 'Hospitals', options: ALPHAS.map((alpha, k) => [String(k), alpha === null ? 'alike' : `skewed, α = ${alpha}`]), value: '3'});
  frame.choice('axis', {label: 'Count', options: [['rounds', 'letters (rounds)'], ['passes', 'work (passes)']]});
  frame.choice('passes', {label: 'Passes a round', options: PASSES.map(String), value: '5'});
  frame.slider('rounds', {label: 'Rounds', min: 1, max: ROUNDS, step: 1, value: 4});
  const first = {alpha: '3', axis: 'rounds', passes: '5', rounds: 4};
  const across = ([a, b, c]) => Math.abs(b) > 1e-9 ? line([-6, 6].map(u => [U(u), V(-(a * u + c) / b)])) : Math.abs(a) > 1e-9 ? line([-6, 6].map(v => [U(-c / a), V(v)])) : '';
  // One table: the line after each pass, and its loss.
  const table = [[0, 0, 0]];
  for (let pass = 0; pass < ROUNDS * PASSES.at(-1); pass++) table.push(fit(...train, 1, STEP, table[pass]));
  const table_loss = table.map(loss), known = {};
  // The federation for each number of passes: the common line after each round, its loss, and the answers.
  const runs = alpha => known[alpha] ??= Object.fromEntries(PASSES.map(passes => {
    const hospitals = Array.from({length: HOSPITALS}, (_, h) => {
      const rows = train[1].flatMap((_, k) => +OWNERS[alpha][k] === h ? [k] : []);
      return [rows.map(k => PLACES[k]), rows.map(k => LABELS[k])];
    }).filter(([, labels]) => labels.length);
    const models = [[0, 0, 0]], answers = [[]];
    for (let round = 0; round < ROUNDS; round++) {
      answers.push(hospitals.map(([points, labels]) => fit(points, labels, passes, STEP, models[round])));
      models.push(aggregate(answers.at(-1).map((one, h) => [one, hospitals[h][1].length])));
    }
    return [passes, {models, answers, losses: models.map(loss)}];
  }));
  frame.draw = state => {
    const {alpha, axis, rounds} = state, passes = +state.passes, by = axis === 'passes', run = runs(alpha), {models, answers, losses} = run[passes];
    const most = by ? ROUNDS * PASSES.at(-1) : ROUNDS, x = one => LEFT + WIDE * Math.log(one) / Math.log(most);
    const curve = one => line(run[one].losses.slice(1).map((height, k) => [x((k + 1) * (by ? one : 1)), H(height)]));
    const spent = rounds * passes, here = losses[rounds], at_x = x(by ? spent : rounds), told = Math.min(at_x + (by || rounds > 1 ? 9 : 34), 330);
    // Names where the curves begin, kept apart; one that would stand in the loss of the point stays away.
    const names = PASSES.filter(one => one !== passes || rounds > 1).map(one => [x(by ? one : 1) + 5, H(run[one].losses[1]) - 4, one]).sort((a, b) => b[1] - a[1]);
    names.forEach((one, k) => { if (k && !by) one[1] = Math.min(one[1], names[k - 1][1] - 12.5); });
    moving.replaceChildren(...(by ? [1, 10, 100, 1000] : [1, 2, 5, 10, 20, 40]).map(one => draw('text', {x: x(one), y: FLOOR + 18, class: 'live-middle'}, whole(one))),
      draw('text', {x: LEFT + WIDE, y: FLOOR + 38, class: 'live-end'}, by ? 'passes over the patients, all rounds together' : 'rounds: letters to and from each hospital'),
      ...PASSES.map(one => draw('path', {d: curve(one), class: 'live-stroke live-grey', 'stroke-width': 1.2})),
      ...(by ? [draw('path', {d: line(table_loss.slice(1).map((height, k) => [x(k + 1), H(height)])), class: 'live-stroke live-eve', 'stroke-width': 2, 'stroke-dasharray': '6 4'})] : []),
      draw('path', {d: curve(passes), class: 'live-line'}),
      ...names.filter(([u, v]) => told - u > 36 || u - told > 36 || Math.abs(v - H(here) + 8) > 12).map(([u, v, one]) => draw('text', {x: u, y: v, class: 'live-halo'}, one === 1 ? '1 pass' : one)),
      draw('line', {x1: at_x, x2: at_x, y1: FLOOR, y2: H(here), class: 'live-thin'}),
      draw('circle', {cx: at_x, cy: H(here), r: 6, class: 'live-fill live-alice'}),
      draw('text', {x: told, y: H(here) - 8, class: 'live-halo'}, here.toFixed(3)));
    lines.replaceChildren(...answers[rounds].map(one => draw('path', {d: across(one), class: 'live-stroke live-grey', 'stroke-width': 1})),
      draw('path', {d: across(table[spent]), class: 'live-stroke live-eve', 'stroke-width': 2, 'stroke-dasharray': '6 4'}),
      draw('path', {d: across(models[rounds]), class: 'live-stroke', 'stroke-width': 3.5}));
    const right = Math.round(100 * score(...judged, models[rounds]));
    const since = run[passes].losses.findIndex(one => one <= here + 1e-9);
    let words = `After ${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${passes} ${passes === 1 ? 'pass' : 'passes'} the common line has a loss of ${here.toFixed(3)} (${right} of 100 told rightly).${since < rounds ? ` It was as low after ${since} and has risen since.` : ''}`;
    if (Object.keys(first).some(key => state[key] !== first[key])) {
      const reached = table_loss.findIndex(one => one <= here + 1e-9);
      words += passes === 1 ? ' One pass a round: it is the line of one table, however skewed the hospitals are.'
        : ` One table after as many passes (${whole(spent)}): ${table_loss[spent].toFixed(3)}. `
          + (reached < 0 ? `With one pass a round no number of rounds up to ${whole(table.length - 1)} gets there.`
            : `With one pass a round it takes ${whole(reached)} ${reached === 1 ? 'round' : 'rounds'} to get there: here ${rounds} ${rounds === 1 ? 'letter' : 'letters'} instead of ${whole(reached)}, and ${whole(spent)} passes instead of ${whole(reached)}.`);
    }
    frame.say(words);
  };
}
