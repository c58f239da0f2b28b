"""Make the data of the explorer's page from spaces, clusterings and tables of tracks.

All text reaches the page as JSON in which no character can end a script.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hybridmusic.clusterings.matching import matched
from hybridmusic.clusterings.table import coverage
from hybridmusic.descriptors.culture import SAID
from hybridmusic.explorer.cards import cards
from hybridmusic.figures import palette
from hybridmusic.sound.features import STATISTICS
from hybridmusic.tables.flags import flags
from hybridmusic.tables.marks import marked
from hybridmusic.terms import ELSEWHERE, GENRE, LANGUAGE, NOISE, NONE
from hybridmusic.text import sentences
from hybridmusic.tracks.conditions import effective

# Units of descriptors, and their meaningful decimals.
UNITS = {
    "tempo": ("BPM", 0),
    "energy": ("RMS", 3),
    "brightness": ("Hz", 0),
    "rhythm": ("deviation of the chromagram", 3),
}
SAW = {
    GENRE: "was shown the genres, so agreement with genre is no discovery",
    LANGUAGE: "uses the languages of the tracks",
    ELSEWHERE: "is made with a model that was trained on other data",
}
DIGITS = 4  # of a coordinate


@dataclass(frozen=True)
class Tracks:
    """Tables of the tracks, all in the order of `ids`."""

    catalogue: pd.DataFrame  # title, language, genre, song; the index is the ids
    features: pd.DataFrame
    sentences: pd.DataFrame

    @classmethod
    def joined(cls, catalogue, features, sentences) -> Tracks:
        """Select the tracks that have features from tables as they are on disk."""
        ids = features["id"]
        return cls(*(table.set_index("id").loc[ids] for table in (catalogue, features, sentences)))

    @property
    def ids(self) -> pd.Index:
        """Ids of the tracks."""
        return self.catalogue.index

    def rows(self, ids) -> np.ndarray:
        """Return the rows of these ids."""
        return self.ids.get_indexer(ids)


@dataclass(frozen=True)
class Space:
    """One seed of a space: the ids that it has, and their vectors (tracks, d)."""

    name: str
    ids: list[str]
    x: np.ndarray
    condition: str = NONE  # as configured
    measures: dict[str, float] = field(default_factory=dict)

    def notes(self, tracks: Tracks) -> list[str]:
        """Return the sentences to show with this space."""
        saw = SAW.get(effective(self.condition, tracks.catalogue))
        return [f"{self.name} {saw}", *self.flags] if saw else self.flags

    @property
    def flags(self) -> list[str]:
        """Sentences on its degeneracy."""
        return [f"{self.name} {reason}" for reason in degenerate(self.measures)]


def degenerate(measures: dict[str, float]) -> list[str]:
    """Say in words how a space or a clustering is degenerate."""
    return [f"is degenerate: {flag}" for flag in flags(measures)]


def described_map(space: Space, parents: list[Space], near: pd.DataFrame, tracks: Tracks) -> dict:
    """Describe a space of two dimensions, made from `parents`, as a map; `near` is of `maps`."""
    rows = tracks.rows(space.ids)
    places = np.full((len(tracks.ids), 2), np.nan)
    places[rows] = space.x
    near = near.set_index("id")
    trust = near["trust"].reindex(tracks.ids).to_numpy(dtype=float)
    known = near["neighbours"].reindex(tracks.ids)
    origins = [f"{parent.name}, {parent.x.shape[1]} dimensions" for parent in parents]
    return {
        "name": space.name,
        "of": " and ".join(origins) or f"{space.name} itself",
        "notes": space.notes(tracks) + [flag for parent in parents for flag in parent.flags],
        "x": _numbers(places[:, 0], DIGITS),
        "y": _numbers(places[:, 1], DIGITS),
        "trust": _numbers(trust, 3),
        "neighbours": [
            tracks.rows(ids).tolist() if isinstance(ids, (list, np.ndarray)) else []
            for ids in known
        ],
    }


def by_label(name: str, rest: str, tracks: Tracks) -> dict | None:
    """Colour tracks by a column of labels, `rest` without one; None if it has fewer than two."""
    values = tracks.catalogue[name]
    names = sorted(values.dropna().unique())
    if len(names) < 2:
        return None
    colours = None
    if name == LANGUAGE:
        shades = palette.languages(names)
        colours = [palette.COLOURS.index(shades[language]) for language in names]
    return {
        "key": name,
        "label": name.capitalize(),
        "family": "Labels",
        "names": names,
        "codes": pd.Index(names).get_indexer(values).tolist(),
        "colours": colours or list(range(len(names))),
        "rest": rest,
        "notes": [],
    }


def by_descriptor(name: str, tracks: Tracks) -> dict:
    """Colour tracks by a descriptor of their sound."""
    unit, decimals = UNITS[name]
    return {
        "key": name,
        "label": name.capitalize(),
        "family": "Sound",
        "unit": unit,
        "decimals": decimals,
        "values": _numbers(tracks.features[name].to_numpy(dtype=float), max(1, decimals)),
        "notes": [],
    }


def by_clusters(
    key: str,
    label: str,
    family: str,
    clusters: pd.Series,
    space: Space,
    tracks: Tracks,
    like: np.ndarray,
) -> dict:
    """Colour tracks by one clustering of a space, and make a card for each cluster.

    `clusters` are by id. The label gets the mark of the space's condition. Colours follow those of
    `like` (tracks,), the clusters of another clustering.
    """
    rows = tracks.rows(clusters.index)
    groups = clusters.to_numpy()
    everywhere = spread(clusters, tracks)
    numbers = np.unique(groups[groups != NOISE])
    label = marked(label, space.condition, tracks.catalogue)
    x = space.x[pd.Index(space.ids).get_indexer(clusters.index)]
    described = cards(
        *(groups, said(tracks.sentences.iloc[rows]), measured(tracks.features.iloc[rows])),
        *(x, tracks.catalogue["song"].iloc[rows]),
    )
    for card in described:
        card["exemplars"] = rows[card["exemplars"]].tolist()
    colours = matched(everywhere, like)
    first = {number: int(colours[everywhere == number][0]) for number in numbers}
    collapsed = [f"{label} {reason}" for reason in degenerate(coverage(groups))]
    return {
        "key": key,
        "label": label,
        "family": family,
        "names": [f"Cluster {number}" for number in numbers],
        "codes": pd.Index(numbers).get_indexer(everywhere).tolist(),
        "colours": [first[number] for number in numbers],
        "rest": "noise, or not clustered",
        "notes": [*space.notes(tracks), *collapsed],
        "cards": described,
    }


def spread(clusters: pd.Series, tracks: Tracks) -> np.ndarray:
    """Return the clusters of all tracks, (tracks,); tracks without a cluster count as noise."""
    return clusters.reindex(tracks.ids, fill_value=NOISE).to_numpy()


def said(sentences_of: pd.DataFrame) -> pd.DataFrame:
    """Return the English words of each track's sentence, a column for each descriptor."""
    words = sentences.WORDINGS["english"]
    return pd.DataFrame(
        {
            name: np.array(words[name])[sentences_of[name].to_numpy(dtype=int)]
            for name in (*sentences.DESCRIPTORS, *SAID)
            if name in sentences_of
        }
    )


