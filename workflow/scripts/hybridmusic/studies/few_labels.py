"""Learning from the genres of a few songs, scored on songs whose genre was never told.

Between what needs no label and what needs all of them lies a VAE that is told some (see
`networks/semi_supervised_vae.py`). Beside it stands a classifier that knows nothing but the same
labelled tracks: only what is above that has been learned from the tracks without a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from hybridmusic.clusterers import kmeans
from hybridmusic.evaluation.classifier import classifier
from hybridmusic.evaluation.resampling import interval, song_weights
from hybridmusic.evaluation.uncertainty import resampled_mean, resampled_scores
from hybridmusic.tables.few_labels import ACCURACY, ARI, CLASSIFIER, DIFFERENCE, LATENT, NMI, SVM
from hybridmusic.training import loop
from hybridmusic.training.held_out import split_songs_by_genre
from hybridmusic.training.labels import targets

KIND = "semi_supervised_vae"
AGREEMENT = (NMI, ARI)


def learn(
    x: np.ndarray,
    songs: Sequence[str],
    genres: Sequence[str | None],
    shares: list[float],
    seeds: list[int],
    settings: dict,
    *,
    held_out: float,
    resamples: int,
    device: str = "cpu",
) -> pd.DataFrame:
    """Learn from each of `shares` of the labels, for each seed, and score on songs held out.

    Parameters
    ----------
    x : (seeds or 1, tracks, features); the networks see those of all tracks
    songs, genres : of the tracks; None is an unknown genre
    shares : of the songs not held out that are told, 0..1
    settings : of the kind; its `labels` are not used
    held_out : share of the songs that no label is told of, the same for all

    Returns `few_labels` of the table schemas: the K-Means clusters of the latents, as many as there
    are genres; what the network's own classifier takes the songs for; what a support vector machine
    does that was fitted to `x` of the same tracks; and the difference of these two. Intervals are
    of 90 %, over songs and seeds. Empty without two genres, or without any of two songs.
    """
    songs, genres = np.asarray(songs), np.asarray(genres, dtype=object)
    held = split_songs_by_genre(songs, genres, held_out, seeds[0])
    # What is held out has no genre for anybody who learns.
    known = np.where(held, None, genres)
    classes = np.unique(known[pd.notna(known)].astype(str))
    scored = held & pd.notna(genres)
    if len(classes) < 2 or not scored.any():
        return pd.DataFrame()
    members = list(product(shares, seeds))
    told = targets(songs, known, *zip(*members, strict=True))
    x = x if len(x) == 1 else np.concatenate([x] * len(shares))
    z, read = _networks(x, told, members, settings, device)
    labels, random = genres.astype(str), np.random.default_rng(seeds[0])
    weights = song_weights(songs[scored], resamples, random)
    drawn = random.integers(len(seeds), size=(resamples, len(seeds)))
    found = []
    for number, (_, seed) in enumerate(members):
        own, is_told = x[number % len(x)], told[number].any(axis=1)
        ways = {LATENT: kmeans.cluster(z[number], len(classes), seed)[scored]}
        if is_told.any():
            ways[CLASSIFIER] = classes[read[number][scored]]
            ways[SVM] = classifier().fit(own[is_told], labels[is_told]).predict(own[scored])
        found.append(_scored(ways, labels[scored], songs[scored], weights))
    rows = []
    for number, share in enumerate(shares):
        of_share = slice(number * len(seeds), (number + 1) * len(seeds))
        n_songs = len(np.unique(songs[told[of_share.start].any(axis=1)]))
        about = {"share": share, "songs": n_songs, "tracks": int(scored.sum())}
        for (way, metric), around in _surrounded(found[of_share], drawn).items():
            rows.append(about | {"way": way, "metric": metric} | around)
    return pd.DataFrame(rows)


def _networks(
    x: np.ndarray, told: np.ndarray, members: list[tuple], settings: dict, device: str
) -> tuple[np.ndarray, np.ndarray]:
    """Latent means (members, tracks, d), and which genre each network takes each track for."""
    seeds = [seed for _, seed in members]
    settings = settings | {"n_labels": told.shape[-1]}
    network = loop.build(KIND, x.shape[-1], 0, seeds, settings)
    nothing = np.zeros((x.shape[1], 0), dtype=np.float32)
    loop.train(network, x, nothing, seeds, settings, device, labels=told)
    latent = loop.encode(network, x, nothing).latent
    return latent, loop.classify(network, latent).argmax(axis=2)


def _scored(ways: dict[str, np.ndarray], genres, songs, weights: np.ndarray) -> dict:
    """Of each way and metric its value, and its values on resamples of songs, (1 + n,)."""
    once = np.concatenate([np.ones((1, weights.shape[1]), dtype=int), weights])
    found = {}
    for way, groups in ways.items():
        agreement = resampled_scores(groups, genres, songs, once)
        found |= {(way, metric): agreement[metric] for metric in AGREEMENT}
        if way != LATENT:
            found[way, ACCURACY] = resampled_mean((groups == genres).astype(float), songs, once)
    for metric in (*AGREEMENT, ACCURACY) if SVM in ways else ():
        found[DIFFERENCE, metric] = found[CLASSIFIER, metric] - found[SVM, metric]
    return found


def _surrounded(found: list[dict], drawn: np.ndarray) -> dict:
    """Of each way and metric its mean over seeds, and what surrounds it.

    `found` has one result of `_scored` for each seed; `drawn` are the seeds of each resample,
    (n, seeds).
    """
    surrounded = {}
    for key in found[0]:
        scores = np.stack([one[key] for one in found])
        value = float(scores[:, 0].mean())
        resampled = scores[drawn, np.arange(1, len(drawn) + 1)[:, np.newaxis]].mean(axis=1)
        low, high = interval(resampled, value)
        deviation = float(scores[:, 0].std(ddof=1)) if len(scores) > 1 else 0.0
        surrounded[key] = {"value": value, "deviation": deviation, "low": low, "high": high}
    return surrounded
