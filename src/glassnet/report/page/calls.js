// What one part of the page asks of another, where that is there.

let walk = null;

// How the part that walks an example through the net makes itself known.
export function registerWalk(has, go) { walk = { has, go }; }

export function offersWalk(i) { return walk !== null && walk.has(i); }

export function walkTo(i) { walk?.go(i); }
