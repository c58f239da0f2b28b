"""Few labels: a VAE learns from the genres of few songs or artists and is scored on others.

The network is between a VAE without labels and one with all of them (see
`networks/semi_supervised_vae.py`). A support vector machine fitted to the same labelled tracks is
the baseline: only what exceeds it was learned from tracks without a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from hybridmusic.clusterers import kmeans
from hybridmusic.evaluation.classifier import classifier
from hybridmusic.evaluation.estimate import Estimate
from hybridmusic.evaluation.resampling import unit_weights
from hybridmusic.evaluation.uncertainty import estimates, resampled_mean
from hybridmusic.terms import ACCURACY, ARI, CLASSIFIER, DIFFERENCE, LATENT, NMI, SVM
from hybridmusic.training import loop
from hybridmusic.training.held_out import split_units_by_genre
from hybridmusic.training.labels import targets

KIND = "semi_supervised_vae"
AGREEMENT = (NMI, ARI)
Estimates = dict[tuple[str, str], Estimate]  # by way of predicting and metric


def learn(
    x: np.ndarray,
    units: Sequence[str],
    genres: Sequence[str | None],
    shares: list[float],
    seeds: list[int],
    settings: dict,
    *,
    held_out: float,
    resamples: int,
    device: str = "cpu",
) -> pd.DataFrame:
    """Learn from each share of the labels, for each seed, and score on held-out units.

    Three predictions are scored: K-Means on the latents, as many clusters as there are genres; the
    network's own classifier; and a support vector machine fitted to `x` of the labelled tracks.

    Parameters
    ----------
    x : (seeds or 1, tracks, features); networks are trained on the features of all tracks
    units, genres : of the tracks, their artists or songs; None is an unknown genre
    shares : of the units not held out whose genres are shown, 0..1
    seeds : of the networks and of the units whose genres are shown
    settings : of the kind of network; its `labels` are not used
    held_out : share of the units whose genres are never shown, the same for all shares and seeds
    resamples : number of bootstrap resamples

    Returns
    -------
    `few_labels` of the table schemas, with 90 % intervals over units and seeds; empty without two
    genres or without held-out units
    """
    units, genres = np.asarray(units), np.asarray(genres, dtype=object)
    held = split_units_by_genre(units, genres, held_out, seeds[0])
    known = np.where(held, None, genres)  # all that a network or classifier may learn from
    classes = np.unique(known[pd.notna(known)].astype(str))
    scored = held & pd.notna(genres)
    if len(classes) < 2 or not scored.any():
        return pd.DataFrame()
    members = list(product(shares, seeds))
    shown = targets(units, known, list(classes), *zip(*members, strict=True))
    x = x if len(x) == 1 else np.concatenate([x] * len(shares))
    latents, predicted = _networks(x, shown, members, settings, device)
    labels, random = genres.astype(str), np.random.default_rng(seeds[0])
    weights = unit_weights(units[scored], resamples, random)
    drawn = random.integers(len(seeds), size=(resamples, len(seeds)))
    scores = []
    for number, (_, seed) in enumerate(members):
        own, labelled = x[number % len(x)], shown[number].any(axis=1)
        ways = {LATENT: kmeans.cluster(latents[number], len(classes), seed)[scored]}
        if labelled.any():
            ways[CLASSIFIER] = classes[predicted[number][scored]]
            ways[SVM] = classifier().fit(own[labelled], labels[labelled]).predict(own[scored])
        scores.append(_scored(ways, labels[scored], units[scored], weights))
    rows = []
    for number, share in enumerate(shares):
        of_share = slice(number * len(seeds), (number + 1) * len(seeds))
        n_units = len(np.unique(units[shown[of_share.start].any(axis=1)]))
        about = {"share": share, "songs": n_units, "tracks": int(scored.sum())}
        for (way, metric), columns in _over_seeds(scores[of_share], drawn).items():
            rows.append(about | {"way": way, "metric": metric} | columns)
    return pd.DataFrame(rows)


def _networks(
    x: np.ndarray, shown: np.ndarray, members: list[tuple], settings: dict, device: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the latent means (members, tracks, d) and predicted genres (members, tracks)."""
    seeds = [seed for _, seed in members]
    settings = settings | {"n_labels": shown.shape[-1]}
    network = loop.build(KIND, x.shape[-1], 0, seeds, settings)
    no_condition = np.zeros((x.shape[1], 0), dtype=np.float32)
    loop.train(network, x, no_condition, seeds, settings, device, labels=shown)
    latent = loop.encode(network, x, no_condition).latent
    return latent, loop.classify(network, latent).argmax(axis=2)


def _scored(ways: dict[str, np.ndarray], genres, units, weights: np.ndarray) -> Estimates:
    """Score the predictions of each way against genre."""
    scores = {}
    for way, groups in ways.items():
        agreement = estimates(groups, genres, units, weights)
        scores |= {(way, metric): agreement[metric] for metric in AGREEMENT}
        if way != LATENT:
            right = (groups == genres).astype(float)
            resampled = resampled_mean(right, units, weights)
            scores[way, ACCURACY] = Estimate(float(right.mean()), resampled)
    for metric in (*AGREEMENT, ACCURACY) if SVM in ways else ():
        scores[DIFFERENCE, metric] = scores[CLASSIFIER, metric] - scores[SVM, metric]
    return scores


def _over_seeds(scores: list[Estimates], drawn: np.ndarray) -> dict[tuple[str, str], dict]:
    """Return mean, deviation and interval over seeds of each way and metric.

    `scores` are of `_scored` for each seed. Each resample of units also draws seeds, (resamples,
    seeds).
    """
    columns = {}
    for key in scores[0]:
        values = np.array([one[key].value for one in scores])
        resampled = np.stack([one[key].resampled for one in scores])
        resampled = resampled[drawn, np.arange(len(drawn))[:, np.newaxis]].mean(axis=1)
        columns[key] = Estimate(float(values.mean()), resampled).columns()
        columns[key]["deviation"] = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return columns
