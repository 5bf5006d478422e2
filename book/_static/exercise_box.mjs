// The boxes of a page's exercises come alive: an editor in the place of the stub, a check by Python in this very page, and
// answers that are kept in the reader's browser. Nothing is loaded before the first check.

const setup = JSON.parse(document.getElementById('exercise-setup').dataset.setup);
// An answer may run so long; a slow machine may be given more: bb84.html?seconds=60
const SECONDS = Number(new URLSearchParams(location.search).get('seconds')) || 10;

const make = (tag, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};
const button = text => make('button', {type: 'button', textContent: text, className: 'exercise-button'});
const megabytes = bytes => `${Math.max(1, Math.round(bytes / 1e6))} MB`;

// What the reader has done, a key for each chapter: {sift: {answer: "def ...", solved: true}}. A browser may refuse to keep it.
const keyOf = chapter => `qlearn.exercises.${chapter}`;
function recall(chapter) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(chapter))) ?? {};
  } catch {
    return {};
  }
}
function keep(name, change) {
  const kept = recall(setup.chapter);
  kept[name] = {...kept[name], ...change};
  try {
    localStorage.setItem(keyOf(setup.chapter), JSON.stringify(kept));
  } catch {}
}

// Python: one at a time, started by the first check, ended with what never ends.
class Stopped extends Error {}
class Python {
  #worker;
  #abandon = () => {};
  #here = new Set();  // the packages that have arrived; '' is Python itself

  // What an exercise still has to load, in bytes.
  toLoad(name) {
    return ['', ...setup.exercises[name]].filter(part => !this.#here.has(part))
      .reduce((bytes, part) => bytes + setup.sizes[part], 0);
  }

  #start() {
    const worker = new Worker(new URL(`exercise_worker.mjs?v=${setup.version}`, import.meta.url), {type: 'module'});
    worker.addEventListener('message', ({data}) => {
      for (const part of worker === this.#worker && data.arrived || []) this.#here.add(part);
      if (data.arrived) document.dispatchEvent(new Event('exercise-rest'));
    });
    return worker;
  }

  #ask(name, source) {
    this.#worker ??= this.#start();
    const {chapter, lock, given, exercises} = setup;
    this.#worker.postMessage({chapter, lock, given, packages: exercises[name], name: source && name, source});
    return this.#worker;
  }

  // Judge an answer; `tell` hears which share has arrived, and when the answer begins to run.
  judge(name, source, tell) {
    return new Promise((done, failed) => {
      const wanted = this.toLoad(name), worker = this.#ask(name, source);
      let late, base;
      const over = (settle, what) => { clearTimeout(late); worker.onmessage = null; settle(what); };
      const lost = what => {  // with whatever the answer has done to it; the words are those of `judge`
        over(done, {passed: false, message: `your code ${what}.`});
        this.end();
        this.#ask(name);  // its files are at hand now: the next answer need not wait for it
      };
      this.#abandon = error => over(failed, error);
      worker.onerror = () => { this.end(); over(failed, new Error('its files do not load')); };
      worker.onmessage = ({data}) => {
        if (data.loaded) tell({share: (data.loaded - (base ??= data.loaded)) / (wanted || Infinity)});
        if (data.arrived) tell({arrived: true});
        if (data.begun) {
          tell({begun: true});
          late = setTimeout(() => lost(`ran for more than ${SECONDS} s: does a loop in it never end`), SECONDS * 1000);
        }
        if (data.verdict) over(done, data.verdict);
        if (data.failed && late) lost('ended the process it ran in');
        else if (data.failed) {
          this.end();
          over(failed, new Error(data.failed));
        }
      };
    });
  }

  end() {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#here.clear();
  }

  stop() {
    this.end();
    this.#abandon(new Stopped());
  }
}

const python = new Python();
let before = Promise.resolve();  // two checks follow each other

