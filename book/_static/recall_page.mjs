/* The page of all recall questions: what is due today, what was not known yet, or a chapter's. The questions are loaded when
   there is one to show. Without this script the page has a link to the questions of each chapter. */
import {due, erased, exported, imported, keep, kept, lasting, newer, today} from './kept.mjs';
import {button, enliven, make} from './recall.mjs';

const AT_ONCE = 10;
const root = new URL('../', import.meta.url);
const list = document.querySelector('ul.recall-chapters');
const chapters = [...list.querySelectorAll('a')].map(link => ({
  chapter: new URL(link.href).pathname.split('/').slice(-2).join('/').replace(/\.html$/, ''), title: link.textContent}));

const spaced = make('input', {type: 'checkbox'});
const choice = make('select');
choice.append(new Option('due today', 'due'), new Option('not known yet', 'not yet'));
for (const {chapter, title} of chapters) choice.append(new Option(title, chapter));
const bar = make('div', {className: 'recall-choice'},
  make('label', {}, 'Show', choice), make('label', {}, spaced, 'Let questions come again after 1, 3, 7, 21 and 60 days'));
const told = make('p', {className: 'recall-hint'});
told.setAttribute('role', 'status');
const place = make('div', {className: 'recall-cards'});
place.dataset.mathjax = document.getElementById('recall-setup').dataset.mathjax;
list.before(bar, told, place);

let all;  // a promise of the questions, by name
const load = () => all ??= fetch(new URL('recall.json', import.meta.url)).then(answer => {
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}).catch(error => { all = undefined; throw error; });

function wanted() {
  const {recall} = kept(), now = today();
  if (choice.value === 'due')
    return Object.keys(recall).filter(name => due(recall[name]) <= now).sort((a, b) => (due(recall[a]) < due(recall[b]) ? -1 : 1));
  if (choice.value === 'not yet') return Object.keys(recall).filter(name => !recall[name].knew);
  return null;  // all of a chapter
}

function card(chapter, question) {
  const box = make('details', {className: 'recall'});
  box.dataset.name = question.name;
  const from = make('a', {href: `${new URL(`${chapter.chapter}.html`, root)}#${question.name}`, textContent: chapter.title});
  // Of our own pages, made by the build: the same HTML that stands in the chapter.
  box.innerHTML = `<summary>${question.asks}</summary>${question.answer}`;
  for (const link of box.querySelectorAll('a[href]')) link.href = new URL(link.getAttribute('href'), root);
  box.querySelector('.recall-answer').append(make('p', {className: 'recall-from'}, from));
  enliven(box);
  return box;
}

// Formulas: MathJax comes with the first question that has one, as Sphinx would have loaded it with the page.
let mathjax;
async function typeset(cards) {
  if (!cards.some(one => one.querySelector('.math'))) return;
  mathjax ??= window.MathJax?.startup ? Promise.resolve() : new Promise((done, failed) => {
    window.MathJax = {options: {processHtmlClass: 'math', ignoreHtmlClass: '.*'}, startup: {typeset: false}};
    document.head.append(make('script', {src: place.dataset.mathjax, onload: done, onerror: failed}));
  });
  try {
    await mathjax;
    await window.MathJax.startup.promise;
    await window.MathJax.typesetPromise(cards);
  } catch {}  // the formulas stay as they are written
}

const empty = {
  due: 'Nothing is due today.',
  'not yet': 'Of what you have answered there is nothing that you did not know.',
};

async function show() {
  spaced.checked = kept().spaced;
  const names = wanted(), many = Object.keys(kept().recall).length;
  place.replaceChildren();
  if (names && !names.length) {
    told.textContent = many ? empty[choice.value] : 'You have not answered any question yet. Choose a chapter, or begin at the end of one that you have read.';
    if (choice.value === 'due' && many && !kept().spaced) told.textContent = 'Questions come again if you let them: the box above.';
    return;
  }
  if (choice.value === 'due' && !kept().spaced) {
    told.textContent = 'Questions come again if you let them: the box above.';
    return;
  }
  told.textContent = 'Loading the questions ...';
  let found;
  try {
    found = await load();
  } catch (error) {
    told.textContent = `The questions did not load (${error.message}). They stand at the end of each chapter: the list below.`;
    return;
  }
  const known = new Map(found.flatMap(chapter => chapter.questions.map(question => [question.name, [chapter, question]])));
  const pairs = names ? names.filter(name => known.has(name)).map(name => known.get(name))
    : [...known.values()].filter(([chapter]) => chapter.chapter === choice.value);
  told.textContent = pairs.length === 1 ? '1 question.' : `${pairs.length} questions.`;
  let shown = 0;
  const more = button('Show more', () => next());
  const next = () => {
    const cards = pairs.slice(shown, shown + AT_ONCE).map(pair => card(...pair));
    shown += cards.length;
    more.remove();
    place.append(...cards);
    if (shown < pairs.length) place.append(more);
    typeset(cards);
  };
  next();
}

choice.addEventListener('change', show);
spaced.addEventListener('change', () => {
  keep(now => { now.spaced = spaced.checked; });
  show();
});
if (chapters.some(({chapter}) => chapter === location.search.slice(1))) choice.value = location.search.slice(1);
show();

// To take along, to bring back, to forget.
const row = document.querySelector('.kept-buttons');
const said = make('span', {className: 'kept-said'});
said.setAttribute('role', 'status');
const say = words => { said.textContent = words; };
const file = make('input', {type: 'file', accept: '.json,application/json', hidden: true});
file.addEventListener('change', async () => {
  const [one] = file.files;
  file.value = '';
  if (!one) return;
  try {
    imported(await one.text());
    say('Read. It has taken the place of what was kept here; answers to exercises of other chapters stay.');
    show();
  } catch (error) {
    say(`The file was not read: ${error.message}.`);
  }
});
row.replaceChildren(
  button('Save to a file', () => {
    const link = make('a', {href: URL.createObjectURL(new Blob([exported()], {type: 'application/json'})), download: `qlearn-${today()}.json`});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    say('Saved.');
  }),
  button('Read a file', () => file.click()),
  button('Erase all', () => {
    if (!confirm('Erase what this browser keeps of this book: answers to questions and exercises, chapters marked as done?')) return;
    erased();
    say('Erased.');
    show();
  }), file, said);
row.classList.add('recall-buttons');
if (newer()) say('A later edition of the book has written here: what you do is forgotten with this page.');
else if (!lasting()) say('This browser keeps nothing here: what you do is forgotten with this page. Save it to a file first.');
