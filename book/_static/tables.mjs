/* Long tables in the order that a reader wants: each heading becomes a button. Without this script the rows stand as they came. */

const LONG = 6;
const NUMBER = /^[<>=≤≥~≈]?([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/i;
const NEXT = { none: "ascending", ascending: "descending", descending: "none" };

/** The number that a cell says, or NaN. */
export function value(cell) {
  const text = (cell.dataset.value ?? cell.textContent).replace(/[,\s\u00a0]/g, "").replace(/\u2212/g, "-");
  if (/^[+-]?∞/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(NUMBER.exec(text)?.[1] ?? NaN);
}

/** The rows in the order of a column; what has no number there stands last, both ways. */
export function ordered(rows, column, way) {
  if (way === "none") return [...rows];
  const turn = way === "ascending" ? 1 : -1;
  const texts = rows.map((row) => row.cells[column].textContent.trim());
  const numbers = rows.map((row) => value(row.cells[column]));
  const told = texts.filter(Boolean).length;
  const byNumber = 2 * numbers.filter((number) => !Number.isNaN(number)).length > told;
  const lacks = (i) => (byNumber ? Number.isNaN(numbers[i]) : !texts[i]);
  const differ = (i, j) =>
    byNumber ? (numbers[i] > numbers[j]) - (numbers[i] < numbers[j]) : texts[i].localeCompare(texts[j], "en", { numeric: true });
  return rows
    .map((row, i) => i)
    .sort((i, j) => lacks(i) - lacks(j) || (lacks(i) ? 0 : turn * differ(i, j)) || i - j)
    .map((i) => rows[i]);
}

/** Make the headings of one table buttons, if it is long and every row has a cell under every heading. */
export function enliven(table) {
  const [body, more] = table.tBodies;
  const heads = [...(table.tHead?.rows[table.tHead.rows.length - 1]?.cells ?? [])];
  const rows = [...(body?.rows ?? [])];
  if (more || rows.length < LONG || rows.some((row) => row.cells.length !== heads.length)) return;
  for (const [column, head] of heads.entries()) {
    if (!head.textContent.trim()) continue;
    const button = document.createElement("button");
    button.type = "button";
    // A heading that leads elsewhere (a citation, a term) keeps its link: the button stands beside it.
    if (head.querySelector("a, button, [tabindex]")) button.ariaLabel = `Sort by ${head.textContent.trim()}`;
    else button.append(...head.childNodes);
    head.append(button);
    head.ariaSort = "none";
    button.addEventListener("click", () => {
      const way = NEXT[head.ariaSort];
      for (const other of heads) if (other.ariaSort) other.ariaSort = "none";
      head.ariaSort = way;
      body.append(...ordered(rows, column, way));
    });
  }
  table.classList.add("in-any-order");
}

document.querySelectorAll("table.sortable, table.dataframe, .table-box > table").forEach(enliven);
