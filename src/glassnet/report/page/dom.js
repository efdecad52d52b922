// Elements out of text, never out of markup: whatever a class is called, it stays text.

export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, what] of Object.entries(value)) made.style.setProperty(key, what);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function percent(share, digits = 1) {
  return `${(100 * share).toFixed(digits)}\u00a0%`;
}

export function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

// Shows something new, and takes keyboard and screen reader there.
export function showIn(place, ...children) {
  place.replaceChildren(...children);
  place.hidden = false;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
}

function calm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

// One tab stop for many elements in lines: arrow keys go from one to the next.
export function rove(elements, columns) {
  const list = [...elements];
  list.forEach((each, i) => { each.tabIndex = i ? -1 : 0; });
  const steps = {
    ArrowRight: () => 1, ArrowLeft: () => -1,
    ArrowDown: (i) => columns(list, i, 1), ArrowUp: (i) => columns(list, i, -1),
    Home: (i) => -i, End: (i) => list.length - 1 - i,
  };
  const goTo = (i) => {
    list.forEach((each) => { each.tabIndex = -1; });
    list[i].tabIndex = 0;
  };
  list.forEach((each, i) => {
    each.addEventListener("focus", () => goTo(i));
    each.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      const next = list[i + step(i)];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  });
}

// How far it is to the nearest element in the line above or below, by where they stand.
export function upOrDown(list, i, direction) {
  const here = list[i].getBoundingClientRect();
  let best = 0, least = Infinity;
  list.forEach((each, j) => {
    const there = each.getBoundingClientRect();
    const down = direction * (there.top - here.top);
    if (down < here.height / 2) return;
    const distance = 1000 * down + Math.abs(there.left - here.left);
    if (distance < least) { least = distance; best = j - i; }
  });
  return best;
}
