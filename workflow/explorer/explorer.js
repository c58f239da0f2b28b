// Puts the page together: pinned, pointed-at and hidden tracks, the search, and the keys.
"use strict";

const WAIT = 120; // ms over a point before it plays, so that crossing a map stays quiet
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const at = (id) => document.getElementById(id);
const state = { pinned: null, over: null, found: [] };
const maps = [];
let waiting;

/** For tests: drawn, playing and pinned tracks, and the place of a track in the window. */
window.explorer = {
  get points() { return maps[0]?.points ?? 0; },
  get maps() { return maps.map((map) => ({ space: map.data.name, points: map.points })); },
  get playing() { return sound.element.paused ? null : sound.track; },
  get pinned() { return state.pinned; },
  get over() { return state.over; },
  place: (track, map = 0) => maps[map].place(track),
  /** Resolves when all requested drawing is done. */
  drawn: () => Promise.all(maps.map((map) => map.drawn)),
};

function say(text) {
  at("status").textContent = text;
}

function mark() {
  for (const map of maps) map.mark(state);
}

/** Draw all maps; a track is shown if no legend hides it. */
function redraw() {
  const visible = new Uint8Array(COUNT);
  let seen = 0;
  for (let track = 0; track < COUNT; track += 1) {
    visible[track] = maps.every((map) => map.allows(track)) ? 1 : 0;
    seen += visible[track];
  }
  for (const map of maps) map.draw(visible);
  mark();
  say(seen < COUNT ? `${seen} of ${COUNT} clips shown` : `${COUNT} clips`);
}

function pointAt(track, map) {
  state.over = track;
  mark();
  const tip = at("tip");
  tip.replaceChildren(words(DATA.titles[track]), make("small", {}, words(labelsOf(track))),
    sound.there && !sound.has(track) ? make("small", { textContent: "no sound" }) : "");
  tip.hidden = false;
  const { x, y } = map.place(track);
  tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - tip.offsetWidth - 4))}px`;
  tip.style.top = `${Math.max(4, Math.min(y + 14, innerHeight - tip.offsetHeight - 4))}px`;
  clearTimeout(waiting);
  waiting = setTimeout(() => sound.play(track), WAIT);
}

function pointAway() {
  clearTimeout(waiting);
  if (sound.track !== state.pinned) sound.stop();
  state.over = null;
  at("tip").hidden = true;
  mark();
}

function pin(track) {
  clearTimeout(waiting);
  at("tip").hidden = true;
  state.pinned = track;
  showCard();
  mark();
  if (sound.element.paused || sound.track !== track) sound.play(track);
  say(`${DATA.titles[track]}, ${labelsOf(track)}`);
}

function showCard() {
  const shown = maps.filter((map, n) => maps.findIndex((one) => one.data === map.data) === n);
  const inside = at("track").contains(document.activeElement);
  at("track").replaceChildren(
    ...(state.pinned === null ? [] : trackCard(state.pinned, shown, { pin, close: unpin, about })));
  at("track").scrollTop = 0;
  if (inside) enterCard();
}

/** Move the focus to the card of the pinned track, or back to the map. */
function enterCard() {
  (at("track").querySelector("button") ?? maps[0].plot).focus();
}

function unpin() {
  state.pinned = null;
  sound.stop();
  showCard();
  mark();
}

function about(of, code) {
  const close = () => at("cluster").replaceChildren();
  const only = (colours, chosen) => {
    const map = maps.find((one) => one.colouring === colours) ?? maps[0];
    if (map.colouring !== colours) {
      map.colours.value = colours.key;
      map.recolour();
    }
    map.only(chosen);
  };
  at("cluster").replaceChildren(...clusterCard(of, code, { pin, close, only }));
  at("cluster").scrollIntoView({ block: "nearest" });
}

function search() {
  const plain = (text) => text.normalize("NFKD").toLowerCase();
  const wanted = plain(at("search").value.trim());
  const all = [...DATA.titles.keys()];
  state.found = wanted ? all.filter((track) => plain(DATA.titles[track]).includes(wanted)) : [];
  at("found").replaceChildren(...(wanted ? foundList(state.found, pin) : []));
  mark();
}

function mute(muted) {
  sound.mute(muted);
  at("mute").setAttribute("aria-pressed", muted);
  at("mute").textContent = muted ? "Sound off" : "Sound on";
}

function addMap(space, key) {
  const section = at("map-template").content.firstElementChild.cloneNode(true);
  at("maps").append(section);
  const map = new TrackMap(section, space, key,
    { over: pointAt, out: pointAway, pin, about, changed: () => { redraw(); showCard(); } });
  maps.push(map);
  map.plot.onkeydown = (event) => pressedOnMap(event, map);
  map.plot.onblur = pointAway;
  map.show();
}

/** Show a second map next to the first, or remove it. */
function compare() {
  const several = maps.length < 2;
  at("compare").setAttribute("aria-pressed", several);
  document.body.classList.toggle("several", several);
  if (several) {
    const other = DATA.maps.find((map) => map !== maps[0].data);
    addMap(other.name, maps[0].colours.value);
  } else {
    const map = maps.pop();
    Plotly.purge(map.plot);
    map.section.remove();
    redraw();
    showCard();
  }
  for (const map of maps) Plotly.Plots.resize(map.plot);
}

function pressedOnMap(event, map) {
  if (event.ctrlKey || event.metaKey || event.altKey || !map.points) return;
  const { key } = event;
  if (key in ARROWS) {
    const from = state.over ?? state.pinned;
    const next = from === null ? map.central() : map.next(from, ARROWS[key]);
    pointAt(next, map);
    say(`${DATA.titles[next]}, ${labelsOf(next)}`);
  } else if (key === "Enter" && state.over !== null && state.over !== state.pinned) {
    pin(state.over);
  } else if (key === "Enter" && state.pinned !== null) {
    enterCard();
  } else if (key === " ") {
    const track = state.over ?? state.pinned;
    if (track !== null) sound.play(track);
  } else if (key === "+" || key === "=") map.zoom(0.6);
  else if (key === "-") map.zoom(1.6);
  else if (key === "0") map.zoom(0);
  else return;
  event.preventDefault();
}

function pressed(event) {
  const writing = event.target.matches("input[type=search], select");
  if (event.key === "Escape") {
    if (at("search").value) {
      at("search").value = "";
      search();
    } else if (at("cluster").hasChildNodes()) at("cluster").replaceChildren();
    else unpin();
  } else if (!writing && event.key === "/") {
    event.preventDefault();
    at("search").focus();
  } else if (!writing && event.key === "m" && sound.there) mute(!sound.muted);
  else if (event.key === "Enter" && event.target === at("search") && state.found.length) {
    pin(state.found[0]);
  }
}

function start() {
  at("run").textContent = DATA.run;
  document.title = `${DATA.run} – hybridmusic explorer`;
  at("mute").hidden = !sound.there;
  at("compare").hidden = DATA.maps.length < 2;
  at("search").oninput = search;
  at("mute").onclick = () => mute(!sound.muted);
  at("compare").onclick = compare;
  document.addEventListener("keydown", pressed);
  dark.addEventListener("change", () => {
    for (const map of maps) map.recolour();
  });
  if (DATA.maps.length) addMap(DATA.maps[0].name, DATA.colourings[0].key);
  else say("This run has no space of two dimensions, so there is no map: configure one (umap).");
  if (!sound.there) {
    at("hint").append(make("p", { textContent: "This run has no sound: it was switched off, or "
      + "its tracks come from a table without music." }));
  }
}

start();
