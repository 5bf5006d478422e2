/* The search page. `search-data.js` brings the sentences of all pages; what is typed is looked for as it is written, and in
   the forms and the spelling of the other side of the Atlantic; pages are shown in the order of how much of their matter
   it is, with the sections, exercises and figures in which it stands. */

const WHOLE = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l" }; // letters that are no other with a mark
const inner = text => text.replace(/(?<=[a-z])(?=[A-Z])/g, " "); // the words that make one name of a class

// Both sides of a comparison go through this: spelling, kets, plurals.
const plain = text => {
  const low = text.toLowerCase().normalize("NFKC").replace(/[\u2018\u2019]/g, "'").replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[ßæœøđł]/g, letter => WHOLE[letter]) // Bruß and Sørensen, Lütkenhaus, Rényi and Cramér
    .replace(/[à-žǎ-ǰ]/g, letter => letter.normalize("NFD")[0]); // by the keys that all keyboards have
  return /[|<⟨]/.test(low) ? kets(low) : low;
};
const kets = text => text
  .replace(/</g, "⟨").replace(/(?<=[|⟨][^|⟨⟩>\s]{1,9})>/g, "⟩").replace(/\\(psi|phi)/g, "$1")
  .replace(/(?<=[|⟨])psi(?=[|⟩^+-])/g, "ψ").replace(/(?<=[|⟨])phi(?=[|⟩^+-])/g, "φ").replace(/ϕ/g, "φ").replace(/(?<=[|⟨][ψφ])\s*\^?\{?(?=[+-])/g, "").replace(/(?<=[|⟨][ψφ][+-])\}/g, "")
  .replace(/⟨\s*[\wψφ]+\s*\|\s*[\wψφ]+\s*⟩/g, found => found.replace(/\s/g, ""));
