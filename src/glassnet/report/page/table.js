// A list of examples: any column sorts it, classes filter it, a click opens a row.
import { numbersOf } from "./data.js";
import { detailOf } from "./detail.js";
import { element, plural } from "./dom.js";

const batch = 50;

export function exploreTable(root, block, rowsOf) {
  const rows = rowsOf(block);
  const shown = Array.from(numbersOf(block.shown));
  const columns = block.columns.map((column) => ({ ...column, values: numbersOf(column.values) }));
  const body = root.querySelector("tbody");
  const status = root.querySelector(".status");
  const more = root.querySelector(".more");
  const filters = new Map();
  let order = shown.map((_, row) => row);
  let count = batch;

  const draw = () => {
    const kept = order.filter((row) => [...filters].every(([column, k]) => columns[column].values[row] === k));
    body.replaceChildren(...kept.slice(0, count).map(line));
    status.textContent = kept.length > count
      ? `${count} of ${plural(kept.length, "row")} are listed.`
      : `${plural(kept.length, "row")} ${kept.length === 1 ? "is" : "are"} listed.`;
    more.hidden = kept.length <= count;
  };
  const line = (row) => {
    const i = shown[row];
    const button = element("button", { type: "button", "aria-expanded": "false", "aria-label": `Open ${rows.name(i)}` }, rows.look(i));
    const made = element("tr", {}, element("td", {}, button), ...columns.map((column) =>
      element("td", { class: column.kind === "class" ? "left" : "right" }, written(column, row, rows))));
    button.addEventListener("click", () => toggle(made, button, i));
    return made;
  };
  const toggle = (made, button, i) => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) made.nextElementSibling.remove();
    else made.after(element("tr", { class: "opened" }, element("td", { colspan: String(columns.length + 1) }, detailOf(rows, i))));
  };

  sortable(root, columns, (column, falls) => {
    const by = columns[column].kind === "class" ? (row) => rows.label(columns[column].values[row]) : (row) => columns[column].values[row];
    const compare = (a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : a - b);
    order = shown.map((_, row) => row).sort((a, b) => (falls ? compare(b, a) : compare(a, b)));
    count = batch;
    draw();
  });
  offerFilters(root, columns, rows, (column, k) => {
    if (k === null) filters.delete(column); else filters.set(column, k);
    count = batch;
    draw();
  });
  more.addEventListener("click", () => { count += batch; draw(); });
  draw();
}

function written(column, row, rows) {
  const value = column.values[row];
  if (column.kind === "class") return rows.label(value);
  return column.kind === "share" ? value.toFixed(3) : String(value);
}

// Headings become buttons; numbers fall first, names rise first.
function sortable(root, columns, sort) {
  const headings = [...root.querySelectorAll("thead th")].slice(1);
  headings.forEach((heading, column) => {
    const button = element("button", { type: "button", class: "sort" }, heading.textContent.trim());
    button.addEventListener("click", () => {
      const now = heading.getAttribute("aria-sort");
      const falls = now ? now === "ascending" : columns[column].kind !== "class";
      for (const each of headings) each.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", falls ? "descending" : "ascending");
      sort(column, falls);
    });
    heading.replaceChildren(button);
  });
}

function offerFilters(root, columns, rows, choose) {
  const place = root.querySelector(".filters");
  columns.forEach((column, number) => {
    if (column.kind !== "class") return;
    const present = [...new Set(column.values)].sort((a, b) => a - b);
    const select = element("select", { "aria-label": `Only with ${column.name}` },
      element("option", { value: "" }, "all"),
      ...present.map((k) => element("option", { value: String(k) }, rows.label(k))));
    select.addEventListener("change", () => choose(number, select.value === "" ? null : Number(select.value)));
    place.append(element("label", {}, `${column.name} `, select));
  });
}
