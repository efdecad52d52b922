// Brings the page to life. What fails stays as it is without JavaScript, and is told in the console.
import { exploreConfusion } from "./confusion.js";
import { readPage } from "./data.js";
import { Rows } from "./examples.js";
import { exploreLines } from "./lines.js";
import { exploreTable } from "./table.js";
import { offerThemes } from "./theme.js";
import { exploreUnits } from "./units.js";
import { exploreWalk } from "./walk.js";

const widgets = { confusion: exploreConfusion, table: exploreTable, lines: exploreLines, units: exploreUnits, walk: exploreWalk };

function start() {
  document.documentElement.classList.add("js");
  offerThemes();
  const page = readPage();
  if (!page) return;
  const rowsOf = (block) => new Rows(page.shared[block.examples], page.shared[block.predictions], page.sprites);
  for (const root of document.querySelectorAll("[data-block]")) {
    const block = page.blocks[Number(root.dataset.block)];
    try {
      widgets[block.widget](root, block, rowsOf, page);
      root.classList.add("alive");
    } catch (error) {
      console.error(error);
    }
  }
}

start();