const spelling = [
  [/^(\w{3,}[^aeiou\W]|\w{2,}[aeiou][lnrmt]|\w{4,})iz(e|ed|er|es|ers|ing|able|ation|ations)$/, "$1is$2"],
  [/^fiber(s?)$/, "fibre$1"], [/^center(s|ed)?$/, "centre$1"], [/olor(s|ed|ing|less)?$/, "olour$1"],
  [/avior(s|al)?$/, "aviour$1"], [/eighbor/, "eighbour"], [/^(\w*)(el|al)(ing|ed|er)$/, "$1$2l$3"], [/lyz/, "lys"],
  [/^(fav|flav|lab|hon|vap|harb)or(?=(s|ed|ing|able)?$)/, "$1our"], [/^defense/, "defence"], [/^analog$/, "analogue"], [/^meter(s?)$/, "metre$1"],
];
const endings = [
  [/(?:'s|')$/, ""], [/ies$/, "y"], [/(ss|x|ch|sh)es$/, "$1"], [/([^su])s$/, "$1"], [/isation$/, "ise"], [/ising$/, "ise"],
  [/ised$/, "ise"], [/([^aeiou])\1(ing|ed)$/, "$1"], [/([a-z]{3,}[^e])(ing|ed)$/, "$1"], [/([a-z]{4,})e$/, "$1"],
  [/([a-z]{4,})(ence|ency|ent|ance|ancy|ant)$/, "$1"], [/([a-z]{3,})ations?$/, "$1at"], [/([a-z]{4,})ion$/, "$1"], [/([a-z]{4,})(al|ly)$/, "$1"],
];
const roots = new Map();
const root = word => {
  if (!roots.has(word)) {
    let short = word;
    if (/^[a-z']{4,}$/.test(word)) {
      for (const [from, to] of spelling) short = short.replace(from, to);
      for (const [from, to] of endings) if (short.length > 3) short = short.replace(from, to);
    }
    roots.set(word, short);
  }
  return roots.get(word);
};
const WORD = /[|⟨][^\s|⟨⟩]{1,6}(?:\|[^\s|⟨⟩]{1,6})?⟩|[\p{L}\p{N}]+(?:['.](?=[\p{L}\p{N}])[\p{L}\p{N}]+)*/gu;
// A product of a bra and a ket is found as it stands and, by letters that the book may not use, as any such product.
const wordsOf = text => (plain(text).match(WORD) ?? []).flatMap(word => /^⟨.+\|.+⟩$/.test(word) ? [word, "⟨|⟩"] : [root(word)]);

// What is asked for under another name than the one that the book writes out.
const NAMES = {
  qkd: "quantum key distribution", qber: "error rate", otp: "one time pad", vqc: "variational circuit", qnn: "quantum neural network",
  pqc: "post quantum", qrng: "quantum random number", qml: "quantum learning", pns: "photon number splitting", cvqkd: "continuous variable",
  mdi: "measurement device independent", diqkd: "device independent", fedavg: "federated averaging", gnn: "graph network",
  e91: "ekert", svm: "support vector machine", qsvm: "support vector machine", rl: "reinforcement", kd: "distillation", fl: "federated",
};
const IDLE = new Set(["a", "an", "and", "are", "as", "at", "by", "do", "does", "for", "from", "how", "in", "is", "it", "of", "on", "or", "the", "to",
  "what", "why", "with", "which", "when", "who"].map(root));

// How much a word weighs by where it stands, and a page by what it is for.
const PLACE = { top: 1.3, section: 1, exercise: 0.8, figure: 1, term: 1, name: 1 };
const PAGE = { chapter: 1, page: 0.45, library: 0.4 };

// The words of a heading; of a function the last of its name, for the others are those of the page.
const nameOf = at => at.split(".").slice(-2).join(".");
const headOf = (pages, [page, at, kind, title]) => wordsOf(
  kind === "top" ? pages[page][1].replace(/[._]/g, " ") : kind === "name" ? inner(nameOf(at).replace(/[._]/g, " ")) : title);

const prepare = ({ pages, parts }) => {
  const index = new Map(), lengths = [];
  let prose = 0;
  const add = (word, part, weight) => {
    if (!index.has(word)) index.set(word, new Map());
    const found = index.get(word);
    found.set(part, (found.get(part) ?? 0) + weight);
  };
  parts.forEach(([page, , kind, title, text], part) => {
    const words = wordsOf(text);
    lengths.push(words.length);
    if (kind !== "name") prose += 1;
    for (const word of words) add(word, part, 1);
    for (const word of headOf(pages, parts[part])) add(word, part, kind === "top" ? 12 : 5);
  });
  const mean = lengths.reduce((sum, length) => sum + length, 0) / (lengths.length || 1);
  return { pages, parts, index, lengths, mean, prose, rare: new Map(), sorted: [...index.keys()].sort(), texts: [] };
};

// The words of the index that a word of the question stands for: itself, and the longer ones that begin with it.
const forms = (data, word, last) => {
  const found = new Map();
  if (data.index.has(word)) found.set(word, 1);
  if (word.length >= (last ? 3 : 4) && /^[\p{L}\p{N}]+$/u.test(word)) {
    let low = 0, high = data.sorted.length;
    while (low < high) { const middle = (low + high) >> 1; if (data.sorted[middle] < word) low = middle + 1; else high = middle; }
    for (let k = low; k < data.sorted.length && data.sorted[k].startsWith(word); k++)
      if (data.sorted[k] !== word) found.set(data.sorted[k], Math.max(0.25, word.length / data.sorted[k].length - 0.1));
  }
  return found;
};

// How telling a word is: in how few places of the prose it stands. Names of functions say nothing of that.
const rarity = (data, word) => {
  if (!data.rare.has(word)) {
    let places = 0;
    for (const part of data.index.get(word).keys()) if (data.parts[part][2] !== "name") places += 1;
    data.rare.set(word, Math.log(1 + (data.prose - places + 0.5) / (places + 0.5)));
  }
  return data.rare.get(word);
};

const phraseIn = (data, part, words) => {
  data.texts[part] ??= ` ${headOf(data.pages, data.parts[part]).join(" ")} . ${wordsOf(data.parts[part][4]).join(" ")} `;
  return data.texts[part].split(` ${words.join(" ")}`).length - 1;
};

const tellingOf = question => {
  const words = wordsOf(question), telling = words.filter(word => !IDLE.has(word));
  return telling.length ? telling : words;
};

const ask = (data, question) => {
  const open = question.replace(/(?<![|⟨<])[-_](?![⟩>])/g, " "); // (the minus of |-> stays)
  const words = tellingOf(open);
  const long = word => NAMES[word] ? wordsOf(NAMES[word]) : [word];
  const asked = [words];
  if (words.some(word => NAMES[word])) asked.push(words.flatMap(long));
  if (words.filter(word => NAMES[word]).length > 1) words.forEach((_, n) => asked.push(words.flatMap((word, k) => k === n ? long(word) : [word])));
  if (inner(open) !== open) asked.push(tellingOf(inner(open)));
  const scores = new Map();
  asked.forEach((list, way) => {
    const here = new Map(), met = new Map();
    list.forEach((word, place) => {
      const found = new Map();
      for (const [form, near] of forms(data, word, place === list.length - 1)) {
        const where = data.index.get(form);
        const rare = rarity(data, form);
        for (const [part, count] of where) {
          const often = count * 2.2 / (count + 1.2 * (0.35 + 0.65 * data.lengths[part] / data.mean));
          found.set(part, Math.max(found.get(part) ?? 0, near * rare * often));
        }
      }
      for (const [part, score] of found) {
        here.set(part, (here.get(part) ?? 0) + score);
        met.set(part, (met.get(part) ?? 0) + 1);
      }
    });
    for (const [part, score] of here) {
      const share = met.get(part) / list.length;
      let worth = score * share * share;
      if (list.length > 1 && share === 1) worth *= 1 + 0.6 * Math.min(3, phraseIn(data, part, list));
      scores.set(part, Math.max(scores.get(part) ?? 0, worth * (way ? 0.8 : 1)));
    }
  });
  const groups = new Map();
  for (const [part, score] of scores) {
    const [page, , kind] = data.parts[part];
    if (!groups.has(page)) groups.set(page, []);
    groups.get(page).push([score * (PLACE[kind] ?? 1), part]);
  }
  // A term of the glossary names the pages that teach it: what it is worth, they are worth.
  const taught = new Map();
  for (const [part, score] of scores) {
    const [, , kind, title, , teach = []] = data.parts[part];
    if (kind !== "term") continue;
    const name = wordsOf(title.replace(/[-_]/g, " "));
    const whole = asked.some(list => list.every(word => name.some(other => other.startsWith(word))));
    const same = whole && asked.some(list => list.length === name.length);
    // (a term of several words may stand among others: "device independent qkd")
    const among = name.length > 1 && asked.some(list => name.every(other => list.some(word => other.startsWith(word))));
    if (whole || among) teach.forEach((page, n) => taught.set(page, Math.max(taught.get(page) ?? 0, score * (same ? 1 : 0.4) / (1 + 0.15 * n))));
  }
  const results = [];
  for (const page of new Set([...groups.keys(), ...taught.keys()])) {
    const parts = (groups.get(page) ?? []).sort((a, b) => b[0] - a[0]);
    // The best place counts whole, others less and less: a page that treats of it says it in many places.
    const own = parts.slice(0, 8).reduce((sum, [score], n) => sum + score / (1 + n), 0);
    results.push({ page, parts, score: own * PAGE[data.pages[page][2]] + 1.2 * (taught.get(page) ?? 0) });
  }
  return { words: asked.flat(), results: results.sort((a, b) => b.score - a.score) };
};

// The sentence that says most of what was asked; the first words of a place that says none.
const excerpt = (data, part, words) => {
  const text = data.parts[part][4];
  const sentences = text.match(/[^.!?]+(?:[.!?](?!\s)[^.!?]*)*[.!?]*\s*/g) ?? [text];
  const said = sentences.map(sentence => {
    const there = wordsOf(sentence);
    return words.filter(word => there.some(other => other.startsWith(word))).length / Math.sqrt(4 + there.length / 8);
  });
  let best = said.indexOf(Math.max(...said));
  let shown = sentences[best] ?? "";
  while (shown.length < 90 && best + 1 < sentences.length) shown += sentences[++best];
  return shown.length > 260 ? `${shown.slice(0, 260).replace(/\s+\S*$/, "")} ...` : shown.trim();
};

const element = (name, props = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(props)) if (value) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const marked = (text, words) => {
  const pieces = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(/[|⟨<][^\s|⟨⟩<>]{1,6}(?:\|[^\s|⟨⟩<>]{1,6})?[⟩>]|[\p{L}\p{N}]+/gu)) {
    const [form = ""] = wordsOf(word);
    if (!words.some(asked => form.startsWith(asked))) continue;
    pieces.push(text.slice(end, index), element("mark", {}, word));
    end = index + word.length;
  }
  return [...pieces, text.slice(end)];
};

const address = (data, part) => {
  const [page, at] = data.parts[part];
  return `${data.pages[page][0]}.html${at ? `#${at}` : ""}`;
};

const KINDS = { exercise: "exercise", figure: "figure", term: "glossary", name: "function" };

const show = (data, { words, results }, place, from, count) => {
  for (const { page, parts } of results.slice(from, from + count)) {
    const [name, title] = data.pages[page];
    const [first] = parts;
    const item = element("li", { class: "found" }, element("a", { href: `${name}.html` }, ...marked(title, words)));
    if (first) item.append(element("p", { class: "context" }, ...marked(excerpt(data, first[1], words), words)));
    const inside = parts.filter(([, part]) => data.parts[part][1]).slice(0, 4);
    if (inside.length) {
      item.append(element("ul", { class: "places" }, ...inside.map(([, part]) => {
        const [, at, kind, heading, text] = data.parts[part];
        const said = kind === "name" ? nameOf(at) : kind === "figure" ? `${heading}: ${text.split(/(?<=\.)\s/)[0].slice(0, 90)}` : heading;
        return element("li", {}, element("a", { href: address(data, part) }, ...marked(said, words)), ...(KINDS[kind] ? [` (${KINDS[kind]})`] : []));
      })));
    }
    place.append(item);
  }
};

const AT_ONCE = 12;
const search = () => {
  const place = document.getElementById("search-results");
  const question = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  document.querySelectorAll("form.bd-search input[name=q], #search-input").forEach(input => { input.value = question; });
  if (!place || !question) return;
  document.title = `${question} - ${document.title}`;
  const data = prepare(searchData), found = ask(data, question), number = found.results.length;
  const status = element("p", { class: "search-summary", role: "status" });
  status.textContent = number
    ? `Search finished, found ${number} page${number === 1 ? "" : "s"}.`
    : "Search finished: nothing found. Fewer words, or another form of them, may find more; the glossary and the index list what there is.";
  const list = element("ol", { class: "search" });
  place.replaceChildren(element("h2", {}, "Search results"), status, list);
  show(data, found, list, 0, AT_ONCE);
  if (number > AT_ONCE) {
    const more = element("button", { type: "button" }, `Show all ${number}`);
    more.addEventListener("click", () => { more.remove(); show(data, found, list, AT_ONCE, number); });
    place.append(more);
  }
};
if (typeof document !== "undefined") document.addEventListener("DOMContentLoaded", search);
if (typeof module !== "undefined") module.exports = { prepare, ask, excerpt, wordsOf };
