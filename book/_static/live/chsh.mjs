// The CHSH game: two dials with two settings each, a pair or lists of answers, and S against its two borders.
import {draw, fixed, percent, whole} from './frame.mjs';
import {behaviour, chsh_at, direction, GameRounds, play_chsh, werner, winning_probability} from './ports/qubits/entanglement.mjs';

const R = 52, TOP = 100, PLACES = {a: 72, b: 208};
const rad = angle => angle * Math.PI / 180;
const sign = value => (value < 0 ? '' : '+') + fixed(value);
const BEST = {a0: 0, a1: 90, b0: 45, b1: -45};
const KEYS = Object.keys(BEST);
const PARTY = {a: ['Alice', 'live-alice'], b: ['Bob', 'live-bob']};
// A list needs no pair: whoever holds |00⟩ and is asked along Z or against it always gives the same answer.
const ZERO = [0, 1, 2, 3].map(i => [0, 1, 2, 3].map(j => [i + j ? 0 : 1, 0]));
const LISTS = Array.from({length: 16}, (_, k) => k.toString(2).padStart(4, '0'));
const sides = list => {
  const settings = [...list].map(bit => direction(bit * Math.PI));
  return [settings.slice(0, 2), settings.slice(2)];
};
const table = list => behaviour(ZERO, ...sides(list));
const value = list => chsh_at(ZERO, ...sides(list));
const mean = tables => tables.length === 1 ? tables[0]
  : tables[0].map((one, k) => typeof one === 'number' ? tables.reduce((all, t) => all + t[k], 0) / tables.length : mean(tables.map(t => t[k])));
const EIGHT = mean(LISTS.filter(list => value(list) > 0).map(table)), SIXTEEN = mean(LISTS.map(table));
const product = ([[a, b], [c, d]]) => a + d - b - c;

