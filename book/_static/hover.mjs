/* Cards over links: a term, a citation, a figure. By mouse, keyboard and finger; without this script the links lead where they lead. */

const WAIT = { open: 300, close: 250 };
const LINKS = 'a.reference[href*="#term-"], a.reference[href*="bibliography.html#"], a.reference[href^="#fig-"]';
const DOI = /\b(doi:|arXiv:)(\S+?)(?=[.,;)]*(?:\s|$))/g;
const WHERE = { "doi:": "https://doi.org/", "arXiv:": "https://arxiv.org/abs/" };

let card, of, timer, touched;
const files = new Map();

/** What the terms mean, from the file beside the glossary; asked for again if the network failed. */
function meanings(glossary) {
  const address = glossary.href.replace(/\.html.*$/, ".json");
  if (!files.has(address)) {
    const asked = fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));
    asked.catch(() => files.delete(address));
    files.set(address, asked);
  }
  return files.get(address);
}

function element(name, ...inside) {
  const made = document.createElement(name);
  made.append(...inside);
  return made;
}

function anchor(href, text) {
  const made = element("a", text);
  made.href = href;
  return made;
}

/** A citation as text whose identifiers are links. */
export function cited(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(DOI)) {
    parts.push(text.slice(at, found.index), anchor(WHERE[found[1]] + found[2], found[0]));
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
}

/** What stands in the card of a link, or nothing. */
async function content(link) {
  const target = new URL(link.href);
  const place = decodeURIComponent(target.hash.slice(1));
  if (place.startsWith("term-")) {
    const text = (await meanings(target))[place];
    if (!text) return null;
    const said = element("span");
    said.innerHTML = text; // of this book
    for (const inner of said.querySelectorAll("a[href]")) inner.href = new URL(inner.getAttribute("href"), target).href;
    return [said, element("span", anchor(link.href, "In the glossary"))];
  }
  if (place.startsWith("fig-")) {
    const figure = document.getElementById(place)?.closest("figure");
    if (!figure?.querySelector("img")) return null;
    const words = figure.querySelector("figcaption")?.textContent.replace(/\s*[#\u00b6]\s*$/, "").trim() ?? "";
    const pictures = [...figure.querySelectorAll("picture, :not(picture) > img")].map((one) => one.cloneNode(true));
    for (const picture of pictures) (picture.querySelector("img") ?? picture).alt = "";
    return [...pictures, element("span", words), element("span", anchor(link.href, "To the figure"))];
  }
  const text = link.title || link.dataset.cited;
  if (!text) return null;
  link.dataset.cited = text;
  link.removeAttribute("title"); // the browser's own card would stand over this one
  return [element("span", ...cited(text)), element("span", anchor(link.href, "In the bibliography"))];
}

function stand() {
  const at = of.getClientRects()[0] ?? of.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const below = at.bottom + 6;
  const room = document.documentElement;
  card.style.left = `${Math.max(8, Math.min(at.left, room.clientWidth - width - 8))}px`;
  card.style.top = `${below + height > room.clientHeight && at.top > height + 6 ? at.top - height - 6 : below}px`;
}

async function open(link) {
  clearTimeout(timer);
  if (of === link) return;
  close();
  of = link;
  const inside = await content(link).catch(() => null);
  if (of !== link) return; // another was asked for meanwhile
  if (!inside) {
    of = null;
    return;
  }
  card.replaceChildren(...inside);
  link.after(card); // so that the keyboard comes to its links next
  link.setAttribute("aria-describedby", card.id);
  card.showPopover();
  stand();
  if (card.querySelector(".math")) window.MathJax?.typesetPromise?.([card]).then(() => of === link && stand());
}

function close() {
  clearTimeout(timer);
  if (card.matches(":popover-open")) card.hidePopover();
  of?.removeAttribute("aria-describedby");
  of = null;
}

const later = (what, wait) => {
  clearTimeout(timer);
  timer = setTimeout(what, wait);
};
const linkOf = (node) => node.closest?.(LINKS);

function begin() {
  card = element("span");
  card.className = "hover-card";
  card.id = "hover-card";
  card.popover = "manual";
  const article = document.querySelector("article.bd-article") ?? document.body;
  article.addEventListener("pointerdown", (event) => (touched = event.pointerType === "touch"));
  article.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (card.contains(event.target)) clearTimeout(timer);
    else if (linkOf(event.target)) later(() => open(linkOf(event.target)), WAIT.open);
  });
  article.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "touch" && (linkOf(event.target) || card.contains(event.target))) later(close, WAIT.close);
  });
  article.addEventListener("focusin", (event) => {
    if (card.contains(event.target)) clearTimeout(timer);
    else if (linkOf(event.target)?.matches(":focus-visible") && !touched) open(linkOf(event.target));
  });
  article.addEventListener("focusout", (event) => {
    if (of && event.relatedTarget !== of && !card.contains(event.relatedTarget) && !touched) close();
  });
  // A finger does not hover: the first tap shows the card, which has the link.
  article.addEventListener("click", (event) => {
    const link = linkOf(event.target);
    if (!link || !touched || card.contains(event.target)) return;
    if (of === link && card.matches(":popover-open")) return;
    const before = link.href;
    event.preventDefault();
    open(link).then(() => of === link || location.assign(before)); // no card, no obstacle
  });
  document.addEventListener("pointerdown", (event) => {
    if (of && !card.contains(event.target) && linkOf(event.target) !== of) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !of) return;
    const back = card.contains(document.activeElement) ? of : null;
    close();
    if (back) {
      touched = true; // the focus that comes back opens nothing
      back.focus();
      touched = false;
    }
  });
  for (const event of ["scroll", "resize"]) addEventListener(event, () => of && card.matches(":popover-open") && stand(), { passive: true, capture: true });
}

if (HTMLElement.prototype.showPopover) begin();
