"""From spaces, clusterings and what is known of tracks to the data of the page that shows them.

Whatever the tracks are called reaches the page as JSON in which nothing can end a script.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hybridmusic.clusterings.matching import matched
from hybridmusic.clusterings.table import NOISE, coverage
from hybridmusic.descriptors.culture import SAID
from hybridmusic.explorer.cards import cards
from hybridmusic.figures import palette
from hybridmusic.sound.features import STATISTICS
from hybridmusic.tables.flags import flags
from hybridmusic.tables.marks import marked
from hybridmusic.terms import ELSEWHERE
from hybridmusic.text import sentences
from hybridmusic.tracks.conditions import effective

# What descriptors are measured in, and decimals that say something.
UNITS = {
    "tempo": ("BPM", 0),
    "energy": ("RMS", 3),
    "brightness": ("Hz", 0),
    "rhythm": ("deviation of the chromagram", 3),
}
SAW = {
    "genre": "was shown the genres, so agreement with genre is no discovery",
    "language": "was told the language",
    ELSEWHERE: "is made with a model that was trained on other data",
}
DIGITS = 4  # of a coordinate


@dataclass(frozen=True)
class Tracks:
    """What is known of each track, in one order: that of `ids`."""

    catalogue: pd.DataFrame  # title, language, genre, song; the index is the ids
    features: pd.DataFrame
    sentences: pd.DataFrame

    @classmethod
    def joined(cls, catalogue, features, sentences) -> Tracks:
        """The tracks that have features, from the tables as they are on disk."""
        ids = features["id"]
        return cls(*(table.set_index("id").loc[ids] for table in (catalogue, features, sentences)))

    @property
    def ids(self) -> pd.Index:
        return self.catalogue.index

    def rows(self, ids) -> np.ndarray:
        """Which rows these ids are."""
        return self.ids.get_indexer(ids)


@dataclass(frozen=True)
class Space:
    """One seed of a space: the ids that it has, and their vectors (tracks, d)."""

    name: str
    ids: list[str]
    x: np.ndarray
    condition: str = "none"  # what it was told, as `conditions.effective` takes it
    measures: dict[str, float] = field(default_factory=dict)

    def notes(self, tracks: Tracks) -> list[str]:
        """What has to be said wherever this space is shown."""
        told = SAW.get(effective(self.condition, tracks.catalogue))
        return [f"{self.name} {told}", *self.flags] if told else self.flags

    @property
    def flags(self) -> list[str]:
        """What is degenerate of it."""
        return [f"{self.name} {what}" for what in degenerate(self.measures)]


def degenerate(measures: dict[str, float]) -> list[str]:
    """What is degenerate of a space or a clustering, in words."""
    return [f"is degenerate: {flag}" for flag in flags(measures)]


def described_map(space: Space, parents: list[Space], near: pd.DataFrame, tracks: Tracks) -> dict:
    """A space of two dimensions as the page draws it.

    `near` is its part of the table `maps`. A track that the space lacks has no place on the map.
    """
    rows = tracks.rows(space.ids)
    places = np.full((len(tracks.ids), 2), np.nan)
    places[rows] = space.x
    near = near.set_index("id")
    trust = near["trust"].reindex(tracks.ids).to_numpy(dtype=float)
    known = near["neighbours"].reindex(tracks.ids)
    of = [f"{parent.name}, {parent.x.shape[1]} dimensions" for parent in parents]
    return {
        "name": space.name,
        "of": " and ".join(of) or f"{space.name} itself",
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
    """Tracks coloured by `genre` or `language`; None if there are fewer than two of it."""
    values = tracks.catalogue[name]
    names = sorted(values.dropna().unique())
    if len(names) < 2:
        return None
    colours = None
    if name == "language":
        of_languages = palette.languages(names)
        colours = [palette.COLOURS.index(of_languages[language]) for language in names]
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
    """Tracks coloured by a descriptor of their sound."""
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
    """Tracks coloured by one clustering, with a card for each cluster.

    `clusters` is by id, and `space` what was clustered. Colours are those of `like`, the clusters
    (tracks,) of one that all are compared with, as far as clusters share their tracks.
    """
    rows = tracks.rows(clusters.index)
    found = clusters.to_numpy()
    everywhere = spread(clusters, tracks)
    numbers = np.unique(found[found != NOISE])
    label = marked(label, space.condition, tracks.catalogue)
    of_space = {name: row for row, name in enumerate(space.ids)}
    x = space.x[[of_space[name] for name in clusters.index]]
    told = cards(
        found,
        said(tracks.sentences.iloc[rows]),
        measured(tracks.features.iloc[rows]),
        x,
        tracks.catalogue["song"].iloc[rows],
    )
    for card in told:
        card["exemplars"] = rows[card["exemplars"]].tolist()
    colours = matched(everywhere, like)
    first = {number: int(colours[everywhere == number][0]) for number in numbers}
    collapsed = [f"{label} {what}" for what in degenerate(coverage(found))]
    return {
        "key": key,
        "label": label,
        "family": family,
        "names": [f"Cluster {number}" for number in numbers],
        "codes": pd.Index(numbers).get_indexer(everywhere).tolist(),
        "colours": [first[number] for number in numbers],
        "rest": "noise, or not clustered",
        "notes": [*space.notes(tracks), *collapsed],
        "cards": told,
    }


def spread(clusters: pd.Series, tracks: Tracks) -> np.ndarray:
    """Clusters by id as (tracks,); what was not clustered counts as noise."""
    return clusters.reindex(tracks.ids, fill_value=NOISE).to_numpy()


def said(sentences_of: pd.DataFrame) -> pd.DataFrame:
    """The words of each track's sentence, in English, a column for each descriptor."""
    words = sentences.WORDINGS["english"]
    return pd.DataFrame(
        {
            name: np.array(words[name])[sentences_of[name].to_numpy(dtype=int)]
            for name in (*sentences.DESCRIPTORS, *SAID)
            if name in sentences_of
        }
    )


def measured(features: pd.DataFrame) -> pd.DataFrame:
    """Descriptors and mean MFCCs of each track by their names."""
    named = {name: features[name].to_numpy(dtype=float) for name in sentences.DESCRIPTORS}
    means = np.stack(features["mfcc"])[:, STATISTICS.index("mean") :: len(STATISTICS)]
    return pd.DataFrame(named | {f"MFCC {n}": mean for n, mean in enumerate(means.T, 1)})


def page(
    run: str, tracks: Tracks, maps: list[dict], colourings: list[dict], folders: list[int]
) -> dict:
    """All that the page shows. `folders` has for each track that of its clip, or -1 for silence."""
    catalogue, told = tracks.catalogue, tracks.sentences["sentence"]
    distinct = sorted(told.unique())
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
        "sentence": pd.Index(distinct).get_indexer(told).tolist(),
        "folders": folders,
        "maps": maps,
        "colourings": colourings,
    }


def script(data: dict) -> str:
    """`data` as a script that assigns it to `DATA`, in ASCII and without a character of markup."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"const DATA = {text};\n"


def _numbers(values: np.ndarray, decimals: int) -> list[float | None]:
    return [None if np.isnan(v) else v for v in np.round(values.astype(float), decimals).tolist()]
