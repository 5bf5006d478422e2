// A store of keys between a link and programs: two minutes of it, and which share of requests it refuses, by its size.
import {draw, line, percent, power, random, whole} from './frame.mjs';
import {follow_stock, refused_share, smallest_store} from './ports/communication/key_management.mjs';

const MADE = 10, SECONDS = 120, MOST = 100_000, GOAL = 1e-3, FLOOR = 184, HIGH = 140, LEFT = 42, WIDE = 234, LEAST = -5;
const GRID = Array.from({length: 81}, (_, k) => Math.round(10 ** (k / 16)));
const keys = n => `${whole(n)} ${n === 1 ? 'key' : 'keys'}`;
// `least`: from which share on it is told in per cent, for all shares of one sentence
const often = (share, least) => share === 1 ? 'all' : share >= least ? percent(share) : share < 1e-9 ? 'fewer than 1 in a billion' : `1 in ${share > 1e-6 ? whole(1 / share) : power(1 / share)}`;

function* endless(draw) { for (;;) yield draw(); }

export default function begin(frame) {
  frame.caption(`First chart: two minutes of a store that begins full, with a link that makes ${MADE} keys a second; orange marks: requests that were refused. The other chart: which share of requests is refused in the long run, by the size of the store (blue), and with a link that makes a tenth more (green, thin); dashed: one in a thousand. `
    + 'Drag the store until its dot lies on the dashed line. Then let programs ask for the same keys 16 at once, or let the link be dark now and then: how much larger must it be? And one at a time again, with no dark spells and the store on the dashed line, at 7, at 9 and at 9.9 keys a second: what would you rather buy, twice the store or a link that makes a tenth more? '
    + '(Keys and requests come at random times; a request gets all its keys or none, and is not repeated. Dark spells, drawn grey, take half of the time; the link makes twice as many keys in between. Their length is random, with the mean that is set: however long a spell has lasted, the next second is as likely as ever to end it. The text below the figure has spells of one length.)');
  const left = frame.stage('0 0 290 222', 'Keys in the store over two minutes'), right = frame.stage('0 0 290 222', 'Share of refused requests against the size of the store');
  frame.slider('asked', {label: 'Keys asked a second', min: 4, max: 12, step: 0.1, value: 9, show: one => one.toFixed(1)});
  frame.slider('burst', {label: 'Keys of one request', min: 0, max: 6, step: 1, value: 0, show: one => String(2 ** one)});
  frame.slider('dark', {label: 'Dark spells', min: 0, max: 30, step: 1, value: 0, show: one => one ? `${one} s` : 'none'});
  frame.slider('log', {label: 'Keys the store holds', min: 0, max: 5, step: 0.02, value: 1.3, show: one => whole(10 ** one)});
  frame.number('seed', {min: 1, max: 9999, value: 5, round: true});
  frame.button('Two other minutes', () => frame.set({seed: frame.state.seed % 9999 + 1}));

  const X = size => LEFT + WIDE * Math.log10(size) / 5, Y = share => FLOOR - HIGH * (1 - Math.log10(share) / LEAST);
  const marks = draw('g'), grip = draw('g', {}, draw('rect', {x: -18, y: FLOOR - HIGH, width: 36, height: HIGH, fill: 'transparent'}),
    draw('path', {d: `M0 ${FLOOR - HIGH}V${FLOOR}`, class: 'live-axis'}), draw('path', {d: `M-6 ${FLOOR}l6 -10l6 10z`, fill: 'currentColor'}));
  right.append(marks, grip);
  const axes = (title, foot) => [draw('path', {d: `M${LEFT} ${FLOOR - HIGH}V${FLOOR}h${WIDE}`, class: 'live-axis'}), draw('text', {x: 4, y: 14}, title), draw('text', {x: LEFT + WIDE / 2, y: 219, class: 'live-middle'}, foot)];
  const below = (x, text) => draw('text', {x, y: 201, class: 'live-middle'}, text), beside = (y, text) => draw('text', {x: LEFT - 7, y: y + 4, class: 'live-end live-small'}, text);

  let known = [];
  // (a store just too small for a request refuses all: there the curve has an edge)
  function curve(traffic) {
    const sizes = [...new Set([...GRID, Math.max(1, traffic.burst - 1), traffic.burst])].sort((a, b) => a - b);
    return {traffic, points: sizes.map(size => [size, refused_share(size, traffic)]), need: smallest_store(GOAL, traffic, MOST)};
  }
  function curves(asked, burst, dark_s) {
    const now = [asked, burst, dark_s].join();
    if (known[0] !== now) known = [now, [MADE, 1.1 * MADE].map(made => curve({made, asked, burst, dark_s, dark_share: 0.5}))];
    return known[1];
  }

  frame.draw = ({asked, burst: power_of_2, dark, log, seed}) => {
    const burst = 2 ** power_of_2, size = Math.round(10 ** log), [mine, faster] = curves(asked, burst, dark), {traffic} = mine;
    const run = follow_stock(endless(random(seed)), size, traffic, SECONDS), at = i => LEFT + WIDE * run.time[i] / SECONDS, level = stock => FLOOR - (HIGH - 8) * stock / size;
    // (an event changes the stock at once: steps)
    let path = `M${LEFT} ${level(size)}`, was = size;
    run.stock.forEach((stock, i) => {
      if (stock !== was) path += `H${at(i).toFixed(2)}V${level(stock).toFixed(2)}`;
      was = stock;
    });
    path += `H${LEFT + WIDE}`;
    const spells = [];
    run.dark.forEach((one, i) => {
      if (one && !run.dark[i - 1]) spells.push([at(i), LEFT + WIDE]);
      else if (!one && run.dark[i - 1]) spells.at(-1)[1] = at(i);
    });
    const lost = run.refused.flatMap((one, i) => one ? [at(i)] : []), came = run.asked.filter(Boolean).length, full = run.full.filter(Boolean).length;
    left.replaceChildren(...spells.map(([from, to]) => draw('rect', {x: from, y: FLOOR - HIGH, width: to - from, height: HIGH, class: 'live-fill live-grey', opacity: 0.25})),
      draw('path', {d: `${path}V${FLOOR}H${LEFT}Z`, class: 'live-fill live-alice', opacity: 0.25}), draw('path', {d: path, class: 'live-stroke live-alice', 'stroke-width': 1.3}),
      draw('path', {d: lost.map(x => `M${x.toFixed(2)} 26v13`).join('') || 'M0 0', class: 'live-stroke live-eve', 'stroke-width': 1.6}),
      ...axes('keys in the store', 'seconds'), draw('text', {x: 286, y: 14, class: 'live-end live-tint live-eve'}, `refused: ${whole(lost.length)} of ${whole(came)}`),
      beside(level(size), size < 10_000 ? whole(size) : `${+(size / 1000).toPrecision(3)}k`), beside(FLOOR, '0'), ...[0, 40, 80, 120].map(s => below(LEFT + WIDE * s / SECONDS, String(s))));

    const drawn = ({points}) => line(points.map(([one, share]) => [X(one), share < 10 ** (2 * LEAST) ? NaN : Y(share)]));
    const share = refused_share(size, traffic), dot = Math.max(share, 10 ** LEAST), inside = draw('svg', {x: LEFT, y: FLOOR - HIGH - 3, width: WIDE, height: HIGH + 3, viewBox: `${LEFT} ${FLOOR - HIGH - 3} ${WIDE} ${HIGH + 3}`},
      draw('path', {d: drawn(faster), class: 'live-stroke live-bob', 'stroke-width': 1.4}), draw('path', {d: drawn(mine), class: 'live-stroke live-alice', 'stroke-width': 2.8}));
    marks.replaceChildren(...axes('share refused', 'size of the store, in keys'), draw('text', {x: 286, y: 14, class: 'live-end'}, draw('tspan', {class: 'live-fill live-alice'}, 'this link, '), draw('tspan', {class: 'live-fill live-bob'}, 'a tenth more')),
      draw('path', {d: `M${LEFT} ${Y(GOAL)}h${WIDE}`, class: 'live-stroke live-grey', 'stroke-dasharray': '5 4'}), inside,
      ...[[mine, 'alice'], [faster, 'bob']].flatMap(([{need}, who]) => need === null ? [] : [draw('circle', {cx: X(need), cy: Y(GOAL), r: 3, class: `live-fill live-${who}`})]),
      ...[[1, '1'], [0.1, '10⁻¹'], [GOAL, '10⁻³'], [1e-5, '10⁻⁵']].map(([one, text]) => beside(Y(one), text)), ...['1', '10', '100', '1,000', '10⁴', '10⁵'].map((text, k) => below(X(10 ** k), text)),
      draw('circle', {cx: X(size), cy: Y(dot), r: 5.5, class: `live-fill live-${share > GOAL ? 'eve' : 'alice'}`}));
    grip.setAttribute('transform', `translate(${X(size)} 0)`);

    const twice = refused_share(2 * size, traffic), more = refused_share(size, faster.traffic), least = Math.max(share, more) >= 0.0995 ? 0.00995 : 0.0995, needs = ({need}) => need === null ? `more than ${whole(MOST)}` : whole(need);
    frame.say(`Programs take ${asked.toFixed(1)} keys a second, ${burst === 1 ? 'one at a time' : `${burst} at once`}, of the ${MADE} that the link makes${dark ? `, which is dark in spells of ${dark} s on average` : ''}: `
      + (size < burst ? `a request for ${burst} never finds so many in a store of ${keys(size)}, and all are refused. `
        : `a store of ${keys(size)} refuses ${often(share, least)} in the long run, and in these two minutes, which begin with a full one, ${whole(lost.length)} of ${whole(came)}, while ${keys(full)} found it full and ${full === 1 ? 'was' : 'were'} lost. `)
      + `Twice the store would refuse ${often(twice, least)}, a link that makes a tenth more ${often(more, least)}` + (asked > MADE ? `; with this link no store refuses less than 1 − ${MADE}/${asked.toFixed(1)}, or ${percent(1 - MADE / asked)}, since more keys than are made cannot be handed out.`
        : `; to refuse no more than 1 in 1,000 takes a store of ${needs(mine)}, or ${needs(faster)} with that link.`));
  };
  const go = log => frame.set({log: Math.round(50 * Math.min(5, Math.max(0, log))) / 50});
  frame.handle(grip, {label: 'The size of the store', move: x => go((x - LEFT) / WIDE * 5), step: (right, up) => go(frame.state.log + 0.02 * (right + up)),
    value: () => ({now: Math.round(10 ** frame.state.log), min: 1, max: MOST, text: keys(10 ** frame.state.log)})});
}
