// The curve beside the ledger: secret bits a sifted bit against the length, or against the error rate. (A part of ledger.mjs.)
import {draw, line, percent} from './frame.mjs';
import {compared, halves, left} from './ledger.mjs';
import {key_rate} from './ports/communication/key_rate.mjs';

export function plot(curve, state, half, samples, now, limit) {
  const by = state.against, [low, high] = by === 'length' ? [3, 9] : [0, 0.12];
  const x = one => 46 + 270 * (one - low) / (high - low), y = one => 190 - 170 * one;
  const points = Array.from({length: 81}, (_, k) => {
    const at = low + (high - low) * k / 80, there = by === 'length' ? halves(at) : half;
    return [x(at), y(Math.max(0, left(there, by === 'length' ? compared(there, 10 ** state.share) : samples, {...state, [by]: at})) / (2 * there))];
  });
  const endless = by === 'length' ? [[x(low), y(limit)], [x(high), y(limit)]]
    : points.map((_, k) => [x(low + (high - low) * k / 80), y(key_rate(low + (high - low) * k / 80, state.f))]);
  const ticks = by === 'length' ? [3, 5, 7, 9].map(one => [one, `10${'⁰¹²³⁴⁵⁶⁷⁸⁹'[one]}`]) : [0, 0.04, 0.08, 0.12].map(one => [one, percent(one, 0)]);
  curve.replaceChildren(
    draw('path', {d: 'M46 20V190H318', class: 'live-axis'}),
    ...ticks.flatMap(([at, text]) => [draw('path', {d: `M${x(at)} 190v5`, class: 'live-axis'}), draw('text', {x: x(at), y: 210, class: 'live-middle'}, text)]),
    ...[0, 0.5, 1].flatMap(at => [draw('path', {d: `M46 ${y(at)}h-5`, class: 'live-axis'}), draw('text', {x: 38, y: y(at) + 4, class: 'live-end'}, String(at))]),
    draw('text', {x: 181, y: 231, class: 'live-middle'}, by === 'length' ? 'sifted bits' : 'error rate'),
    draw('text', {x: 52, y: 14}, 'secret bits a sifted bit'),
    draw('path', {d: line(endless), class: 'live-axis', 'stroke-dasharray': '3 4'}),
    draw('text', {x: 334, y: (by === 'length' ? y(limit) : y(0.9)) - 6, class: 'live-end'}, by === 'length' ? `dotted: longer and longer sessions, ${limit.toFixed(3)}` : 'dotted: longer and longer sessions'),
    draw('path', {d: line(points), class: 'live-stroke live-bob', 'stroke-width': 2.5}),
    draw('circle', {cx: x(state[by]), cy: y(now), r: 6, class: `live-fill live-${now > 0 ? 'bob' : 'eve'}`}));
}
