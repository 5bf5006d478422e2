// What every live figure stands in: a stage to draw on, knobs, a line that says what is seen, and its state in the address.
//
//   export default function begin(frame, variant) {
//     frame.caption('What to do, and what to look at.');
//     const svg = frame.stage('0 0 400 240', 'What the picture shows');
//     frame.slider('qber', {label: 'Error rate', min: 0, max: 0.12, step: 0.001, value: 0.02, show: percent});
//     frame.draw = ({qber}) => { ...; frame.say(`...`); };
//   }
//
// The address holds what differs from the beginning, `?NAME.qber=0.05` (`NAME-2` for a second figure of a module on the page).

import {nearest} from './format.mjs';

const SVG = 'http://www.w3.org/2000/svg';
const COPY = 'Link to this setting';
const QUIET = 500;  // milliseconds without a change before the address is written and a screen reader is told

export const make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const draw = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// A path through points [[x, y], ...]; a gap where a point is not finite.
export function line(points) {
  let path = '', on = false;
  for (const [x, y] of points) {
    const seen = Number.isFinite(x) && Number.isFinite(y);
    if (seen) path += `${on ? 'L' : 'M'}${x.toFixed(2)} ${y.toFixed(2)}`;
    on = seen;
  }
  return path;
}

export * from './format.mjs';

export class Frame {
  state = {};
  draw = () => {};
  #knobs = new Map();  // key -> {read: text -> value or undefined, write: value -> text, show(value), first}
  #handles = [];
  #strange = [];
  #told = '';
  #timer;
  #begun = false;

  constructor(host, name, twins = 0) {
    Object.assign(this, {host, name, place: twins ? `${name}-${twins + 1}` : name});
    this.panel = make('div', {class: 'live', role: 'group', 'aria-label': 'Live figure'});
    this.stages = make('div', {class: 'live-stages'});
    this.knobs = make('div', {class: 'live-knobs'});
    this.says = make('p', {class: 'live-says', 'aria-hidden': 'true'});
    this.voice = make('p', {class: 'live-voice', role: 'status'});
    this.tools = make('p', {class: 'live-tools'});
    this.panel.append(this.stages, this.knobs, this.says, this.voice);
    this.asked = new URLSearchParams(location.search);
  }

  // A drawing: its viewBox, and what it shows, for who does not see it.
  stage(viewBox, label, attributes = {}) {
    const svg = draw('svg', {viewBox, role: 'img', 'aria-label': label, class: 'live-stage', ...attributes});
    this.stages.append(svg);
    return svg;
  }

