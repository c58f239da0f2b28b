"""Tracks and their reconstructions, whatever the tracks are called."""

import numpy as np
from drawing import NASTY, rendered, texts

from hybridmusic.figures import reconstructions


def test_chosen_tracks_go_from_easy_to_hard():
    errors = np.stack([np.arange(101.0)[::-1], np.arange(101.0)[::-1]])
    assert reconstructions.choose(errors, 3).tolist() == [90, 50, 10]
    assert reconstructions.choose(errors, 1).tolist() == [50]


def test_every_title_of_a_reconstruction_holds_its_error():
    x = np.random.default_rng(0).normal(size=(len(NASTY), 52))
    made = {"Good": x + 0.1, "Bad": x - 2.0}
    titles = [reconstructions.shortened(name, 22) for name in NASTY]
    figure = rendered(reconstructions.draw(x, made, titles, {"1": 0, "2": 12}))
    said = texts(figure)
    assert said.count("Good: MSE 0.010") == said.count("Bad: MSE 4.000") == len(NASTY)
    assert titles[0] == "$x_"
    assert len(titles[4]) == 22
    assert titles[5] == "line break"


def test_ticks_are_every_third_mfcc_or_round_numbers():
    assert reconstructions.ticks(52, True) == {"MFCC 1": 0, "4": 12, "7": 24, "10": 36, "13": 48}
    assert reconstructions.ticks(40, False) == {"0": 0, "10": 10, "20": 20, "30": 30}
    assert reconstructions.ticks(3, False) == {"0": 0, "1": 1, "2": 2}
