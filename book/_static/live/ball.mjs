// The Bloch ball seen from a little above: where its points lie in a drawing, and what a map of the ball makes of it.
import {draw, fixed, line} from './frame.mjs';

const circle = at => Array.from({length: 73}, (_, k) => at(Math.cos(k * Math.PI / 36), Math.sin(k * Math.PI / 36)));
const ENDS = [['+', '−'], ['i', '−i'], ['0', '1']];

export class Ball {
  constructor({x = 0, y = 0, radius = 100, tilt = 0.36, turn = 0.42} = {}) {
    Object.assign(this, {x, y, radius});
    const [c, s, u, v] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
    this.rows = [[-s, c, 0], [v * c, v * s, -u], [u * c, u * s, v]];  // right, down, near
  }

  // [right, down, near] of a point of the ball
  place(point) {
    const [right, down, near] = this.rows.map(row => row.reduce((all, one, k) => all + one * point[k], 0));
    return [this.x + this.radius * right, this.y + this.radius * down, near];
  }

  // The ball itself, with its axes; `axes` says which of them (0, 1, 2) are named.
  drawn(axes = [0, 1, 2], far = 1.25) {
    const nodes = [draw('circle', {cx: this.x, cy: this.y, r: this.radius, class: 'live-axis'}),
      draw('path', {d: this.ring((c, s) => [c, s, 0]), class: 'live-thin'})];
    for (const axis of [0, 1, 2]) for (const side of [0, 1]) {
      const end = [0, 0, 0];
      end[axis] = 1 - 2 * side;
      const [x, y] = this.place(end);
      nodes.push(draw('line', {x1: this.x, y1: this.y, x2: x, y2: y, class: 'live-thin'}));
    }
    return [...nodes, ...this.names(axes, far)];
  }

  // The names of axes: what is drawn over the ball would cover those that stand before it.
  names(axes = [0, 1, 2], far = 1.25) {
    return axes.flatMap(axis => [1, -1].map((way, side) => {
      const [x, y] = this.place([0, 1, 2].map(one => one === axis ? far * way : 0));
      return draw('text', {x, y: y + 4, class: 'live-middle live-halo', 'pointer-events': 'none'}, `|${ENDS[axis][side]}⟩`);
    }));
  }

  ring(at) { return line(circle(at).map(point => this.place(point))); }

  // The outline of the image of the ball under r -> m r + t: its shadow is the ellipse of the matrix (rows m)(rows m)^T.
  outline([m, t]) {
    const [a, b] = this.rows.map(row => row.map((one, k) => one * m[k]));
    const dot = (u, v) => u.reduce((all, one, k) => all + one * v[k], 0);
    const wide = Math.sqrt(dot(a, a)), skew = wide && dot(a, b) / wide, high = Math.sqrt(Math.max(0, dot(b, b) - skew * skew));
    const [x, y] = this.place(t);
    return circle((c, s) => [x + this.radius * wide * c, y + this.radius * (skew * c + high * s)]);
  }

  // Nodes of that image: its body, and the images of the equator and of two circles through the poles.
  image([m, t], party) {
    const ring = at => draw('path', {d: this.ring((c, s) => at(c, s).map((one, k) => m[k] * one + t[k])), class: `live-stroke ${party}`, 'stroke-width': 0.8, opacity: 0.7});
    const edge = line(this.outline([m, t]));
    return [draw('path', {d: edge, class: `live-fill ${party}`, 'fill-opacity': 0.22}),
      ring((c, s) => [c, s, 0]), ring((c, s) => [c, 0, s]), ring((c, s) => [0, c, s]),
      draw('path', {d: edge, class: `live-stroke ${party}`, 'stroke-width': 1.8})];
  }

  // An arrow from the centre, or from another point, with a dot at its end.
  arrow(vector, party, {width = 3, from = [0, 0, 0], dot = 4.5, ...more} = {}) {
    const [x1, y1] = this.place(from), [x2, y2] = this.place(vector);
    return draw('g', {...more}, draw('line', {x1, y1, x2, y2, class: `live-stroke ${party}`, 'stroke-width': width}),
      draw('circle', {cx: x2, cy: y2, r: dot, class: `live-fill ${party}`}));
  }
}

export const arrow_at = (theta, phi) => [Math.sin(theta) * Math.cos(phi), Math.sin(theta) * Math.sin(phi), Math.cos(theta)];
export const degrees = angle => `${fixed(angle * 180 / Math.PI, 0)}°`;

// What is dragged of an arrow: a grip that turns two angles of the state, called so in it.
export function grip(frame, svg, ball, {theta, phi, label, party = 'live-alice', radius = 8}) {
  const node = draw('g', {}, draw('circle', {r: 22, fill: 'transparent'}), draw('circle', {r: radius, class: `live-fill ${party}`}));
  svg.append(node);
  const turn = (down, right) => {
    const to = frame.state[phi] + right;
    frame.set({[theta]: Math.min(Math.PI, Math.max(0, frame.state[theta] + down)), [phi]: Math.atan2(Math.sin(to), Math.cos(to))});
  };
  frame.handle(node, {label, move: (x, y, right, down) => turn(down / ball.radius, right / ball.radius),
    step: (right, up) => turn(-up * Math.PI / 36, right * Math.PI / 36), grows: [0, -1],
    value: () => ({now: Math.round(frame.state[theta] * 180 / Math.PI), min: 0, max: 180,
      text: `θ ${degrees(frame.state[theta])}, φ ${degrees(frame.state[phi])}`})});
  return vector => {
    const [x, y, near] = ball.place(vector);
    node.setAttribute('transform', `translate(${x} ${y})`);
    node.setAttribute('opacity', near < 0 ? 0.55 : 1);
  };
}

// A bar of a chance, with a line where it is for something else.
export const bar = (y, label, value, mark, party = 'live-bob') => [draw('text', {x: 76, y: y + 12, class: 'live-end'}, label),
  draw('rect', {x: 84, y, width: 130, height: 15, class: 'live-thin'}), draw('rect', {x: 84, y, width: Math.max(0, 130 * value), height: 15, class: `live-fill ${party}`}),
  draw('line', {x1: 84 + 130 * mark, x2: 84 + 130 * mark, y1: y - 3, y2: y + 18, class: 'live-axis', 'stroke-width': 2}),
  draw('text', {x: 222, y: y + 12}, fixed(value))];
