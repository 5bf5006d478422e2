// BB84, pulse by pulse: what Alice writes, what Eve finds and sends on, what Bob reads; what is kept, and what it shows of her.
import {draw, line, make, percent, power, random, whole} from './frame.mjs';
import {bits_to_compare, joint, measure_pulses} from './ports/communication/bb84.mjs';
import {asymptotic_rate} from './ports/communication/key_rate.mjs';
import {binomial_error} from './ports/plotting/charts.mjs';

const SHOWN = 8, MOST = 5000;
const NAMES = ['Z', 'X', 'Y', 'B'], KETS = [['|0⟩', '|1⟩'], ['|+⟩', '|−⟩'], [], ['|b⟩', '|b′⟩']];
const ROWS = [['pulse'], ['bit', 'alice'], ['basis', 'alice', 'a'], ['sends', 'alice'], ['basis', 'eve', 'e'], ['reads', 'eve'], ['resends', 'eve'],
  ['basis', 'bob', 'b'], ['reads', 'bob'], ['same basis'], ['error']];
const rare = chance => percent(chance, chance > 0 && chance < 0.01 ? 2 : 1);
const PARTY = {alice: 'Alice', eve: 'Eve', bob: 'Bob'};

// Bases that the reader has turned: "a3" Alice's third, "b3" Bob's; "z3", "x3", "n3" Eve reads it in Z, in X, not at all.
const turned = word => new Map([...word.matchAll(/([abzxn])(\d+)/g)].map(([, who, k]) => ['zxn'.includes(who) ? `e${k}` : who + k, who]));

function send({n, seed, eve, share, how, turns}) {
  const coins = random(seed), own = turned(turns), pulses = [];
  for (let k = 1; k <= n; k++) {
    const [r0, r1, r2, r3, r4, r5, r6] = [coins(), coins(), coins(), coins(), coins(), coins(), coins()];
    const bit = +(r0 < 0.5), alice = +(r1 < 0.5) ^ own.has(`a${k}`), bob = +(r2 < 0.5) ^ own.has(`b${k}`);
    const pulse = {k, bit, alice, bob, read: undefined, found: undefined};
    let [flying, written] = [bit, alice];
    const wish = own.get(`e${k}`);
    if (eve && wish !== 'n' && (wish || r3 < share)) {
      pulse.read = wish ? +(wish === 'x') : {random: +(r4 < 0.5), Z: 0, X: 1, breidbart: 3}[how];
      pulse.found = flying = measure_pulses(flying, written, pulse.read, r5);
      written = pulse.read;
    }
    pulse.got = measure_pulses(flying, written, bob, r6);
    pulse.kept = alice === bob;
    pulse.wrong = pulse.kept && pulse.got !== bit;
    pulses.push(pulse);
  }
  return pulses;
}

