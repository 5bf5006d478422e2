// Ten hospitals train one line: skew, local passes, hospitals that do not answer, and the key that a round costs.
import {draw, line, percent, power, random, whole} from './frame.mjs';
import {aggregate, fit, log_loss, score} from './ports/networks/federated.mjs';
import {ALPHAS, OWNERS, X as PLACES, Y} from './ports/networks/patients.mjs';
import {least_threshold, per_client, seconds} from './ports/networks/secure_aggregation.mjs';

const LABELS = [...Y].map(Number), STEP = 0.5, HOSPITALS = 10, TOKYO = 300e3;
const METHODS = [['none', 'nothing: the server reads each'], ['pads', 'one-time pads'], ['shared masks', 'shared masks'], ['stretched', 'stretched pads']];
// So many must answer that a round is not lost.
const LEAST = {none: 1, pads: HOSPITALS, 'shared masks': least_threshold(HOSPITALS, 0), stretched: least_threshold(HOSPITALS, 0)};
const X = u => 150 + 26 * u, Y_ = v => 120 - 26 * v;
const judged = [PLACES.slice(200), LABELS.slice(200)];
const time = s => s < 120 ? `${s < 10 ? s.toFixed(2) : s.toFixed(0)} s` : s < 7200 ? `${(s / 60).toFixed(0)} min` : s < 172800 ? `${(s / 3600).toFixed(1)} h` : `${whole(s / 86400)} days`;

