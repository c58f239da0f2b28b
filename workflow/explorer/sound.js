// Plays clips, one at a time.
"use strict";

const sound = {
  element: document.getElementById("audio"),
  track: null,
  muted: false,
  there: DATA.folders.some((folder) => folder >= 0),

  has(track) {
    return DATA.folders[track] >= 0;
  },

  /** Play a track's clip from its start, if it has one and sound is on. */
  async play(track) {
    this.stop();
    if (this.muted || !this.has(track)) return;
    this.track = track;
    this.element.src = `clips/${DATA.folders[track]}/${track}.mp3`;
    try {
      await this.element.play();
    } catch (error) {
      // It is no error if the next clip interrupts this one.
      if (error.name === "NotAllowedError") {
        say("Click anywhere once: a browser keeps a page silent until then.");
      } else if (error.name !== "AbortError") {
        say("This clip cannot be played.");
      }
    }
  },

  stop() {
    this.element.pause();
    this.track = null;
  },

  mute(muted) {
    this.muted = muted;
    if (muted) this.stop();
  },
};
