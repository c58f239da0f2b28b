// Data of the tracks, and elements made from it. Text from users, such as titles, only ever becomes
// text; no part of the page takes markup.
"use strict";

const COUNT = DATA.titles.length;

const dark = matchMedia("(prefers-color-scheme: dark)");

/** An element with properties (attributes, where no such property exists) and children. */
function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Text from users, isolated from the writing direction of the text around it. */
function words(text) {
  return make("bdi", { textContent: text });
}

/** Such as "Rock · bangla": the known genre, and the language if there are several. */
function labelsOf(track) {
  const several = new Set(DATA.languages).size > 1;
  const known = [DATA.genres[track], several ? DATA.languages[track] : null];
  return known.filter((label) => label !== null).join(" · ");
}

function colouring(key) {
  return DATA.colourings.find((one) => one.key === key);
}

const clusterings = DATA.colourings.filter((one) => one.cards);

/** A colour of the palette by its number; black becomes white in dark mode. */
function shade(number) {
  const colour = DATA.colours[number % DATA.colours.length];
  return dark.matches && colour === "#000000" ? "#FFFFFF" : colour;
}

/** The count of each name, as [name, count], largest first. */
function counted(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function percent(share) {
  return `${(100 * share).toFixed(share < 0.095 && share > 0 ? 1 : 0)}\u00a0%`;
}
