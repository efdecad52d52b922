// A heap of examples as cards; a click opens one.
import { detailOf } from "./detail.js";
import { element, percent, rove, showIn, upOrDown } from "./dom.js";

const mostPictures = 60, mostTables = 12;

export function cardsOf(rows, shown, heading) {
  const list = element("ul", { class: `cards${rows.hasPictures ? "" : " wide"}` });
  const opened = element("div", { class: "opened", tabindex: "-1", hidden: true, role: "region", "aria-label": "The row opened" });
  const more = element("button", { type: "button", hidden: true });
  const batch = rows.hasPictures ? mostPictures : mostTables;
  let count = 0;
  const add = () => {
    const first = count;
    count = Math.min(count + batch, shown.length);
    list.append(...shown.slice(first, count).map((i) => card(rows, i, () => {
      for (const each of list.querySelectorAll("[aria-pressed]")) each.setAttribute("aria-pressed", String(each.dataset.row === String(i)));
      showIn(opened, detailOf(rows, i));
    })));
    rove(list.querySelectorAll("button"), upOrDown);
    more.hidden = count >= shown.length;
    more.textContent = `Show more: ${count} of ${shown.length} are here`;
    if (first) list.children[first].firstElementChild.focus();
  };
  more.addEventListener("click", add);
  add();
  return element("div", {}, element("h4", {}, heading), list, more, opened);
}

function card(rows, i, open) {
  const p = rows.probabilities(i)[rows.assigned(i)];
  const right = rows.truth(i) === rows.assigned(i);
  return element("li", { class: `card${right ? "" : " wrong"}` },
    element("button", { type: "button", "aria-pressed": "false", "data-row": String(i), onclick: open },
      rows.look(i),
      element("span", { class: "what" }, right ? rows.label(rows.truth(i)) : `${rows.label(rows.truth(i))} → ${rows.label(rows.assigned(i))}`),
      element("span", { class: "which" }, `${rows.name(i)}, ${percent(p, 0)}`)));
}
