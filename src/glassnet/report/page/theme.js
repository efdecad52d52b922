// Light, dark, or as the system says; remembered where the browser allows that.

const schemes = ["auto", "light", "dark"];
const place = "glassnet-theme";

function remembered() {
  try { return localStorage.getItem(place); } catch { return null; }
}

function remember(scheme) {
  try { localStorage.setItem(place, scheme); } catch { /* then it lasts as long as the page */ }
}

export function offerThemes() {
  const control = document.getElementById("_theme");
  if (!control) return;
  const choose = (scheme) => {
    document.documentElement.dataset.theme = scheme;
    for (const input of control.querySelectorAll("input")) input.checked = input.value === scheme;
  };
  control.addEventListener("change", (event) => {
    choose(event.target.value);
    remember(event.target.value);
  });
  const before = remembered();
  choose(schemes.includes(before) ? before : "auto");
  control.hidden = false;
}
