/* What the reader has done. At the end of a chapter: a button that marks it. On the course map: done, begun and open next, in the
   graph and in the list. Kept in this browser (kept.mjs), never set by itself: a chapter is begun when a question or an exercise of it
   was answered, done when its reader says so or has solved all its exercises. */
import {exercises, keep, kept, lasting} from './kept.mjs';

const make = (tag, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};

/* Return done or begun, or nothing, for each chapter; `all` maps a chapter to how many exercises it has. */
export function states(all) {
  const now = kept(), solved = exercises(), found = {};
  const stems = Object.keys(all).map(chapter => [chapter, `recall-${chapter.split('/')[1].replaceAll('_', '-')}-`])
    .sort((a, b) => b[1].length - a[1].length);  // a longer name first: superdense-link is not superdense
  for (const name of Object.keys(now.recall)) {
    const asked = stems.find(([, stem]) => name.startsWith(stem));
    if (asked) found[asked[0]] = 'begun';
  }
  for (const [chapter, count] of Object.entries(all)) {
    const answers = Object.values(solved[chapter.replace('/', '.')] ?? {}).filter(one => one?.solved || one?.answer);
    if (answers.length) found[chapter] = 'begun';
    if (count && answers.filter(one => one.solved).length >= count) found[chapter] = 'done';
    if (now.chapters[chapter]) found[chapter] = 'done';
  }
  return found;
}

/* Return the chapters that are not done and whose needs all are. */
export const open = (found, needs) => Object.keys(needs).filter(
  chapter => found[chapter] !== 'done' && needs[chapter].every(need => found[need] === 'done'));

const MARKS = {done: '✓', begun: '…', next: '→'};
const SAID = {done: 'done', begun: 'begun', next: 'open next'};

function onTheMap(drawing, list) {
  const places = [...drawing.querySelectorAll('a[data-chapter]')];
  const all = Object.fromEntries(places.map(place => [place.dataset.chapter, Number(place.dataset.exercises)]));
  const needs = Object.fromEntries(places.map(place => [place.dataset.chapter, []]));
  const arrows = [...drawing.querySelectorAll('path[data-to]')];
  for (const {dataset} of arrows) needs[dataset.to].push(dataset.from);
  const titles = Object.fromEntries(places.map(place => [place.dataset.chapter, place.getAttribute('aria-label').split(',')[0]]));
  const told = new Map(places.map(place => [place, place.getAttribute('aria-label')]));
  const lines = new Map([...list.querySelectorAll('a')].map(link => [
    new URL(link.href).pathname.split('/').slice(-2).join('/').replace(/\.html$/, ''), link]));
  const words = make('p', {className: 'course-progress'});
  words.setAttribute('role', 'status');
  (drawing.closest('.course-drawing') ?? drawing).before(words);

  const show = () => {
    const found = states(all), next = open(found, needs), count = Object.values(found).filter(state => state === 'done').length;
    for (const place of places) {
      const {chapter} = place.dataset, state = next.includes(chapter) && found[chapter] !== 'begun' ? 'next' : found[chapter] ?? '';
      place.dataset.state = state;
      place.dataset.open = next.includes(chapter) ? 'yes' : '';
      place.querySelector('.course-state').textContent = MARKS[state] ?? '';
      place.setAttribute('aria-label', told.get(place) + (state ? `: ${SAID[state]}` : ''));
      const line = lines.get(chapter);
      line?.parentElement.querySelector('.course-mark')?.remove();
      if (state && line) line.after(make('span', {className: 'course-mark', textContent: ` ${MARKS[state]} ${SAID[state]}`}));
    }
    const links = next.slice(0, 6).map(chapter => make('a', {
      href: places.find(place => place.dataset.chapter === chapter).getAttribute('href') ?? '#', textContent: titles[chapter]}));
    words.replaceChildren(count ? `${count} of ${places.length} chapters done. Open next: ` : 'The first one: ',
      ...links.flatMap((link, i) => (i ? [', ', link] : [link])), next.length > links.length ? ' and others.' : '.');
    if (count === places.length) words.textContent = `All ${count} chapters done.`;
  };
  // Who points at a chapter sees all that leads to it.
  const light = chapter => {
    const seen = new Set(chapter ? [chapter] : []);
    for (const one of seen) needs[one].forEach(need => seen.add(need));
    for (const arrow of arrows) arrow.classList.toggle('lit', seen.has(arrow.dataset.to));
    for (const place of places) place.classList.toggle('lit', seen.has(place.dataset.chapter));
    drawing.classList.toggle('lighting', Boolean(chapter));
  };
  for (const place of places) {
    for (const type of ['pointerenter', 'focus']) place.addEventListener(type, () => light(place.dataset.chapter));
    for (const type of ['pointerleave', 'blur']) place.addEventListener(type, () => light(null));
  }
  document.addEventListener('kept', show);
  addEventListener('storage', show);
  show();
}

function atTheEnd({chapter, map, exercises: count}) {
  const mark = make('button', {type: 'button', className: 'recall-button'});
  const words = make('span', {className: 'recall-said'});
  words.setAttribute('role', 'status');
  const link = make('a', {href: map, textContent: 'the course map'});
  mark.addEventListener('click', () => keep(now => {
    if (now.chapters[chapter]) delete now.chapters[chapter];
    else now.chapters[chapter] = 'done';
  }));
  const show = () => {
    const marked = Boolean(kept().chapters[chapter]), state = states({[chapter]: Number(count)})[chapter];
    mark.textContent = marked ? 'Not done after all' : 'I have done this chapter';
    if (!marked && state !== 'done') words.replaceChildren();
    else {
      const why = marked ? 'Done' : 'All exercises solved';
      words.replaceChildren(`${why}${lasting() ? '' : ', until this page is left: this browser keeps nothing'}. What is open next: `, link, '.');
    }
  };
  document.querySelector('article.bd-article').append(make('div', {className: 'recall-buttons chapter-done'}, mark, words));
  document.addEventListener('kept', show);
  show();
}

const setup = document.getElementById('progress-setup')?.dataset;
const drawing = document.querySelector('svg.course-graph');
if (drawing) onTheMap(drawing, document.querySelector('.course-steps'));
else if (setup?.chapter) atTheEnd(setup);
