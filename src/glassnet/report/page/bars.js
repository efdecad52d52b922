// Bars to the right for what is positive, to the left for what is negative.
import { element } from "./dom.js";

export function signedBars(items, digits = 2) {
  const largest = Math.max(...items.map((item) => Math.abs(item.amount)), 1e-12);
  return element("ul", { class: "bars signed" }, ...items.map(({ name, amount, look }) =>
    element("li", {},
      element("span", { class: "name" }, look ?? null, name),
      element("span", { class: "bar", "aria-hidden": "true" },
        element("span", { class: amount > 0 ? "for" : "against", style: { width: `${50 * Math.abs(amount) / largest}%` } })),
      element("span", { class: "value" }, `${amount > 0 ? "+" : amount < 0 ? "−" : ""}${Math.abs(amount).toFixed(digits)}`))));
}