  // `free`: also between its steps
  slider(key, {label, min, max, step = (max - min) / 100, value, show = String, free = false}) {
    const input = make('input', {type: 'range', min, max, step, 'aria-label': label});
    const output = make('output', {'aria-live': 'off'});  // the knob itself tells its value
    this.knobs.append(make('label', {class: 'live-slider'}, make('span', {}, label), input, output));
    input.addEventListener('input', () => this.set({[key]: +input.value}));
    this.#keep(key, value, {
      read: text => nearest(text, min, max, free ? 0 : step),
      write: number => String(+number.toPrecision(8)),
      show: number => {
        input.value = number;
        output.value = show(number);
        input.setAttribute('aria-valuetext', output.value);
      },
    });
    return input;
  }

  // One of several: [value, text] pairs or plain texts.
  choice(key, {label, options, value}) {
    const pairs = options.map(option => Array.isArray(option) ? option : [option, option]);
    const select = make('select', {'aria-label': label}, ...pairs.map(([one, text]) => make('option', {value: one}, text)));
    this.knobs.append(make('label', {class: 'live-choice'}, make('span', {}, label), select));
    select.addEventListener('input', () => this.set({[key]: select.value}));
    this.#keep(key, String(value ?? pairs[0][0]), {
      read: text => pairs.some(([one]) => String(one) === text) ? text : undefined,
      write: String,
      show: one => { select.value = one; },
    });
    return select;
  }

  toggle(key, {label, value = false}) {
    const input = make('input', {type: 'checkbox'});
    this.knobs.append(make('label', {class: 'live-toggle'}, input, make('span', {}, label)));
    input.addEventListener('input', () => this.set({[key]: input.checked}));
    this.#keep(key, value, {
      read: text => text === '1' || (text === '0' ? false : undefined),
      write: on => on ? '1' : '0',
      show: on => { input.checked = on; },
    });
    return input;
  }

  button(label, action) {
    const node = make('button', {type: 'button', class: 'live-button'}, label);
    node.addEventListener('click', action);
    this.knobs.append(node);
    return node;
  }

  // A number without a knob: what is dragged, or a seed.
  number(key, {min, max, step, value, round = false}) {
    this.#keep(key, value, {
      read: text => nearest(text, min, max, round ? 1 : step),
      write: number => String(+number.toPrecision(8)),
      show: () => {},
    });
  }

  // A word without a knob, such as a row of bases; `pattern` says what it may be.
  word(key, {pattern, value}) {
    this.#keep(key, value, {read: text => pattern.test(text) ? text : undefined, write: String, show: () => {}});
  }

  #keep(key, value, knob) {
    if (this.#knobs.has(key)) throw new Error(`${this.name}: two knobs are called ${key}`);
    this.#knobs.set(key, {...knob, first: knob.write(value)});
    this.state[key] = value;
    const text = this.asked.get(`${this.place}.${key}`);
    if (text === null) return;
    const read = knob.read(text);
    if (read !== undefined) this.state[key] = read;
    if (read === undefined || Math.abs(+text - read) > 1e-6) this.#strange.push(`${key} = ${text.slice(0, 20)}`);
  }

  // To drag, by mouse, finger or keys. `move(x, y, right, down)` gets a place and the way to it, `step(right, up)` -1, 0 or 1
  // (times 5 with Shift; endless for Home and End, along `grows`); `value()` returns {now, min, max, text}.
  handle(node, {label, move, step, value, grows = [1, 0]}) {
    node.classList.add('live-handle');
    fill(node, {tabindex: 0, role: 'slider', 'aria-label': label}, []);
    const svg = node.ownerSVGElement;
    svg.setAttribute('role', 'group');  // a picture could not be entered
    // Or the page scrolls: in a drawing Chromium does not heed `touch-action`.
    node.addEventListener('touchstart', event => event.preventDefault(), {passive: false});
    let last;
    const place = event => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    node.addEventListener('pointerdown', event => {
      event.preventDefault();
      node.focus({preventScroll: true});
      node.setPointerCapture(event.pointerId);
      last = place(event);
    });
    node.addEventListener('pointermove', event => {
      if (!node.hasPointerCapture(event.pointerId)) return;
      const {x, y} = place(event);
      move(x, y, x - last.x, y - last.y);
      last = {x, y};
    });
    const [Home, End] = [-1, 1].map(way => grows.map(one => one && way * one * Infinity));
    const ways = {ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], PageUp: [0, 10], PageDown: [0, -10], Home, End};
    node.addEventListener('keydown', event => {
      const way = ways[event.key];
      if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      step(...way.map(one => one * (event.shiftKey ? 5 : 1)));
    });
    this.#handles.push(() => {
      const {now, min, max, text} = value();
      for (const [name, given] of Object.entries({now, min, max, text})) node.setAttribute(`aria-value${name}`, given);
    });
  }

  // Change state, and draw.
  set(changes) {
    Object.assign(this.state, changes);
    this.#strange = [];
    this.refresh();
  }

  refresh() {
    try {
      for (const [key, knob] of this.#knobs) knob.show(this.state[key]);
      this.draw(this.state);
      for (const tell of this.#handles) tell();
    } catch (error) {
      if (!this.#begun) throw error;
      console.warn(`The live figure ${this.name} stops; its still picture comes back.`, error);
      this.leave();
      return;
    }
    if (this.copy) this.copy.textContent = COPY;  // what was copied is another setting now
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), QUIET);
  }

  // What is seen, in words: shown at once, and read out when the hand rests.
  say(text) {
    const asked = this.#strange.join(', ');
    this.#told = asked ? `The address asked for ${asked}, which cannot be; here is the nearest, or the beginning. ${text}` : text;
    this.says.textContent = this.#told;
  }

  caption(text) { this.about = text; }

  #settle() {
    if (!this.#begun) return;
    if (this.voice.textContent !== this.#told) this.voice.textContent = this.#told;
    const address = new URL(location.href);
    for (const [key, knob] of this.#knobs) {
      const text = knob.write(this.state[key]);
      if (text === knob.first) address.searchParams.delete(`${this.place}.${key}`);
      else address.searchParams.set(`${this.place}.${key}`, text);
    }
    this.#go(address);
    return address;
  }

  #go(address) {
    try {
      if (address.href !== location.href) history.replaceState(history.state, '', address);
    } catch (error) {  // a page inside another one keeps its address
      console.info(error.message);
    }
  }

  // The figure is ready: it takes the place of its still picture, which stays for paper.
  begin() {
    this.refresh();
    const first = Object.fromEntries([...this.#knobs].map(([key, knob]) => [key, knob.read(knob.first)]));
    const back = make('button', {type: 'button', class: 'live-button'}, 'Begin again');
    back.addEventListener('click', () => this.set(first));
    const still = make('button', {type: 'button', class: 'live-button'}, 'Still picture');
    still.addEventListener('click', () => {
      still.textContent = this.host.classList.toggle('is-live') ? 'Still picture' : 'Live figure';
    });
    this.tools.append(back);
    if (this.host.id) {
      const copy = this.copy = make('button', {type: 'button', class: 'live-button'}, COPY);
      copy.addEventListener('click', async () => {
        const address = this.#settle();
        address.hash = this.host.id;
        this.#go(address);
        try {
          await navigator.clipboard.writeText(address.href);
          copy.textContent = 'Link copied';
        } catch {  // without HTTPS nothing may be written there
          copy.textContent = location.href === address.href ? 'The address of this page is the link' : 'No link can be made here';
        }
        this.voice.textContent = copy.textContent;
      });
      this.tools.append(copy);
    }
    this.tools.append(still);
    const caption = this.host.querySelector('figcaption');
    const text = caption?.querySelector('.caption-text'), number = caption?.querySelector('.caption-number');
    if (number) this.panel.setAttribute('aria-label', `Live: ${number.textContent.trim()}`);
    this.voice.textContent = this.#told;  // to be read from the beginning: what came later would be called out
    text?.after(make('span', {class: 'live-caption'}, this.about ?? ''));
    this.host.prepend(this.panel, this.tools);
    this.host.dataset.keys = [...this.#knobs.keys()].join(' ');
    this.host.classList.add('is-live');
    this.#begun = true;
  }

  // It failed: what stood there stands.
  leave() {
    clearTimeout(this.#timer);
    this.#begun = false;
    this.panel.remove();
    this.tools.remove();
    this.host.classList.remove('is-live');
  }
}
