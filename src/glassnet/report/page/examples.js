// One example: its picture or its columns, what it is called, what a model says of it.
import { lineOf, numbersOf } from "./data.js";
import { element, percent } from "./dom.js";

const mostColumns = 4;

// Everything about examples in one place, for whoever shows them.
export class Rows {
  constructor(examples, predictions, sprites) {
    this.examples = examples;
    this.predictions = predictions;
    this.sprites = sprites;
  }

  number(i) { return numbersOf(this.examples.numbers)[i]; }
  truth(i) { return numbersOf(this.examples.truth)[i]; }
  assigned(i) { return numbersOf(this.predictions.assigned)[i]; }
  label(k) { return this.examples.classes[k]; }
  set(i) { return this.examples.sets[numbersOf(this.examples.setOf)[i]]; }
  probabilities(i) { return Array.from(lineOf(this.predictions.probabilities, i), (p) => p / 65535); }
  get hasPictures() { return this.examples.sprite !== null; }

  neighbours(i) {
    const known = this.examples.neighbours;
    return i < known.shape[0] ? Array.from(lineOf(known, i)).filter((j) => j >= 0) : [];
  }

  cells(i) {
    return this.examples.columns.map((column) => [column.name, column.values[numbersOf(column.codes)[i]]]);
  }

  name(i) { return `row ${this.number(i)}`; }

  picture(i, size = "thumb") {
    return spritePicture(this.sprites, this.examples.sprite, i, `${this.name(i)}, a true ${this.label(this.truth(i))}`, size);
  }

  // The picture, or the first columns where there is none.
  look(i, size = "thumb") {
    if (this.hasPictures) return this.picture(i, size);
    const cells = this.cells(i).slice(0, size === "thumb" ? mostColumns : undefined);
    return element("dl", { class: "cells" }, ...cells.flatMap(([name, value]) => [
      element("dt", {}, name), element("dd", {}, value),
    ]));
  }
}

export function spritePicture(sprites, sheet, i, name, size = "thumb") {
  const { columns } = sprites[sheet];
  return element("span", {
    class: `sprite s${sheet} ${size}`,
    ...(name ? { role: "img", "aria-label": name } : { "aria-hidden": "true" }),
    style: { "--c": String(i % columns), "--r": String(Math.floor(i / columns)) },
  });
}

// Bars of a model's probabilities, the largest first, the true class always among them.
export function probabilityBars(rows, i, most = 6) {
  const p = rows.probabilities(i);
  const order = p.map((_, k) => k).sort((a, b) => p[b] - p[a]);
  const truth = rows.truth(i);
  const shown = order.slice(0, most);
  if (!shown.includes(truth)) shown.splice(most - 1, 1, truth);
  return element("ul", { class: "bars", "aria-label": `Probabilities by ${rows.predictions.name}` }, ...shown.map((k) =>
    element("li", { class: k === truth ? "true" : "" },
      element("span", { class: "name" }, rows.label(k), k === truth ? element("span", { class: "tag" }, "true") : null),
      element("span", { class: "bar", "aria-hidden": "true" }, element("span", { style: { width: `${100 * p[k]}%` } })),
      element("span", { class: "value" }, percent(p[k])))));
}
