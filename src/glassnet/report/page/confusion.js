// A click on a cell of the confusion matrix shows its rows.
import { cardsOf } from "./cards.js";
import { numbersOf } from "./data.js";
import { element, plural, rove, showIn, upOrDown } from "./dom.js";

export function exploreConfusion(root, block, rowsOf) {
  const rows = rowsOf(block);
  const panel = root.querySelector(".panel");
  const shown = Array.from(numbersOf(block.shown));
  const buttons = [];
  const cells = root.querySelectorAll("tbody td");
  const k = rows.examples.classes.length;
  cells.forEach((cell, place) => {
    const count = Number(cell.textContent);
    if (!count) return;
    const truth = Math.floor(place / k), assigned = place % k;
    const what = truth === assigned
      ? `true ${rows.label(truth)}, rightly labelled`
      : `true ${rows.label(truth)}, taken for ${rows.label(assigned)}`;
    const open = (event) => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === event.currentTarget));
      const inside = shown.filter((i) => rows.truth(i) === truth && rows.assigned(i) === assigned);
      inside.sort((a, b) => rows.probabilities(b)[assigned] - rows.probabilities(a)[assigned]);
      const left = inside.length < count ? ` (${inside.length} of them are in this page)` : "";
      showIn(panel, cardsOf(rows, inside, `${plural(count, "row")}: ${what}${left}`));
    };
    const button = element("button", { type: "button", "aria-pressed": "false", "aria-label": `${what}: ${plural(count, "row")}`, onclick: open }, String(count));
    cell.replaceChildren(button);
    buttons.push(button);
  });
  rove(buttons, upOrDown);
}
