/* Keys of a reader: the arrows turn the page, and Tab goes through the text, not through its copy buttons.

An arrow belongs to whatever has the focus: a slider, an editor, a table that scrolls. It turns the page only where it
would do nothing: when nothing has the focus, or a link, or the part that the skip link leads to. */

const WAYS = { ArrowRight: 'link[rel="next"]', ArrowLeft: 'link[rel="prev"]' };

export const idle = node => !node || node.matches("body, html, main, a[href]:not([role])") && !node.isContentEditable;

// A page that is wider than the screen, as when it is enlarged, is read with the arrows.
const reads_sideways = () => document.documentElement.scrollWidth > window.innerWidth + 1;

document.addEventListener("keydown", event => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
  const way = WAYS[event.key];
  if (!way || !idle(document.activeElement) || reads_sideways()) return;
  const link = document.querySelector(`head ${way}`);
  if (!link) return;
  event.preventDefault();
  location.assign(link.href);
});

// They are made when the page is there. What a finger or a mouse presses needs no stop of its own between two sentences.
addEventListener("load", () => document.querySelectorAll("button.copybtn").forEach(button => { button.tabIndex = -1; }));
