// What the page knows of its tracks, and how anything of it becomes elements. Text of strangers,
// as titles, only ever becomes text: nothing here or elsewhere takes markup.
"use strict";

const COUNT = DATA.titles.length;

const dark = matchMedia("(prefers-color-scheme: dark)");

/** An element with properties, attributes where there are no such properties, and children. */
function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A stranger's words, kept apart from the direction of what stands around them. */
function words(text) {
  return make("bdi", { textContent: text });
}

/** "Rock · bangla", as far as it is known and worth saying. */
function labelsOf(track) {
  const several = new Set(DATA.languages).size > 1;
  const known = [DATA.genres[track], several ? DATA.languages[track] : null];
  return known.filter((label) => label !== null).join(" · ");
}

function colouring(key) {
  return DATA.colourings.find((one) => one.key === key);
}

const clusterings = DATA.colourings.filter((one) => one.cards);

/** A colour of the palette by its number; black is white in the dark. */
function shade(number) {
  const colour = DATA.colours[number % DATA.colours.length];
  return dark.matches && colour === "#000000" ? "#FFFFFF" : colour;
}

/** How many tracks each of several names has, as [name, count], most first. */
function counted(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function percent(share) {
  return `${(100 * share).toFixed(share < 0.095 && share > 0 ? 1 : 0)}\u00a0%`;
}
