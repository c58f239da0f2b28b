// One map of the tracks: Plotly draws the points, this file everything around them.
"use strict";

// Beyond the colours the shape changes, as in the figures: names of the palette's markers.
const SHAPES = ["circle", "triangle-up", "square", "diamond", "triangle-down", "cross", "x", "star"];
const CONFIG = { displayModeBar: false, scrollZoom: true, doubleClick: false, responsive: true };
const MARGIN = 0.06; // of the width of a map, around its points
const RINGS = 200; // at most, around results of a search

// A fixed random order to draw points in, so that no group hides the others.
const ORDER = (() => {
  const order = Array.from({ length: COUNT }, (_, track) => track);
  let state = 1;
  for (let last = COUNT - 1; last > 0; last -= 1) {
    state = (state * 48271) % 2147483647;
    const other = state % (last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
})();

class TrackMap {
  /** `told` has the functions `over(track, event)`, `out()`, `pin(track)`, `about(colouring, code)`
      and `changed()`, which are called on these events. */
  constructor(section, space, key, told) {
    this.section = section;
    this.plot = section.querySelector(".plot");
    this.told = told;
    this.hidden = new Set(); // codes of groups that the legend hides
    this.tracksDrawn = []; // the tracks of each of Plotly's traces
    this.spaces = section.querySelector(".space");
    this.colours = section.querySelector(".colour");
    this.fill();
    this.spaces.value = space;
    this.colours.value = key;
    this.spaces.onchange = () => this.show();
    this.colours.onchange = () => this.recolour();
    for (const button of section.querySelectorAll("[data-zoom]")) {
      button.onclick = () => this.zoom(Number(button.dataset.zoom));
    }
  }

  fill() {
    for (const map of DATA.maps) {
      this.spaces.append(make("option", { value: map.name, textContent: map.name }));
    }
    const families = [...new Set(DATA.colourings.map((one) => one.family))];
    for (const family of families) {
      const group = make("optgroup", { label: family });
      for (const one of DATA.colourings.filter((each) => each.family === family)) {
        group.append(make("option", { value: one.key, textContent: one.label }));
      }
      this.colours.append(group);
    }
    if (DATA.maps.some((map) => map.trust.some((trust) => trust !== null))) {
      const trust = make("option", { value: "trust", textContent: "Trust in this map" });
      this.colours.append(make("optgroup", { label: "The map" }, trust));
    }
  }

  get data() {
    return DATA.maps.find((map) => map.name === this.spaces.value);
  }

  get colouring() {
    if (this.colours.value !== "trust") return colouring(this.colours.value);
    return { key: "trust", label: "Trust", values: this.data.trust, decimals: 2, notes: [],
      unit: "1 where a clip's neighbours here are its true neighbours" };
  }

  /** Whether the legend shows a track. */
  allows(track) {
    const codes = this.colouring.codes;
    return !codes || !this.hidden.has(codes[track]);
  }

  /** The number of points drawn. */
  get points() {
    return this.tracksDrawn.reduce((sum, tracks) => sum + tracks.length, 0);
  }

  /** Show another space, zoomed to all of it. */
  show() {
    const [x, y] = [this.data.x, this.data.y].map(limits);
    const axis = { visible: false, fixedrange: false };
    const clear = "rgba(0,0,0,0)";
    this.layout = {
      margin: { l: 0, r: 0, t: 0, b: 0 },
      dragmode: "pan",
      hovermode: "closest",
      hoverdistance: 12,
      showlegend: false,
      paper_bgcolor: clear,
      plot_bgcolor: clear,
      xaxis: { ...axis, range: x },
      yaxis: { ...axis, range: y, scaleanchor: "x" },
      shapes: [],
    };
    const name = this.data.name;
    this.plot.setAttribute("aria-label", `Map ${name} of ${COUNT} clips: arrow keys go from clip to clip`);
    this.section.querySelector(".of").textContent = `Two dimensions, made from ${this.data.of}`;
    this.recolour();
  }

  /** Show another colouring, with no group hidden. */
  recolour() {
    this.hidden.clear();
    const notes = new Set([...this.data.notes, ...this.colouring.notes]);
    const items = [...notes].map((note) => make("li", { textContent: note }));
    this.section.querySelector(".notes").replaceChildren(...items);
    this.section.querySelector(".legend").replaceChildren(...legend(this));
    this.told.changed();
  }

  /** Draw the tracks that every map's legend allows. */
  draw(visible) {
    const { x, y } = this.data;
    const there = ORDER.filter((track) => visible[track] && x[track] !== null);
    const parts = this.colouring.codes ? this.byGroup(there) : this.byValue(there);
    this.tracksDrawn = parts.map((part) => part.tracks);
    const size = COUNT < 1000 ? 9 : COUNT < 6000 ? 6 : 4;
    const line = { width: size > 4 ? 0.6 : 0, color: dark.matches ? "#00000090" : "#00000070" };
    const traces = parts.map((part) => ({
      type: "scattergl",
      mode: "markers",
      // Only events; Plotly's own labels would read titles as markup.
      hoverinfo: "none",
      x: Float32Array.from(part.tracks, (track) => x[track]),
      y: Float32Array.from(part.tracks, (track) => y[track]),
      marker: { size, opacity: 0.9, line, ...part.marker },
    }));
    const first = !this.plot.data;
    // The layout keeps the zoom of the user.
    this.drawn = Plotly.react(this.plot, traces, this.layout, CONFIG);
    if (first) this.listen();
  }

  /** Tracks by the shape of their group, above those without a group. */
  byGroup(tracks) {
    const { codes, colours } = this.colouring;
    const n = DATA.colours.length;
    const shapeOf = (track) => Math.floor(colours[codes[track]] / n) % SHAPES.length;
    const grouped = tracks.filter((track) => codes[track] >= 0);
    const rest = tracks.filter((track) => codes[track] < 0);
    const scale = DATA.colours.flatMap((_, i) => [[i / n, shade(i)], [(i + 1) / n, shade(i)]]);
    const parts = SHAPES.map((symbol, shape) => {
      const of = grouped.filter((track) => shapeOf(track) === shape);
      const color = of.map((track) => colours[codes[track]] % n);
      return { tracks: of, marker: { symbol, color, colorscale: scale, cmin: -0.5, cmax: n - 0.5 } };
    });
    const below = { tracks: rest, marker: { color: DATA.rest, opacity: 0.5 } };
    return [below, ...parts].filter((part) => part.tracks.length);
  }

  /** Tracks by a number, on a scale that is readable for the colour-blind. */
  byValue(tracks) {
    const { values } = this.colouring;
    const [cmin, cmax] = middle(values);
    const known = tracks.filter((track) => values[track] !== null);
    const color = known.map((track) => values[track]);
    return [{ tracks: known, marker: { color, colorscale: "Cividis", cmin, cmax } }];
  }

  listen() {
    const trackOf = ({ points: [point] }) => this.tracksDrawn[point.curveNumber][point.pointNumber];
    this.plot.on("plotly_hover", (event) => this.told.over(trackOf(event), this));
    this.plot.on("plotly_unhover", () => this.told.out());
    this.plot.on("plotly_click", (event) => this.told.pin(trackOf(event)));
  }

  /** Mark the pinned track, with lines to its neighbours, the one pointed at, and those found. */
  mark({ pinned, over, found }) {
    const ink = getComputedStyle(this.section).color;
    const ring = (track, radius, width) => ({
      type: "circle",
      xsizemode: "pixel",
      ysizemode: "pixel",
      xanchor: this.data.x[track],
      yanchor: this.data.y[track],
      ...{ x0: -radius, x1: radius, y0: -radius, y1: radius },
      line: { color: ink, width },
    });
    const spoke = (from, to) => ({
      type: "line",
      ...{ x0: this.data.x[from], y0: this.data.y[from] },
      ...{ x1: this.data.x[to], y1: this.data.y[to] },
      line: { color: ink, width: 1, dash: "dot" },
    });
    const here = (track) => track !== null && this.data.x[track] !== null;
    const shapes = found.filter(here).slice(0, RINGS).map((track) => ring(track, 7, 1.5));
    if (here(pinned)) {
      for (const near of this.data.neighbours[pinned].filter(here)) {
        shapes.push(spoke(pinned, near), ring(near, 6, 1));
      }
      shapes.push(ring(pinned, 10, 3));
    }
    if (here(over)) shapes.push(ring(over, 8, 2));
    this.layout.shapes = shapes;
    Plotly.relayout(this.plot, { shapes });
  }

  /** The place of a track: pixels from the left and top of the window. */
  place(track) {
    const { xaxis, yaxis } = this.plot._fullLayout;
    const box = this.plot.getBoundingClientRect();
    return {
      x: box.left + xaxis._offset + xaxis.l2p(this.data.x[track]),
      y: box.top + yaxis._offset + yaxis.l2p(this.data.y[track]),
    };
  }

  /** The drawn track nearest to another in a direction, [1, 0] being right and [0, 1] up. */
  next(track, [right, up]) {
    const { x, y } = this.data;
    let best = track;
    let least = Infinity;
    for (const other of this.tracksDrawn.flat()) {
      const [dx, dy] = [x[other] - x[track], y[other] - y[track]];
      const along = dx * right + dy * up;
      const across = Math.abs(dx * up - dy * right);
      if (along > 0 && across <= along && along + 2 * across < least) {
        least = along + 2 * across;
        best = other;
      }
    }
    return best;
  }

  /** The drawn track nearest to the middle of the visible part. */
  central() {
    const [x, y] = ["xaxis", "yaxis"].map((axis) => mean(this.plot._fullLayout[axis].range));
    const far = (track) => (this.data.x[track] - x) ** 2 + (this.data.y[track] - y) ** 2;
    return this.tracksDrawn.flat().reduce((a, b) => (far(b) < far(a) ? b : a));
  }

  /** The rank of `other` among the tracks nearest to `track` on this map, from 1. */
  rank(track, other) {
    const { x, y } = this.data;
    const far = (one) => (x[one] - x[track]) ** 2 + (y[one] - y[track]) ** 2;
    const limit = far(other);
    let place = 1;
    for (let one = 0; one < COUNT; one += 1) {
      if (one !== track && x[one] !== null && far(one) < limit) place += 1;
    }
    return place;
  }

  /** Scale the visible ranges by `factor` around their middle; 0 shows all. */
  zoom(factor) {
    const ranges = {};
    for (const [name, values] of [["xaxis", this.data.x], ["yaxis", this.data.y]]) {
      const now = this.plot._fullLayout[name].range;
      const half = (factor * (now[1] - now[0])) / 2;
      const range = factor ? [mean(now) - half, mean(now) + half] : limits(values);
      ranges[`${name}.range`] = range;
    }
    Plotly.relayout(this.plot, ranges);
  }
}

function mean([low, high]) {
  return (low + high) / 2;
}

/** The range of values, with a margin. */
function limits(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value !== null) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  const margin = MARGIN * (high - low || 1);
  return [low - margin, high + margin];
}

/** The range of values without the lowest and the highest 2 %. */
function middle(values) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  return [at(0.02), at(0.98)];
}

