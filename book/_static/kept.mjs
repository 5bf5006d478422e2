/* What the reader lets this browser keep of the book: answers to recall questions, chapters that are done. One key, `qlearn`,
   one versioned object; the answers to exercises have keys of their own, `qlearn.exercises.<chapter>` (exercise_box.mjs). Nothing
   is sent anywhere. A browser may refuse to keep: then all works until the page is left, and `lasting()` says so. */
export const KEY = 'qlearn';
export const VERSION = 1;
const EXERCISES = 'qlearn.exercises.';
const DAYS = [1, 3, 7, 21, 60];

const empty = () => ({version: VERSION, spaced: false, recall: {}, chapters: {}});
const plain = value => value !== null && typeof value === 'object' && !Array.isArray(value);
const DAY = /^\d{4}-\d{2}-\d{2}$/;
let memory = empty();  // where a browser keeps nothing
let refused = false;

function store() {
  try {
    return localStorage;
  } catch {  // switched off: the very word raises
    return null;
  }
}

/* Return what is well formed of something kept: it may have been written by hand, or by another edition. */
export function sound(kept) {
  const made = empty();
  if (!plain(kept)) return made;
  made.spaced = kept.spaced === true;
  for (const [name, one] of Object.entries(plain(kept.recall) ? kept.recall : {})) {
    if (!/^recall-[\w-]+$/.test(name) || !plain(one) || !DAY.test(one.on)) continue;
    if (Number.isInteger(one.step) && one.step >= 0 && one.step <= DAYS.length)
      made.recall[name] = {step: one.step, on: one.on, knew: one.knew === true};
  }
  for (const [name, state] of Object.entries(plain(kept.chapters) ? kept.chapters : {}))
    if (/^\w+\/\w+$/.test(name) && state === 'done') made.chapters[name] = state;
  return made;
}

function read() {
  const text = store()?.getItem(KEY);
  if (!text) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/* Whether a later edition of the book wrote what is kept: it is shown as far as it is understood, and not written over. */
export const newer = () => {
  try {
    return read().version > VERSION;
  } catch {
    return false;
  }
};

export function kept() {
  try {
    return refused || !store() ? memory : sound(read());
  } catch {
    return memory;
  }
}

/* Whether what is kept outlives the page. */
export function lasting() {
  if (refused || newer()) return false;
  try {
    const place = store(), probe = `${KEY}.probe`;
    place.setItem(probe, '1');
    place.removeItem(probe);
    return true;
  } catch {
    return false;
  }
}

/* Change what is kept, and tell the page. */
export function keep(change) {
  const now = kept();
  change(now);
  memory = now;
  try {
    if (newer()) throw new Error('of a later edition');
    store().setItem(KEY, JSON.stringify(now));
  } catch {
    refused = true;
  }
  document.dispatchEvent(new Event('kept'));
}

// Days are those of the reader's calendar, not of Greenwich.
export function today(now = new Date()) {
  const two = number => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
export function later(day, days) {
  const [y, m, d] = day.split('-').map(Number);
  return new Date(Date.UTC(y, m - 1, d + days)).toISOString().slice(0, 10);
}

/* The day on which a question comes again: after 1, 3, 7, 21, 60 days. `step` counts the answers known in a row, each on its day. */
export const due = one => later(one.on, DAYS[Math.max(0, one.step - 1)]);

/* What an answer makes of what was known of a question. To know it before its day moves nothing: one sitting is one step. */
export function answered(before, knew, day = today()) {
  if (!knew) return {step: 0, on: day, knew};
  // (a day that is still to come was written by a clock that was ahead)
  if (before && before.step > 0 && day < due(before)) return {...before, on: before.on < day ? before.on : day, knew};
  return {step: Math.min(DAYS.length, (before?.step ?? 0) + 1), on: day, knew};
}

/* What is kept of the exercises: {"communication.bb84": {sift: {answer, solved}}}. */
export function exercises() {
  const found = {};
  try {
    const place = store();
    for (let i = 0; i < place.length; i++) {
      const key = place.key(i);
      if (!key.startsWith(EXERCISES)) continue;
      try {
        const one = JSON.parse(place.getItem(key));
        if (plain(one)) found[key.slice(EXERCISES.length)] = one;
      } catch {}
    }
  } catch {}
  return found;
}

/* All of it as text for a file, back from such a text, and nothing. */
export const exported = () => JSON.stringify({book: KEY, ...kept(), exercises: exercises()}, null, 1);
export function imported(text) {
  let given;
  try {
    given = JSON.parse(text);
  } catch {
    throw new Error('it is no JSON: choose a file that "Save to a file" has made');
  }
  if (!plain(given) || given.book !== KEY || !Number.isInteger(given.version))
    throw new Error('it was not made by this book: choose a file that "Save to a file" has made');
  if (given.version > VERSION) throw new Error('a later edition of the book made it: open it there');
  const answers = plain(given.exercises) ? Object.entries(given.exercises) : [];
  keep(now => Object.assign(now, sound(given)));
  for (const [chapter, one] of answers) {
    if (!/^\w+\.\w+$/.test(chapter) || !plain(one)) continue;
    try {
      store().setItem(EXERCISES + chapter, JSON.stringify(one));
    } catch {}
  }
}
export function erased() {
  try {
    const place = store();
    for (const chapter of Object.keys(exercises())) place.removeItem(EXERCISES + chapter);
    place.removeItem(KEY);
  } catch {}
  memory = empty();
  document.dispatchEvent(new Event('kept'));
}