export default function begin(frame, variant) {
  const keys = variant === 'keys';
  frame.caption(keys
    ? 'Let hospitals fall silent, and see what each mask does to the rounds and to the key that one of them costs. When is it cheaper to pay for shared masks than to lose rounds? Thick: the federation’s line, dashed: trained on one table, thin: each hospital’s last answer. Bars: the hospitals, malignant (orange squares, left) and benign (blue dots, right); a cross did not answer in the last round.'
    : 'A round: each hospital starts from the common line and goes over its patients, a pass at a time; the mean of their answers, by patients, is the next common line. Thick: that line. Dashed: the same training on one table with all patients. Thin: the last answers. Bars: what each hospital has, malignant (orange squares, left) and benign (blue dots, right). The loss tells how little the line believed the true diagnoses: a coin has 0.69. Are many passes in few rounds as good as few in many, if the hospitals are skewed?');
  const map = frame.stage('0 0 300 240', 'Patients in two components, and the lines that the hospitals train'), side = frame.stage('0 0 250 240', 'Patients of each hospital by diagnosis', {class: 'live-stage live-later'});
  const dots = PLACES.slice(0, 200).map(([u, v], k) => LABELS[k]
    ? draw('circle', {cx: X(u), cy: Y_(v), r: 2.6, class: 'live-fill live-alice', opacity: 0.75})
    : draw('rect', {x: X(u) - 2.6, y: Y_(v) - 2.6, width: 5.2, height: 5.2, class: 'live-fill live-orange', opacity: 0.75}));
  const clip = draw('clipPath', {id: `live-clip-${frame.host.id}`}, draw('rect', {x: 6, y: 6, width: 288, height: 228}));
  const lines = draw('g', {'clip-path': `url(#live-clip-${frame.host.id})`});
  map.append(clip, draw('rect', {x: 6, y: 6, width: 288, height: 228, class: 'live-thin'}), draw('g', {'clip-path': `url(#live-clip-${frame.host.id})`}, ...dots), lines);
  frame.choice('alpha', {label: 'Hospitals', options: ALPHAS.map((alpha, k) => [String(k), alpha === null ? 'alike' : `skewed, α = ${alpha}`]), value: '3'});
  frame.slider('passes', {label: 'Passes a round', min: 1, max: 40, step: 1, value: keys ? 5 : 20});
  frame.slider('rounds', {label: 'Rounds', min: 1, max: 30, step: 1, value: 10});
  frame.slider('away', {label: 'Do not answer', min: 0, max: 0.5, step: 0.05, value: keys ? 0.1 : 0, show: one => percent(one, 0)});
  if (keys) {
    frame.choice('method', {label: 'Masked by', options: METHODS, value: 'pads'});
    frame.slider('log', {label: 'Numbers in the model', min: 0.5, max: 7, step: 0.25, value: 3, show: one => whole(10 ** one)});
  }
  frame.number('seed', {min: 1, max: 9999, round: true, value: 1});
  const again = frame.button('Others fall silent', () => frame.set({seed: frame.state.seed % 9999 + 1}));
  const across = ([a, b, c]) => Math.abs(b) > 1e-9 ? line([-6, 6].map(u => [X(u), Y_(-(a * u + c) / b)])) : Math.abs(a) > 1e-9 ? line([-6, 6].map(v => [X(-c / a), Y_(v)])) : '';
  // What is trained; the size of the model that is paid for changes none of it.
  let known = [''];
  const train = ({alpha, passes, rounds, away, method = 'none', seed}) => {
    const asked = [alpha, passes, rounds, away, LEAST[method], seed].join();
    if (known[0] === asked) return known[1];
    const owner = [...OWNERS[alpha]].map(Number), roll = random(seed);
    const hospitals = Array.from({length: HOSPITALS}, (_, h) => {
      const rows = owner.flatMap((one, k) => one === h ? [k] : []);
      return [rows.map(k => PLACES[k]), rows.map(k => LABELS[k])];
    });
    let model = [0, 0, 0], lost = 0, answers = [], here = [];
    for (let round = 0; round < rounds; round++) {
      here = hospitals.map(() => roll() >= away);
      answers = hospitals.map(([points, labels], h) => here[h] ? [fit(points, labels, passes, STEP, model), labels.length] : null);
      const came = answers.filter(Boolean);
      if (came.length < LEAST[method]) lost++;
      else model = aggregate(came);
    }
    const pooled = fit(PLACES.slice(0, 200), LABELS.slice(0, 200), passes * rounds, STEP, [0, 0, 0]);
    known = [asked, {hospitals, model, lost, answers, here, pooled}];
    return known[1];
  };
  frame.draw = state => {
    again.disabled = !state.away;
    const {passes, rounds, away, method = 'none', log = 0} = state, {hospitals, model, lost, answers, here, pooled} = train(state);
    lines.replaceChildren(...answers.filter(Boolean).map(([one]) => draw('path', {d: across(one), class: 'live-stroke live-grey', 'stroke-width': 1})),
      draw('path', {d: across(pooled), class: 'live-stroke live-eve', 'stroke-width': 2, 'stroke-dasharray': '6 4'}),
      draw('path', {d: across(model), class: 'live-stroke', 'stroke-width': 3.5}));
    const most = Math.max(...hospitals.map(([, labels]) => labels.length));
    side.replaceChildren(draw('text', {x: 14, y: 14, class: 'live-small'}, 'patients of each hospital'), ...hospitals.flatMap(([, labels], h) => {
      const y = 24 + 21 * h, benign = labels.reduce((sum, one) => sum + one, 0), wide = 180 / most;
      return [draw('text', {x: 22, y: y + 13, class: 'live-end'}, h + 1),
        draw('rect', {x: 30, y, width: (labels.length - benign) * wide, height: 15, class: 'live-fill live-orange'}),
        draw('rect', {x: 30 + (labels.length - benign) * wide, y, width: benign * wide, height: 15, class: 'live-fill live-alice'}),
        ...(here[h] ? [] : [draw('text', {x: 30 + labels.length * wide + 6, y: y + 13, class: 'live-eve live-tint'}, '×')])];
    }));
    const [right, whole_table] = [model, pooled].map(one => `${Math.round(100 * score(...judged, one))} of 100 (loss ${log_loss(...judged, one).toFixed(3)})`);
    const alone = answers.filter(Boolean).map(([one]) => Math.round(100 * score(...judged, one)));
    let words = `After ${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${passes} ${passes === 1 ? 'pass' : 'passes'}, on 100 other patients: ${rounds > lost ? `the federation’s line is right about ${right}, that of one table` : 'the federation has no line; that of one table is right'} about ${whole_table}${alone.length ? `, a hospital’s last answer about ${Math.min(...alone)} to ${Math.max(...alone)}` : ''}. `;
    const apart = Math.max(...model.map((one, k) => Math.abs(one - pooled[k])));
    if (!lost && !away) words += apart < 1e-9 ? 'With one pass a round the two are the same line, however skewed the hospitals are. ' : '';
    if (lost) words += `Rounds lost: ${lost} of ${rounds}${method === 'pads' ? '. With plain pads one silent hospital spoils the sum, and the key of the round is spent'
        : method === 'none' ? ', in which nobody answered' : `, in which fewer than ${LEAST[method]} answered: of so few a server that lies could have two lists signed, and so two sums`}. `;
    if (keys) {
      const bits = method === 'none' ? 0 : per_client(HOSPITALS, Math.round(10 ** log) + 1, 64, method);
      words += bits ? `A round costs each hospital ${bits < 1e6 ? whole(bits) : power(bits)} bits of key: ${time(seconds(bits, TOKYO))} at 300 kbit/s, `
        + `${rounds === lost ? 'and no round came through' : `${time(seconds(bits, TOKYO) * rounds / (rounds - lost))} for each that came through`}.` : 'No key is spent, and the server reads every answer.';
    }
    frame.say(words.trim());
  };
}