/** The legend of a map: a switch for each group, or a scale. */
function legend(map) {
  const of = map.colouring;
  if (!of.codes) {
    const [low, high] = middle(of.values).map((value) => value.toFixed(of.decimals));
    return [make("div", { className: "scale" },
      make("span", { textContent: `≤ ${low}` }), make("i"),
      make("span", { textContent: `≥ ${high}` }), make("span", { textContent: of.unit }))];
  }
  const counts = new Map(counted(of.codes));
  const codes = [...of.names.keys(), -1].filter((code) => counts.has(code));
  const boxes = [];
  const entries = codes.map((code) => {
    const name = code < 0 ? of.rest : of.names[code];
    const box = make("input", { type: "checkbox", checked: true });
    box.onchange = () => {
      map.hidden[box.checked ? "delete" : "add"](code);
      map.told.changed();
    };
    boxes.push({ box, code });
    const about = make("button", { type: "button", className: "about", textContent: "i",
      "aria-label": `About ${name}`, onclick: () => map.told.about(of, code) });
    const label = make("label", {}, box, swatch(of, code), words(name),
      make("small", { textContent: counts.get(code) }));
    return make("li", {}, label, of.cards && code >= 0 ? about : null);
  });
  map.only = (chosen) => {
    for (const { box, code } of boxes) {
      box.checked = chosen === null || code === chosen;
      map.hidden[box.checked ? "delete" : "add"](code);
    }
    map.told.changed();
  };
  const all = make("button", { type: "button", textContent: "All", onclick: () => map.only(null) });
  const none = make("button", { type: "button", textContent: "None",
    onclick: () => map.only(undefined) });
  return [make("div", { className: "which" }, all, none), make("ul", {}, ...entries)];
}