def measured(features: pd.DataFrame) -> pd.DataFrame:
    """Return the descriptors and mean MFCCs of each track, by their names."""
    named = {name: features[name].to_numpy(dtype=float) for name in sentences.DESCRIPTORS}
    means = np.stack(features["mfcc"])[:, STATISTICS.index("mean") :: len(STATISTICS)]
    return pd.DataFrame(named | {f"MFCC {n}": mean for n, mean in enumerate(means.T, 1)})


def page(
    run: str, tracks: Tracks, maps: list[dict], colourings: list[dict], folders: list[int]
) -> dict:
    """Return the data of the page.

    Maps are of `described_map`, colourings of `by_label`, `by_clusters` and `by_descriptor`;
    `folders` are those of each track's clip, -1 without one.
    """
    catalogue, texts = tracks.catalogue, tracks.sentences["sentence"]
    distinct = sorted(texts.unique())
    return {
        "run": run,
        "colours": list(palette.COLOURS),
        "rest": palette.NOISE,
        "titles": catalogue["title"].tolist(),
        "ids": tracks.ids.tolist(),
        "genres": [None if pd.isna(genre) else genre for genre in catalogue["genre"]],
        "languages": catalogue["language"].tolist(),
        "songs": pd.factorize(catalogue["song"])[0].tolist(),
        "sentences": distinct,
        "sentence": pd.Index(distinct).get_indexer(texts).tolist(),
        "folders": folders,
        "maps": maps,
        "colourings": colourings,
    }


def script(data: dict) -> str:
    """Write a script that assigns `data` to `DATA`, in ASCII and without characters of markup."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"const DATA = {text};\n"


def _numbers(values: np.ndarray, decimals: int) -> list[float | None]:
    return [None if np.isnan(v) else v for v in np.round(values.astype(float), decimals).tolist()]
