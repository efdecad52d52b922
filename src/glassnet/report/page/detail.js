// One example opened: large, with all probabilities and its nearest training examples.
import { element } from "./dom.js";
import { probabilityBars } from "./examples.js";
import { offersWalk, walkTo } from "./calls.js";

export function detailOf(rows, i) {
  const near = rows.neighbours(i);
  const right = rows.truth(i) === rows.assigned(i);
  return element("article", { class: "detail" },
    element("h4", {}, `Row ${rows.number(i)}: labelled ${rows.label(rows.truth(i))}, ${right ? "and" : "but"} taken for ${right ? "it" : rows.label(rows.assigned(i))}`),
    element("div", { class: "columns" },
      element("div", {}, rows.look(i, "large")),
      element("div", {},
        element("h5", {}, `What ${rows.predictions.name} says`),
        probabilityBars(rows, i))),
    near.length ? element("div", {},
      element("h5", {}, "Nearest training rows"),
      element("ul", { class: `cards near${rows.hasPictures ? "" : " wide"}` }, ...near.map((j) => element("li", { class: "card" },
        rows.look(j), element("span", { class: "what" }, rows.label(rows.truth(j))),
        element("span", { class: "which" }, rows.name(j)))))) : null,
    offersWalk(i) ? element("p", {}, element("button", { type: "button", onclick: () => walkTo(i) },
      `Walk row ${rows.number(i)} through the net`)) : null);
}