const SVG = "http://www.w3.org/2000/svg";
// Outlines of SHAPES in a square of 12.
const OUTLINES = [
  "M6 1A5 5 0 1 1 5.99 1Z", "M6 1L11 10.5H1Z", "M1.5 1.5H10.5V10.5H1.5Z", "M6 0L12 6L6 12L0 6Z",
  "M6 11L1 1.5H11Z", "M4 1H8V4H11V8H8V11H4V8H1V4H4Z",
  "M3 1L6 4L9 1L11 3L8 6L11 9L9 11L6 8L3 11L1 9L4 6L1 3Z",
  "M6 0L7.8 4.1L12 4.6L8.9 7.5L9.7 12L6 9.8L2.3 12L3.1 7.5L0 4.6L4.2 4.1Z",
];

/** The shape and colour of a group's points. */
function swatch(of, code) {
  const picture = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const slot = code < 0 ? 0 : of.colours[code];
  picture.setAttribute("viewBox", "0 0 12 12");
  picture.setAttribute("aria-hidden", "true");
  path.setAttribute("d", OUTLINES[Math.floor(slot / DATA.colours.length) % OUTLINES.length]);
  path.setAttribute("fill", code < 0 ? DATA.rest : shade(slot));
  picture.append(path);
  return picture;
}
