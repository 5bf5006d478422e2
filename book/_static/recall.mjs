/* Recall questions come alive: under an answer that was opened, "I knew it" and "Not yet", kept in this browser. Without this
   script a question opens and closes as it is, for it is a <details>. On the page of all questions (recall_page.mjs) it is the same. */
import {answered, due, keep, kept, lasting} from './kept.mjs';

export const make = (tag, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};
export const button = (text, act) => {
  const made = make('button', {type: 'button', textContent: text, className: 'recall-button'});
  made.addEventListener('click', act);
  return made;
};
export const spoken = day => new Date(`${day}T12:00`).toLocaleDateString('en-GB', {day: 'numeric', month: 'long', year: 'numeric'});

/* What is known of one question, in words. */
function words(one) {
  if (!one) return '';
  const said = one.knew ? 'You knew it.' : 'Not yet.';
  if (!lasting()) return `${said} This browser keeps nothing: it is forgotten with this page.`;
  return kept().spaced ? `${said} It comes again on ${spoken(due(one))}.` : `${said} Kept in this browser.`;
}

/* Put the two buttons under the answer of a question. */
export function enliven(question) {
  const name = question.dataset.name ?? question.id;
  const said = make('span', {className: 'recall-said'});
  said.setAttribute('role', 'status');
  const told = knew => () => keep(now => { now.recall[name] = answered(now.recall[name], knew); });
  question.querySelector('.recall-answer').append(
    make('div', {className: 'recall-buttons'}, button('I knew it', told(true)), button('Not yet', told(false)), said));
  const show = () => {
    const one = kept().recall[name];
    said.textContent = words(one);
    question.dataset.known = one ? (one.knew ? 'yes' : 'not yet') : '';
  };
  document.addEventListener('kept', show);
  show();
}

for (const question of document.querySelectorAll('details.recall')) enliven(question);

// A link to one question opens it; on paper all are open.
const named = () => {
  const found = document.getElementById(location.hash.slice(1));
  if (found?.matches('details.recall')) found.open = true;
};
addEventListener('hashchange', named);
named();
