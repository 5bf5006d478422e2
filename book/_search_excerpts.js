/* The search page: excerpts are sentences. Code, formulas and what stands around the text is no help there. */
const sentences = (html, anchor) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const article = page.querySelector("article.bd-article") ?? page.querySelector("[role=main]") ?? page.body;
  const noise = ".headerlink, script, style, .highlight, .output, .math, mjx-container, details, table, nav, .chapter-card";
  article.querySelectorAll(noise).forEach((element) => element.remove());
  const part = anchor && article.querySelector(`[id="${CSS.escape(anchor.replace(/^#/, ""))}"]`);
  return (part || article).textContent.replace(/\s+/g, " ");
};
// This stands before Sphinx's own script, which begins to search when the page is ready.
document.addEventListener("DOMContentLoaded", () => { Search.htmlToText = sentences; });
