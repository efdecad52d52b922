// The values of a chart's lines under the pointer, or at the step that the arrow keys go to.
import { numbersOf } from "./data.js";

const svgNames = "http://www.w3.org/2000/svg";

export function exploreLines(root, block) {
  const svg = root.querySelector("svg.chart");
  const reading = root.querySelector(".reading");
  const lines = block.lines.map((line) => ({ name: line.name, values: numbersOf(line.values) }));
  const at = document.createElementNS(svgNames, "g");
  at.setAttribute("class", "reader");
  svg.append(at);
  let step = block.steps;

  const x = (s) => block.left + (block.right - block.left) * (s - 1) / Math.max(block.steps - 1, 1);
  const scale = block.logarithmic ? Math.log : (v) => v;
  const y = (v) => block.bottom - (block.bottom - block.top) * (scale(v) - scale(block.low)) / (scale(block.high) - scale(block.low));

  const read = (s) => {
    step = Math.min(Math.max(Math.round(s), 1), block.steps);
    const there = lines.filter((line) => Number.isFinite(line.values[step - 1]));
    const words = there.map((line) => `${line.name} ${Number(line.values[step - 1].toPrecision(4))}`);
    reading.textContent = `${block.step} ${step}: ${words.join(", ") || "no value"}`;
    svg.setAttribute("aria-valuenow", String(step));
    svg.setAttribute("aria-valuetext", reading.textContent);
    at.replaceChildren(mark("line", { x1: x(step), x2: x(step), y1: block.top, y2: block.bottom }),
      ...there.map((line) => mark("circle", { cx: x(step), cy: y(line.values[step - 1]), r: 4 })));
  };
  const keys = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };
  svg.setAttribute("role", "slider");
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("aria-valuemin", "1");
  svg.setAttribute("aria-valuemax", String(block.steps));
  svg.addEventListener("focus", () => read(step));
  svg.addEventListener("keydown", (event) => {
    const by = keys[event.key];
    if (by === undefined) return;
    event.preventDefault();
    read(step + by);
  });
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const place = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
    read(1 + (place - block.left) / (block.right - block.left) * (block.steps - 1));
  });
  svg.setAttribute("aria-valuenow", String(step));
  svg.setAttribute("aria-valuetext", `${block.step} ${step}`);
}

function mark(tag, attributes) {
  const made = document.createElementNS(svgNames, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
