// The cards next to the maps: of a track, of a cluster, and of the results of a search.
"use strict";

const MISLEADING = 0.9; // trust below which a track's card warns of the map
const FAR = 3; // a true neighbour is far on a map if its rank exceeds this many times their number
const FOUND = 60; // titles listed at most
const MIX = 6; // genres named in a cluster's card

/** A button that plays a track, or the words "no sound". */
function playButton(track) {
  if (!sound.has(track)) return make("small", { className: "silent", textContent: "no sound" });
  return make("button", { type: "button", className: "play", textContent: "▶",
    "aria-label": `Play ${DATA.titles[track]}`, onclick: () => sound.play(track) });
}

/** A track in a list, with a button to play it and its title to pin it. */
function entry(track, pin, ...more) {
  const title = make("button", { type: "button", className: "title", onclick: () => pin(track) },
    words(DATA.titles[track]));
  return make("li", {}, playButton(track), title,
    make("small", {}, words(labelsOf(track))), ...more);
}

function closeButton(close) {
  return make("button", { type: "button", className: "close", textContent: "×",
    "aria-label": "Close", onclick: close });
}

/** The card of a track. */
function trackCard(track, maps, { pin, close, about }) {
  return [
    closeButton(close),
    make("h2", {}, playButton(track), words(DATA.titles[track])),
    make("p", {}, words(labelsOf(track))),
    make("p", { className: "sentence" }, words(DATA.sentences[DATA.sentence[track]])),
    make("p", { className: "id" }, words(DATA.ids[track])),
    ...maps.flatMap((map) => neighbourhood(track, map, pin)),
    memberships(track, about),
  ];
}

/** A track's neighbours in the space behind a map, and their ranks on the map. */
function neighbourhood(track, map, pin) {
  const { of, trust, neighbours, x } = map.data;
  if (x[track] === null) {
    return [make("p", { textContent: `This clip is not on the map ${map.data.name}.` })];
  }
  const near = neighbours[track];
  const entries = near.map((other) => {
    const place = map.rank(track, other);
    const far = place > FAR * near.length;
    const same = DATA.songs[other] === DATA.songs[track];
    return entry(other, pin,
      same ? make("small", { className: "tag", textContent: "same song" }) : null,
      make("small", { className: far ? "place warning" : "place",
        textContent: `${far ? "⚠ " : ""}${ordinal(place)} on the map` }));
  });
  const misled = trust[track] !== null && trust[track] < MISLEADING;
  const said = trust[track] === null ? "" : `Trust in this map here: ${trust[track].toFixed(2)} of 1. `;
  return [
    make("h3", { textContent: `Nearest in ${of}` }),
    make("p", { className: misled ? "warning" : "",
      textContent: said + (misled ? "⚠ The clips around it on the map are not the most similar ones." : "") }),
    make("ol", { className: "tracks" }, ...entries),
  ];
}

function ordinal(n) {
  const ending = n % 100 > 10 && n % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][n % 10] ?? "th";
  return `${n}${ending}`;
}

/** The cluster of a track by every method, a row each, for every number of clusters. */
function memberships(track, about) {
  const labels = [...new Set(clusterings.map((of) => of.label))];
  const rows = labels.map((label) => {
    const cells = clusterings.filter((of) => of.label === label).map((of) => {
      const code = of.codes[track];
      const name = code < 0 ? of.rest : make("button", { type: "button", title: numberOf(of),
        onclick: () => about(of, code) }, swatch(of, code), of.names[code]);
      return make("td", {}, name);
    });
    return make("tr", {}, make("th", { scope: "row" }, words(label)), ...cells);
  });
  const numbers = [...new Set(clusterings.map(numberOf))].join(" / ");
  return make("details", { open: true },
    make("summary", { textContent: `Its cluster by each method, ${numbers}` }),
    make("table", {}, ...rows));
}

/** The number of clusters that a clustering was set to, in words. */
function numberOf(of) {
  return of.family.replace("Clusters, ", "");
}

/** The card of a cluster. */
function clusterCard(of, code, { pin, close, only }) {
  const card = of.cards[code];
  const members = [...of.codes.keys()].filter((track) => of.codes[track] === code);
  const wordItems = card.words.map(([word, here, elsewhere]) =>
    make("li", { textContent: `${word}: ${percent(here)}, elsewhere ${percent(elsewhere)}` }));
  const featureItems = card.features.map(([name, by]) =>
    make("li", { textContent:
      `${name} ${by > 0 ? "higher" : "lower"} by ${Math.abs(by).toFixed(1)} deviations` }));
  const apart = [...wordItems, ...featureItems];
  return [
    closeButton(close),
    make("h2", {}, swatch(of, code), of.names[code]),
    make("p", {}, words(of.label),
      `, ${numberOf(of)}: ${members.length} clips, ${percent(members.length / COUNT)}`),
    make("ul", { className: "notes" },
      ...of.notes.map((note) => make("li", { textContent: note }))),
    make("p", {}, make("button", { type: "button", textContent: "Show it alone",
      onclick: () => only(of, code) })),
    ...mix("Genres", DATA.genres.map((genre) => genre ?? "no genre"), members),
    ...mix("Languages", DATA.languages, members),
    make("h3", { textContent: "What sets it apart" }),
    apart.length ? make("ul", {}, ...apart) : make("p", { textContent: "No word or feature differs enough." }),
    make("h3", { textContent: "In the middle of it" }),
    make("ol", { className: "tracks" }, ...card.exemplars.map((track) => entry(track, pin))),
  ];
}

/** Shares of labels in a cluster as bars, with a line where they are over all tracks. */
function mix(title, labels, members) {
  const everywhere = new Map(counted(labels));
  if (everywhere.size < 2) return [];
  const here = counted(members.map((track) => labels[track]));
  const bars = here.slice(0, MIX).map(([name, count]) => {
    const share = count / members.length;
    const overall = everywhere.get(name) / COUNT;
    const bar = make("meter", { value: share, max: 1, "aria-label": `${name}: ${percent(share)}` });
    return make("li", {}, words(name), bar,
      make("small", { textContent: `${percent(share)}, of all ${percent(overall)}` }));
  });
  const more = here.length - bars.length;
  if (more > 0) bars.push(make("li", { textContent: `and ${more} more` }));
  return [make("h3", { textContent: title }), make("ul", { className: "mix" }, ...bars)];
}

/** The results of a search. */
function foundList(tracks, pin) {
  const items = tracks.slice(0, FOUND).map((track) => entry(track, pin));
  const more = tracks.length - items.length;
  if (more > 0) items.push(make("li", { textContent: `and ${more} more` }));
  return [make("h2", { textContent: `${tracks.length} of ${COUNT} titles` }),
    make("ul", { className: "tracks" }, ...items)];
}