// A text area in which Tab indents, Enter keeps the indentation, and Escape, then Tab, leaves.
function editor(label, text) {
  const area = make('textarea', {value: text, spellcheck: false, wrap: 'off', className: 'exercise-editor'});
  area.setAttribute('aria-label', label);
  for (const off of ['autocapitalize', 'autocomplete', 'autocorrect']) area.setAttribute(off, 'off');
  const fit = () => { area.rows = Math.max(2, area.value.split('\n').length); };
  const type = words => {  // as if typed, so that it can be undone
    if (!document.execCommand('insertText', false, words)) area.setRangeText(words, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input'));
  };
  let leaving = false;
  area.addEventListener('input', fit);
  area.addEventListener('keydown', event => {
    if (event.key === 'Tab' && !leaving && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      const start = area.value.lastIndexOf('\n', area.selectionStart - 1) + 1;
      if (!event.shiftKey) type('    ');
      else if (/^ {1,4}/.test(area.value.slice(start))) {
        const at = area.selectionStart, width = area.value.slice(start).match(/^ {1,4}/)[0].length;
        area.setSelectionRange(start, start + width);
        type('');
        area.setSelectionRange(Math.max(start, at - width), Math.max(start, at - width));
      }
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const line = area.value.slice(area.value.lastIndexOf('\n', area.selectionStart - 1) + 1, area.selectionStart);
      type('\n' + line.match(/^ */)[0] + (/:\s*$/.test(line) ? '    ' : ''));
    }
    if (event.key !== 'Shift') leaving = event.key === 'Escape';
  });
  area.addEventListener('blur', () => { leaving = false; });
  fit();
  return Object.assign(area, {fit, replaceAll(words) { area.focus(); area.select(); type(words); fit(); }});
}

// A verdict's words, with `code` as code.
function say(place, word, message, kind) {
  const words = message.split('`').map((part, i) => (i % 2 ? make('code', {textContent: part}) : part));
  place.replaceChildren(make('strong', {textContent: `${word}:`}), ' ', ...words);
  place.dataset.kind = kind;
}

function enliven(section) {
  const name = nameOf(section);
  const title = section.querySelector('h3').firstChild.textContent.trim();
  const stub = section.querySelector('.exercise-answer pre').textContent.trimEnd();
  const kept = recall(setup.chapter)[name] ?? {};
  const area = editor(`Your answer to ${title}`, kept.answer ?? stub);
  const check = button('Check'), again = button('Start again'), stop = button('Stop');
  check.classList.add('exercise-check');
  stop.hidden = true;
  const hint = make('span', {className: 'exercise-hint', id: `${section.id}-hint`});
  const bar = make('progress', {hidden: true, max: 1});
  bar.setAttribute('aria-label', 'Python arrives');
  const verdict = make('div', {className: 'exercise-verdict'});
  verdict.setAttribute('role', 'status');
  area.setAttribute('aria-describedby', hint.id);
  section.querySelector('.exercise-answer').replaceChildren(
    area, make('div', {className: 'exercise-buttons'}, check, stop, again, bar, hint), verdict);

  const rest = () => {
    const bytes = python.toLoad(name);
    hint.textContent = bytes ? `To check, this page loads ${megabytes(bytes)} of Python.`
      : 'Ctrl+Enter checks; Tab indents; Esc, then Tab, leaves.';
  };
  const solved = yes => { section.classList.toggle('exercise-solved', yes); };
  const silence = () => { verdict.replaceChildren(); delete verdict.dataset.kind; };
  area.addEventListener('input', () => keep(name, {answer: area.value}));

  async function run() {
    if (check.disabled) return;
    check.disabled = true;
    stop.hidden = false;
    silence();
    const bytes = python.toLoad(name);
    hint.textContent = bytes ? `Loading ${megabytes(bytes)} ...` : 'Checking ...';
    bar.hidden = !bytes;
    bar.value = 0;
    const tell = ({share, arrived, begun}) => {
      if (share) bar.value = Math.min(1, share);
      if (arrived && bytes) hint.textContent = 'Starting Python ...';
      if (arrived) bar.removeAttribute('value');
      if (begun) {
        bar.hidden = true;
        hint.textContent = 'Checking ...';
      }
    };
    const mine = before.then(() => python.judge(name, area.value, tell));
    before = mine.catch(() => {});
    try {
      const {passed, message} = await mine;
      say(verdict, passed ? 'Right' : 'Not yet', message, passed ? 'right' : 'wrong');
      if (passed) {
        keep(name, {answer: area.value, solved: true});
        solved(true);
        count();
      }
    } catch (error) {
      if (error instanceof Stopped) say(verdict, 'Stopped', 'nothing was judged.', 'none');
      else say(verdict, 'Python does not run in this page', `${error.message}. The links below lead to a notebook.`, 'none');
    }
    check.disabled = false;
    if (document.activeElement === stop) check.focus();
    stop.hidden = bar.hidden = true;
    document.dispatchEvent(new Event('exercise-rest'));  // what one has loaded, another need not
  }
  check.addEventListener('click', run);
  stop.addEventListener('click', () => python.stop());
  again.addEventListener('click', () => {
    area.replaceAll(stub);
    keep(name, {answer: undefined});
    silence();
  });
  area.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run();
  });
  document.addEventListener('exercise-rest', () => check.disabled || rest());
  solved(Boolean(kept.solved));
  rest();
  return {forget() { area.value = stub; area.fit(); solved(false); silence(); }};
}

let count = () => {};
const nameOf = section => section.id.slice('exercise-'.length);
const sections = [...document.querySelectorAll('section.exercise')].filter(section => nameOf(section) in (setup.exercises ?? {}));
if (sections.length) {
  const boxes = sections.map(enliven);
  const words = make('span');
  const clear = button('Clear my answers');
  const line = make('p', {className: 'exercise-progress'}, words, ' ', clear);
  sections[0].before(line);
  count = () => {
    const done = sections.filter(section => section.classList.contains('exercise-solved')).length;
    words.textContent = `${done} of ${sections.length} solved. What you write is kept in this browser.`;
  };
  clear.addEventListener('click', () => {
    if (!confirm('Forget your answers to the exercises of this chapter?')) return;
    try {
      localStorage.removeItem(keyOf(setup.chapter));
    } catch {}
    boxes.forEach(box => box.forget());
    count();
  });
  count();
}

// The list of all exercises shows which are solved.
for (const link of document.querySelectorAll('.exercise-list a[href*="#exercise-"]')) {
  const {pathname, hash} = new URL(link.href);
  const chapter = pathname.split('/').slice(-2).join('.').replace(/\.html$/, '');
  if (recall(chapter)[hash.slice('#exercise-'.length)]?.solved) link.after(' ', make('span', {className: 'exercise-mark', textContent: 'solved'}));
}
