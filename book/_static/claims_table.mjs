/* The table of claims: a search field and three filters over rows that stand in the page without any script. */
const table = document.querySelector("table.claims-table");
const rows = [...table.tBodies[0].rows];
const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
const bar = document.createElement("form");
bar.className = "claims-filters";
bar.setAttribute("role", "search");
bar.addEventListener("submit", (event) => event.preventDefault());

const field = (label, control) => {
  const around = document.createElement("label");
  around.append(label, control);
  bar.append(around);
  control.addEventListener("input", show);
  return control;
};
const choice = (label, key) => {
  const control = document.createElement("select");
  control.name = key;
  control.append(new Option("all", ""));
  for (const value of new Set(rows.map((row) => row.dataset[key]))) if (value) control.append(new Option(value, value));
  return field(label, control);
};

const search = document.createElement("input");
search.type = "search";
search.name = "words";
field("Words", search);
const filters = [choice("Article", "article"), choice("Verdict", "verdict"), choice("Part", "part")];
const count = document.createElement("p");
count.setAttribute("role", "status");
bar.append(count);

function show() {
  const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    row.hidden = !(
      filters.every((filter) => !filter.value || row.dataset[filter.name] === filter.value) &&
      wanted.every((word) => words.get(row).includes(word))
    );
    shown += !row.hidden;
  }
  const verdicts = new Map();
  for (const row of rows) if (!row.hidden) verdicts.set(row.dataset.verdict, 1 + (verdicts.get(row.dataset.verdict) ?? 0));
  const told = [...verdicts].map(([verdict, number]) => `${number} ${verdict}`).join(", ");
  count.textContent = `${shown} of ${rows.length} sentences${told && `: ${told}`}`;
  // The address keeps the choice, so that it can be sent to somebody.
  const chosen = new URLSearchParams([search, ...filters].filter((c) => c.value).map((c) => [c.name, c.value]));
  history.replaceState(null, "", `${location.pathname}${chosen.size ? `?${chosen}` : ""}${location.hash}`);
}

function reveal() {
  const row = rows.find((one) => `#${one.id}` === location.hash);
  if (!row) return;
  if (row.hidden) {
    bar.reset();
    show();
  }
  row.scrollIntoView({ block: "center" });
}

/* The totals lead to their rows: what stands in a cell is chosen by its line and its column. */
function linkTotals(totals) {
  const verdicts = [...totals.tHead.rows[0].cells].map((head) => head.textContent.trim());
  for (const line of totals.tBodies[0].rows) {
    const article = line.cells[0].querySelector("strong")?.textContent;
    for (const [column, cell] of [...line.cells].entries()) {
      const number = cell.textContent.trim();
      if (!column || !(number > 0)) continue;
      const choice = Object.entries({ article, verdict: verdicts[column] }).filter(([, value]) => value && value !== "all");
      const link = document.createElement("a");
      link.href = `?${new URLSearchParams(choice)}#sentences`;
      link.textContent = number;
      link.setAttribute("aria-label", `${number} sentences: ${choice.map(([, value]) => value).join(", ") || "all"}`);
      (cell.querySelector("p") ?? cell).replaceChildren(link);
    }
  }
}
const totals = document.querySelector("article table:not(.claims-table)");
if (totals) linkTotals(totals);
bar.id = "sentences";

const asked = new URLSearchParams(location.search);
for (const control of [search, ...filters]) control.value = asked.get(control.name) ?? "";
table.parentElement.before(bar);
show();
reveal();
if (location.hash === "#sentences") bar.scrollIntoView();
addEventListener("hashchange", reveal);
