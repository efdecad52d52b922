// A hidden unit opened: its weights, what fires it, what it speaks for, what it is needed for.
import { numbersOf } from "./data.js";
import { element, rove, showIn, upOrDown } from "./dom.js";
import { Rows, spritePicture } from "./examples.js";
import { signedBars } from "./bars.js";

export function exploreUnits(root, block, _, page) {
  const rows = new Rows(page.shared[block.examples], null, page.sprites);
  const panel = root.querySelector(".panel");
  const sheet = (shared) => page.shared[shared].pictures;
  const picture = (shared, j, name) => (shared === null ? null : spritePicture(page.sprites, sheet(shared), j, name, "large"));
  const buttons = [];
  root.querySelectorAll(".unit").forEach((unit, j) => {
    const button = element("button", { type: "button", class: "unit", "aria-pressed": "false" }, ...unit.childNodes);
    button.addEventListener("click", () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      showIn(panel, opened(block.units[j], j));
    });
    unit.replaceWith(button);
    buttons.push(button);
  });
  rove(buttons, upOrDown);

  const opened = (unit, j) => element("article", { class: "detail" },
    element("h4", {}, `${unit.name[0].toUpperCase()}${unit.name.slice(1)}`, ...unit.flags.map((flag) => element("span", { class: "flag" }, flag))),
    element("p", {}, unit.sentence),
    element("div", { class: "columns three" },
      unit.weights.length
        ? part("Its strongest weights", signedBars(unit.weights.map(([name, weight]) => ({ name, amount: weight }))))
        : part("Its weights", picture(block.pictures, j, `weights of ${unit.name}`)),
      unit.asked.length
        ? part("The input that would fire it most", element("dl", { class: "cells" }, ...unit.asked.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])))
        : part("The input that would fire it most", picture(block.asked, j, `input that would fire ${unit.name} most`)),
      unit.votes.shape[0] ? part("Its votes: weight for each class", signedBars(byClass(numbersOf(unit.votes), rows))) : null),
    part("The rows that fire it most", heap(unit.most, rows)),
    part("The rows that fire it least", heap(unit.least, rows)),
    element("div", { class: "columns" },
      part(`Its activation by class, from ${unit.low} to ${unit.high}`, strips(unit, rows)),
      part("Switched off: change of each class's success, in points", signedBars(byClass(numbersOf(unit.effects).map((v) => 100 * v), rows), 1))));
}

function part(heading, content) {
  return content === null ? null : element("div", {}, element("h5", {}, heading), content);
}

function byClass(values, rows) {
  const all = Array.from(values, (amount, k) => ({ name: rows.label(k), amount }));
  if (all.length <= 12) return all;
  return all.sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount)).slice(0, 12);
}

function heap(positions, rows) {
  return element("ul", { class: `cards near${rows.hasPictures ? "" : " wide"}` }, ...Array.from(numbersOf(positions), (i) =>
    element("li", { class: "card" }, rows.look(i), element("span", { class: "what" }, rows.label(rows.truth(i))), element("span", { class: "which" }, rows.name(i)))));
}

// A strip a class: the darker, the more of its rows have this activation.
function strips(unit, rows) {
  const [k, bins] = unit.counts.shape;
  const counts = numbersOf(unit.counts);
  return element("ul", { class: "strips" }, ...Array.from({ length: k }, (_, c) => {
    const line = Array.from(counts.subarray(c * bins, (c + 1) * bins));
    const most = Math.max(...line, 1), total = line.reduce((sum, n) => sum + n, 0);
    const mean = total ? unit.low + (unit.high - unit.low) * line.reduce((sum, n, b) => sum + n * (b + 0.5), 0) / bins / total : null;
    return element("li", {},
      element("span", { class: "name" }, rows.label(c)),
      element("span", { class: "strip", "aria-hidden": "true" }, ...line.map((n) => element("span", { style: { opacity: (n / most).toFixed(2) } }))),
      element("span", { class: "value" }, mean === null ? "no rows" : `mean ${Number(mean.toPrecision(2))}`));
  }));
}
