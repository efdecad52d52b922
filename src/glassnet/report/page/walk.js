// One example all the way through the net; any of those in the page may be chosen.
import { signedBars } from "./bars.js";
import { registerWalk } from "./calls.js";
import { lineOf, numbersOf } from "./data.js";
import { element, showIn } from "./dom.js";
import { probabilityBars, spritePicture } from "./examples.js";

const mostUnits = 8, mostColumns = 10;

export function exploreWalk(root, block, rowsOf, page) {
  const rows = rowsOf(block);
  const place = root.querySelector(".walk");
  const shown = Array.from(numbersOf(block.shown));
  const position = new Map(shown.map((i, row) => [i, row]));
  const select = element("select", {}, ...shown.map((i, row) => element("option", { value: String(row) }, nameOf(rows, i))));
  const go = (row) => {
    const chosen = Math.min(Math.max(row, 0), shown.length - 1);
    select.value = String(chosen);
    showIn(place, ...stages(block, rows, page, shown[chosen], chosen));
  };
  const step = (by, name) => element("button", { type: "button", onclick: () => go(Number(select.value) + by) }, name);
  select.addEventListener("change", () => go(Number(select.value)));
  root.querySelector(".chooser").append(step(-1, "← Previous"), element("label", {}, "Row ", select), step(1, "Next →"));
  registerWalk((i) => position.has(i), (i) => go(position.get(i)));
}

function nameOf(rows, i) {
  const truth = rows.label(rows.truth(i)), said = rows.label(rows.assigned(i));
  return truth === said ? `${rows.number(i)}: ${truth}` : `${rows.number(i)}: ${truth} taken for ${said}`;
}

function stages(block, rows, page, i, row) {
  const said = rows.label(rows.assigned(i));
  return [
    element("h4", {}, `Row ${rows.number(i)}: a true ${rows.label(rows.truth(i))}, labelled ${said}`),
    element("ol", { class: "stages" },
      stage("What goes in", rows.look(i, "large")),
      ...block.spoken.map((each) => stage(each.name, block.shape
        ? painted(block, each, row, said)
        : columnsSpoken(block, each, rows, i, row))),
      block.units.length ? stage("Hidden units that say most", unitBars(block, page, row)) : null,
      stage("What comes out", probabilityBars(rows, i))),
  ];
}

function stage(heading, content) {
  return element("li", {}, element("h5", {}, heading), content);
}

// The pixels that spoke for the label in one colour, against it in another.
function painted(block, each, row, said) {
  const [height, width] = block.shape;
  const canvas = element("canvas", {
    width, height, class: "painted", role: "img",
    "aria-label": `Which pixels spoke for (orange) and against (blue) the label ${said}, by ${each.name}`,
  });
  const large = Math.max(1, Math.round(160 / Math.max(height, width)));
  canvas.style.width = `${width * large}px`;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const palette = numbersOf(block.palette);
  lineOf(each.steps, row).forEach((step, pixel) => {
    for (let c = 0; c < 3; c += 1) image.data[4 * pixel + c] = palette[3 * (step + 127) + c];
    image.data[4 * pixel + 3] = 255;
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

function columnsSpoken(block, each, rows, i, row) {
  const scale = numbersOf(each.scales)[row] / 127;
  const steps = lineOf(each.steps, row);
  const items = rows.cells(i).map(([name, value], j) => ({ name: `${name} = ${value}`, amount: steps[j] * scale }));
  items.sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount));
  return signedBars(items.slice(0, mostColumns));
}

function unitBars(block, page, row) {
  const votes = lineOf(block.votes, row);
  const activations = lineOf(block.activations, row);
  const order = Array.from(votes, (_, j) => j).sort((a, b) => Math.abs(votes[b]) - Math.abs(votes[a])).slice(0, mostUnits);
  return signedBars(order.map((j) => ({
    name: `${block.units[j]}, at ${(block.low + (block.high - block.low) * activations[j] / 255).toFixed(2)}`,
    amount: votes[j],
    look: block.pictures === null ? null : spritePicture(page.sprites, page.shared[block.pictures].pictures, j, ""),
  })));
}