export default function begin(frame) {
  frame.caption('Drag the four settings, make the pair noisier, play more rounds. Bars: the mean product of the two answers for each pair of questions, as counted; '
    + 'thin lines: as expected. Below them S, with the borders 2 of all lists and 2√2 of all qubits. Then answer from a list of your own.');
  for (const key of KEYS) frame.number(key, {min: -180, max: 180, value: BEST[key], round: true});
  const dials = frame.stage('0 0 280 196', 'Two dials with two settings each'), back = draw('g'), slips = draw('g');
  dials.append(back, slips);
  for (const [side, x] of Object.entries(PLACES)) {
    const [name, party] = PARTY[side];
    back.append(draw('circle', {cx: x, cy: TOP, r: R, class: 'live-axis'}),
      draw('line', {x1: x, y1: TOP - R, x2: x, y2: TOP + R, class: 'live-thin'}), draw('line', {x1: x - R, y1: TOP, x2: x + R, y2: TOP, class: 'live-thin'}),
      draw('text', {x, y: 16, class: `live-middle live-tint ${party}`, 'font-weight': 'bold'}, name),
      draw('text', {x: x - 12, y: TOP - R + 22, class: 'live-small'}, 'Z'), draw('text', {x: x + R - 24, y: TOP + 14, class: 'live-small'}, 'X'));
  }
  const turned = angle => (((Math.round(angle) + 540) % 360 + 360) % 360 || 0) - 180;  // (the ends of endless are one)
  const arms = Object.fromEntries(KEYS.map(key => {
    const x = PLACES[key[0]], [name, party] = PARTY[key[0]];
    const arm = draw('line', {x1: x, y1: TOP, class: `live-stroke ${party}`, 'stroke-width': 3});
    const grip = draw('g', {}, draw('circle', {r: 19, fill: 'transparent'}), draw('circle', {r: 11, class: `live-fill ${party}`}),
      draw('text', {y: 4.5, class: 'live-middle', style: 'fill: var(--live-paper); font-weight: bold'}, key[1]));
    dials.append(arm, grip);
    const set = angle => frame.set({[key]: turned(angle)});
    frame.handle(grip, {label: `${name}'s setting when asked ${key[1]}: arrow keys turn it`,
      move: (px, py) => set(Math.atan2(px - x, TOP - py) * 180 / Math.PI), step: (right, up) => set(frame.state[key] + 5 * right + 5 * up),
      value: () => ({now: frame.state[key], min: -180, max: 180, text: `${frame.state[key]} degrees from Z towards X`})});
    return [key, [arm, grip]];
  }));

  const side = frame.stage('0 0 280 206', 'Four correlations, and S against its borders');
  frame.choice('who', {label: 'Answers come from', options: [['pair', 'a pair of qubits'], ['mine', 'my own list'], ['eight', 'eight best lists, by lot'], ['sixteen', 'all sixteen lists, by lot']]});
  const turns = frame.button('Turn Bob’s both by 15°', () => frame.set({b0: turned(frame.state.b0 + 15), b1: turned(frame.state.b1 + 15)}));
  const all = frame.button('Turn all four by 15°', () => frame.set(Object.fromEntries(KEYS.map(key => [key, turned(frame.state[key] + 15)]))));
  frame.word('list', {pattern: /^[01]{4}$/, value: '0000'});
  const flips = KEYS.map((key, k) => frame.button('', () =>
    frame.set({list: [...frame.state.list].map((bit, j) => j === k ? 1 - bit : bit).join('')})));
  const noise = frame.slider('v', {label: 'Visibility of the pair', min: 0, max: 1, step: 0.01, value: 1, show: one => one.toFixed(2)}).parentNode;
  const many = frame.slider('log', {label: 'Rounds', min: 2, max: 5, step: 0.1, value: 3, show: one => whole(10 ** one)}).parentNode;
  frame.number('seed', {min: 1, max: 9999, value: 4, round: true});
  const again = frame.button('Play again', () => frame.set({seed: frame.state.seed % 9999 + 1}));

  const at = S => 140 + 40 * S;
  frame.draw = state => {
    const {who, list, v, log, seed} = state, qubits = who === 'pair', own = who === 'mine';
    for (const node of [noise, turns, all]) node.hidden = !qubits;
    for (const node of [many, again]) node.hidden = own;
    flips.forEach((node, k) => {
      const said = list[k] === '0' ? '+' : '−';
      node.hidden = !own;
      node.textContent = `${PARTY[KEYS[k][0]][0]}, asked ${KEYS[k][1]}: ${said}`;
    });
    for (const key of KEYS) {
      const [arm, grip] = arms[key], x = PLACES[key[0]] + R * Math.sin(rad(state[key])), y = TOP - R * Math.cos(rad(state[key]));
      arm.setAttribute('x2', x);
      arm.setAttribute('y2', y);
      grip.setAttribute('transform', `translate(${x} ${y})`);
      arm.setAttribute('opacity', qubits ? 1 : 0.35);
    }
    const of = k => `${k % 2} → ${list[k] === '0' ? '+' : '−'}`;
    slips.replaceChildren(...['a', 'b'].map((one, k) => draw('text', {x: PLACES[one], y: 188, class: 'live-middle'},
      qubits ? `${state[`${one}0`]}°, ${state[`${one}1`]}°`.replaceAll('-', '−') : own ? `list: ${of(2 * k)}, ${of(2 * k + 1)}` : 'a list by lot')));

    const pair = werner((1 + 3 * v) / 4), [alice, bob] = ['a', 'b'].map(one => [0, 1].map(k => direction(rad(state[one + k]))));
    const p = qubits ? behaviour(pair, alice, bob) : own ? table(list) : who === 'eight' ? EIGHT : SIXTEEN;
    const expected = p.flat().map(product), S = 8 * winning_probability(p) - 4;
    // (rounds that are played along other dials are other rounds)
    const luck = qubits ? KEYS.reduce((all, key, k) => all + (state[key] - BEST[key]) * 10007 * 397 ** k, seed) : seed;
    const rounds = Math.round(10 ** log), [asked, differ] = play_chsh(p, rounds, luck);
    const [, , , , wins, counted, spread] = GameRounds(asked, differ), error = own ? 0 : spread, seen = GameRounds(asked, differ).slice(0, 4);
    side.replaceChildren(draw('text', {x: 4, y: 14}, 'asked'), draw('text', {x: 154, y: 14, class: 'live-middle'}, 'mean product of answers'),
      draw('line', {x1: 154, x2: 154, y1: 22, y2: 124, class: 'live-axis'}),
      ...expected.flatMap((e, k) => {
        const y = 24 + 26 * k, width = 70 * Math.abs(seen[k]);
        return [draw('text', {x: 4, y: y + 14}, `${k >> 1}, ${k & 1}: ${k < 3 ? 'equal' : 'differ'}`), draw('rect', {x: 84, y, width: 140, height: 18, class: 'live-thin'}),
          draw('rect', {x: seen[k] < 0 ? 154 - width : 154, y, width, height: 18, class: `live-fill ${(seen[k] > 0) === (k < 3) ? 'live-sky' : 'live-orange'}`}),
          draw('line', {x1: 154 + 70 * e, x2: 154 + 70 * e, y1: y - 2, y2: y + 20, class: 'live-axis', 'stroke-width': 2}),
          draw('text', {x: 229, y: y + 14}, sign(seen[k]))];
      }),
      draw('text', {x: 140, y: 147, class: 'live-middle'}, own ? `S = ${fixed(S, 0)}: a list has no luck` : `S = ${fixed(counted)} ± ${error.toFixed(3)}`),
      draw('rect', {x: at(-2), y: 156, width: 160, height: 22, class: 'live-fill live-grey', opacity: 0.25}),
      draw('text', {x: at(-1.9), y: 171, class: 'live-small'}, 'all lists'),
      draw('line', {x1: at(-3), x2: at(3), y1: 178, y2: 178, class: 'live-axis'}),
      ...[[-Math.sqrt(8), '−2√2'], [-2, '−2'], [0, '0'], [2, '2'], [Math.sqrt(8), '2√2']].flatMap(([x, text]) => [
        draw('line', {x1: at(x), x2: at(x), y1: x ? 154 : 178, y2: 182, class: 'live-axis'}), draw('text', {x: at(x), y: 198, class: 'live-middle'}, text)]),
      draw('line', {x1: at(S), x2: at(S), y1: 152, y2: 180, class: 'live-axis', 'stroke-width': 2.5}),
      draw('path', {d: `M${at(counted - error)} 158v10m0 -5H${at(counted + error)}m0 -5v10`, class: 'live-stroke live-eve', 'stroke-width': 2}),
      draw('circle', {cx: at(counted), cy: 163, r: 3.5, class: 'live-fill live-eve'}));

    const how = `${whole(rounds)} rounds: S = ${fixed(counted)} ± ${error.toFixed(3)}, expected ${fixed(S)}; ${percent(wins / rounds)} won. `;
    const over = (counted - 2) / error;
    if (own) {
      const lost = expected.filter((e, k) => (e > 0) !== (k < 3)).length;
      frame.say(`Your list loses ${lost} of the 4 questions: S = ${fixed(S, 0)}, wherever the dials stand. `
        + (list === '0000' ? 'Change an answer: can it lose none, or two?' : 'Each answer is in two of the four products, so another answer turns two of them: the number of lost questions stays odd, and 1 is the least.')
        + ` A pair${v < 1 ? ` of visibility ${v.toFixed(2)}` : ''}, asked along these dials, has ${fixed(chsh_at(pair, alice, bob))}.`);
    } else if (!qubits) {
      frame.say(how + (who === 'sixteen' ? 'Eight lists give 2 and eight give −2: by lot among all they know nothing of each other.'
        : over > 0 ? `Lists cannot pass 2, and here they are ${over.toFixed(1)} standard errors above it, by luck: ${over > 2 ? 'that is rare, play again.' : 'only more rounds tell.'}`
          : 'No lot among lists helps: their mean is at most that of the best. Play again, with few rounds: luck alone passes 2 now and then.'));
    } else {
      const others = expected.map(e => expected[0] + expected[1] + expected[2] + expected[3] - 2 * e);
      const most = others.reduce((best, one, k) => Math.abs(one) > Math.abs(others[best]) + 1e-9 ? k : best, 3);
      // All four turned alike from where they began
      const by = turned(state.a0 - BEST.a0), alike = by && KEYS.every(key => turned(state[key] - BEST[key] - by) === 0);
      frame.say(how + (alike ? `All four are turned by ${fixed(by, 0)}°, and the expected S is as it was: only the angles between Alice and Bob count. ` : '') + (S > 2 + 1e-9 ? `The best list has 2, at these settings as at any; ${over > 0 ? `this is ${over.toFixed(1)} standard errors above it${over < 3 ? ': play more rounds' : ''}.${counted > Math.sqrt(8) ? ' Over 2√2 it is by luck: only the expected S is held by that border.' : ''}` : 'too few rounds to tell.'}`
        : Math.abs(others[most]) > 2 + 1e-9 ? `${most === 3 ? 'Under −2, where no list is either: who wins so rarely wins when one of them says the opposite.'
          : `With the minus at the questions ${most >> 1}, ${most & 1} in the place of 1, 1 the same answers have ${fixed(others[most])}: no lists give them, though this game does not show it.`}`
          : `Lists, drawn by lot with the right chances, give the same four expected numbers (thin lines).${v <= Math.SQRT1_2 && v > 1 / 3 ? ' At this visibility no settings pass 2, although the pair is entangled.' : ''}`));
    }
  };
}