export default function begin(frame) {
  frame.caption('Send pulses and turn bases by hand: errors come only where Eve’s basis is not Alice’s, and only sometimes. Dotted: the rates to be expected, f/4 if she reads a share f by a coin; bars: one standard error. Then let her read two pulses in a hundred: how many bits must be compared before she is likely to show? And half of them, by a coin or all in X: which leaves a key?');
  frame.number('n', {min: 1, max: MOST, round: true, value: 8});
  frame.number('seed', {min: 1, max: 9999, round: true, value: 14});
  frame.word('turns', {pattern: /^([abzxn]\d{1,5}){0,40}$/, value: ''});

  const head = ROWS.map(([what, who]) => make('th', {scope: 'row', class: who ? `live-${who}` : ''}, who ? `${PARTY[who]} ${what}` : what));
  const cells = ROWS.map(([what, who, knob], r) => Array.from({length: SHOWN}, (_, c) => {
    if (!knob) return make(r ? 'td' : 'th', r ? {} : {scope: 'col'});
    const button = make('button', {type: 'button', class: 'live-coin'});
    button.addEventListener('click', () => turn(knob, c));
    return make('td', {}, button);
  }));
  const table = make('table', {class: 'live-pulses', 'aria-label': 'The last eight pulses'},
    make('thead', {}, make('tr', {}, head[0], ...cells[0])),
    make('tbody', {}, ...ROWS.slice(1).map((_, r) => make('tr', {}, head[r + 1], ...cells[r + 1]))));
  frame.stages.append(table);
  const svg = frame.stage('0 0 380 300', 'Error rate against bits kept, and the chance that a comparison shows nothing');

  const more = [1, 10, 100, 1000].map(more => frame.button(more > 1 ? `${whole(more)} more` : 'Next pulse', () => frame.set({n: Math.min(MOST, frame.state.n + more)})));
  frame.button('Other coins', () => frame.set({seed: frame.state.seed % 9999 + 1}));
  const undo = frame.button('Take my turns back', () => frame.set({turns: ''}));
  frame.toggle('eve', {label: 'Eve is on the line', value: true});
  frame.choice('how', {label: 'She reads in', options: [['random', 'Z or X, by a coin'], 'Z', 'X', ['breidbart', 'B, halfway']], value: 'random'});
  frame.slider('share', {label: 'Pulses she reads', min: 0, max: 1, step: 0.01, value: 1, show: one => percent(one, 0)});
  frame.slider('log', {label: 'Bits to compare', min: 0, max: 3, step: 0.05, value: 1, show: one => whole(10 ** one)});

  const x = bits => 48 + 296 * Math.log10(Math.max(1, bits)) / 4, y = rate => 128 - 108 * Math.min(1, Math.max(0, rate));
  const m = bits => 48 + 296 * Math.log10(bits) / 3, u = chance => 266 - 80 * chance;
  const moving = draw('g');
  svg.append(
    draw('path', {d: 'M48 16V128H352M48 180V266H352', class: 'live-axis'}),
    draw('text', {x: 52, y: 12}, 'errors of the kept bits'),
    draw('text', {x: 250, y: 12, class: 'live-tint live-alice'}, 'in Z'), draw('text', {x: 292, y: 12, class: 'live-tint live-purple'}, 'in X'),
    ...[0, 0.25, 0.5, 1].map(one => draw('text', {x: 44, y: y(one) + 4, class: 'live-end'}, percent(one, 0))),
    ...[1, 10, 100, 1000, 10000].map(one => draw('text', {x: x(one), y: 144, class: 'live-middle'}, whole(one))),
    draw('text', {x: 370, y: 160, class: 'live-end'}, 'kept'),
    draw('text', {x: 52, y: 176}, 'chance that the compared bits show none'),
    ...[0, 1].map(one => draw('text', {x: 44, y: u(one) + 4, class: 'live-end'}, String(one))),
    ...[1, 10, 100, 1000].map(one => draw('text', {x: m(one), y: 282, class: 'live-middle'}, whole(one))),
    draw('text', {x: 370, y: 298, class: 'live-end'}, 'compared'), moving);

  let pulses = [], sent;
  const first = () => Math.max(0, pulses.length - SHOWN);
  const turn = (who, c) => {
    const pulse = pulses[first() + c], own = turned(frame.state.turns), key = who + pulse.k;
    if (who === 'e') own.set(key, pulse.read === 0 ? 'x' : pulse.read === 1 ? 'n' : 'z');
    else if (!own.delete(key)) own.set(key, who);
    // (the address holds forty)
    frame.set({turns: [...own].slice(-40).map(([at, what]) => what + at.slice(1)).join('')});
  };

  const show = () => {
    const before = pulses.length > 99 ? first() : 0;  // large numbers do not fit
    head[0].textContent = before ? `pulse ${whole(before)} +` : 'pulse';
    for (let c = 0; c < SHOWN; c++) {
      const p = pulses[first() + c];
      const values = p ? [p.k - before, p.bit, NAMES[p.alice], KETS[p.alice][p.bit], NAMES[p.read] ?? '–', p.found ?? '–', KETS[p.read]?.[p.found] ?? '–',
        NAMES[p.bob], p.got, p.kept ? '✓' : '·', p.wrong ? '✗' : ''] : Array(ROWS.length).fill('');
      ROWS.forEach(([, who, knob], r) => {
        const cell = cells[r][c], target = knob ? cell.firstChild : cell;
        const text = String(values[r]), look = !p ? '' : p.wrong ? 'is-wrong' : p.kept ? 'is-kept' : 'is-dropped';
        if (target.textContent !== text) target.textContent = text;
        if (cell.className !== look) cell.className = look;
        if (!knob) return;
        const off = !p || knob === 'e' && !frame.state.eve;
        if (target.disabled !== off) target.disabled = off;
        const label = p ? `${PARTY[who]}’s basis of pulse ${p.k}: ${text === '–' ? 'not read' : text}; change it` : 'no pulse yet';
        if (target.ariaLabel !== label) target.ariaLabel = label;
      });
    }
  };

  frame.draw = state => {
    undo.hidden = !state.turns;
    for (const node of more) node.disabled = state.n === MOST;
    // (what is compared changes no pulse)
    const asked = [state.n, state.seed, state.eve, state.share, state.how, state.turns].join();
    if (asked !== sent) {
      [pulses, sent] = [send(state), asked];
      show();
    }
    const kept = [0, 0], wrong = [0, 0], traces = [[], []], compared = Math.round(10 ** state.log);
    let next = 1;
    for (const p of pulses) {
      if (!p.kept) continue;
      kept[p.alice]++;
      wrong[p.alice] += p.wrong;
      const all = kept[0] + kept[1];
      if (all < next) continue;
      next = Math.max(all + 1, all * 1.12);
      for (const b of [0, 1]) if (kept[b]) traces[b].push([all, wrong[b] / kept[b]]);
    }
    const all = kept[0] + kept[1], errors = wrong[0] + wrong[1];
    const chances = joint(state.eve ? state.share : 0, state.how).map(of => of[0][1].reduce((sum, one) => sum + one, 0));
    const mean = (chances[0] + chances[1]) / 2, unseen = (1 - mean) ** compared;

    const inks = ['alice', 'purple'], marks = [];
    for (const b of [0, 1]) {
      const at = y(chances[b]) + (chances[0] === chances[1] ? 2 * b - 1 : 0);
      marks.push(draw('path', {d: `M48 ${at}H350`, class: `live-stroke live-${inks[b]}`, 'stroke-dasharray': '2 4', 'stroke-width': 1.5}),
        draw('path', {d: line(traces[b].map(([n, rate]) => [x(n), y(rate)])), class: `live-stroke live-${inks[b]}`, 'stroke-width': 2}));
      if (!kept[b]) continue;
      const rate = wrong[b] / kept[b], bar = binomial_error(rate, kept[b]), place = x(all) + 4 * b;
      marks.push(draw('path', {d: `M${place} ${y(rate + bar)}V${y(rate - bar)}`, class: `live-stroke live-${inks[b]}`, 'stroke-width': 2}),
        draw('circle', {cx: place, cy: y(rate), r: 4.5, class: `live-fill live-${inks[b]}`}));
    }
    const fall = Array.from({length: 61}, (_, k) => [m(10 ** (k / 20)), u((1 - mean) ** 10 ** (k / 20))]);
    const needed = mean && bits_to_compare(4 * mean, 0.05), there = m(Math.min(1000, needed || 1));
    moving.replaceChildren(...marks, ...(mean && chances[0] === chances[1] ? [draw('text', {x: 354, y: y(mean) + 4}, 'f/4')] : []), ...(needed ? [draw('path', {d: `M48 ${u(0.05)}H${there}V266`, class: 'live-stroke live-grey', 'stroke-dasharray': '4 3'}),
      draw('text', {x: needed < 60 ? there + 6 : there - 30, y: 257, class: needed < 60 ? 'live-halo' : 'live-end live-halo'}, `seen with 95 %: ${whole(needed)} bits${needed > 1000 ? ' →' : ''}`)] : []),
      draw('path', {d: line(fall), class: 'live-stroke live-eve', 'stroke-width': 2.5}),
      draw('circle', {cx: m(compared), cy: u(unseen), r: 6, class: 'live-fill live-eve'}));

    const rate = all ? errors / all : 0, worth = asymptotic_rate(...chances);
    const theirs = pulses.filter(p => p.kept && p.read !== undefined), hers = theirs.filter(p => p.read === p.alice).length;
    const held = state.how === 'breidbart' && theirs.length ? ` Of the ${whole(theirs.length)} that she read at all she has found ${whole(theirs.filter(p => p.found === p.bit).length)} as Alice wrote them.` : '';
    const read = pulses.some(p => p.read !== undefined), by_hand = state.eve && pulses.length && /[zxn]/.test(state.turns);
    frame.say((all ? `Of ${whole(pulses.length)} ${pulses.length > 1 ? 'pulses' : 'pulse'} ${whole(all)} ${all > 1 ? 'are' : 'is'} kept, ${whole(errors)} of them wrong${errors && errors < all ? `: ${percent(rate)} ± ${percent(binomial_error(rate, all))}` : ''}. ` : 'No pulse is kept yet. ')
      + (state.eve && state.share ? (all ? `Eve has read ${whole(hers)} of the kept bits in the right basis, without a trace.${held} ` : '')
        + `To be expected${by_hand ? ', but for the pulses that you gave her' : ''}: ${rare(chances[0])} ${chances[0] === chances[1] ? 'in Z and in X' : `in Z, ${rare(chances[1])} in X`}; `
        + `${whole(compared)} compared ${compared === 1 ? 'bit hides' : 'bits hide'} her with a chance of ${unseen < 0.001 ? power(unseen) : unseen.toFixed(3)}. `
        + (worth > 0 ? `Errors are a price, no alarm: an endless session, perfectly corrected, would still keep ${worth < 0.005 ? power(worth) : worth.toFixed(2)} of each bit.` : 'So many errors leave no key by plain one-way correction (Alice tells, Bob mends), however long the session.')
        : read ? `Eve has read only what you gave her, ${whole(hers)} of the kept bits in the right basis, without a trace.` : 'Nobody reads: where the bases agree, so do the bits.')
      + (state.n === MOST ? ` (No more than ${whole(MOST)} pulses here.)` : ''));
  };
}
