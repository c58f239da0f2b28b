"""Scale, drone and cycle: of sounds made for it, and of the demo's clips, whose truth is known."""

import numpy as np
import pandas as pd
import pytest
from samples import ODD, RATE, kaggle_table
from scipy.spatial.distance import cdist
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hybridmusic import kinds
from hybridmusic.demo import recipes, synthesis
from hybridmusic.descriptors import culture
from hybridmusic.errors import InputError
from hybridmusic.sound import spectra
from hybridmusic.text import sentences

COLUMNS = kinds.columns("culture")


def described(y: np.ndarray) -> dict[str, float]:
    return dict(zip(COLUMNS, culture.describe(spectra.Sound(y.astype(np.float32))), strict=True))


def note(hertz: float, seconds: float) -> np.ndarray:
    """Make a tone of eight partials that fades in and out."""
    t = np.arange(round(seconds * RATE)) / RATE
    partials = sum(np.sin(2 * np.pi * n * hertz * t) / n**1.5 for n in range(1, 9))
    return partials * np.minimum(1, 20 * np.minimum(t, t[::-1]))


def melody(tonic: float, cents: list[int], drone: bool = True) -> np.ndarray:
    """Up and down a scale, over its tonic and fifth if there is a drone."""
    notes = [*cents, 1200, *cents[:0:-1], 0]
    sung = np.concatenate([note(2 * tonic * 2 ** (c / 1200), 0.3) for c in notes])
    seconds = len(sung) / RATE
    below = note(tonic, seconds) + note(1.5 * tonic, seconds)
    return 0.1 * (sung + drone * below[: len(sung)])


MAJOR = [0, 200, 400, 500, 700, 900, 1100]
LIKE = {
    "major pentatonic": ([0, 200, 400, 700, 900], culture.PENTATONIC),
    "minor pentatonic": ([0, 300, 500, 700, 1000], culture.PENTATONIC),
    "major": (MAJOR, culture.MAJOR),
    "mixolydian": ([0, 200, 400, 500, 700, 900, 1000], culture.MAJOR),
    "dorian": ([0, 200, 300, 500, 700, 900, 1000], culture.MINOR),
    "minor": ([0, 200, 300, 500, 700, 800, 1000], culture.MINOR),
    "phrygian": ([0, 100, 300, 500, 700, 800, 1000], culture.FLAT_SECOND),
    "bhairav": ([0, 100, 400, 500, 700, 800, 1100], culture.FLAT_SECOND),
}


@pytest.mark.numerical
@pytest.mark.parametrize("name", LIKE)
@pytest.mark.parametrize("tonic", [131.0, 152.7, 173.1])
def test_tonic_and_scale_of_a_melody_over_a_drone(name, tonic):
    cents, like = LIKE[name]
    found = described(melody(tonic, cents))
    above_c = 1200 * np.log2(tonic / 440) + 900
    assert abs((found["tonic"] - above_c + 600) % 1200 - 600) <= 15
    assert found["scale"] == like
    assert found["drone"] == 1


@pytest.mark.numerical
def test_a_scale_is_the_same_wherever_it_is_sung_and_finer_than_semitones():
    names = culture.GROUPS["scale"]
    here, there = (described(melody(tonic, MAJOR)) for tonic in (131.0, 143.3))
    values = [np.array([found[name] for name in names]) for found in (here, there)]
    assert np.corrcoef(*values)[0, 1] > 0.98
    # A fourth degree that is a third of a semitone lower is in another column.
    sharp, lower = (
        described(melody(131.0, [0, 200, 400, fourth, 700, 900, 1100])) for fourth in (600, 567)
    )
    assert lower["scale_567"] > 1.5 * sharp["scale_567"]
    assert sharp["scale_600"] > 1.3 * lower["scale_600"]
    assert lower["off_grid"] > sharp["off_grid"]


@pytest.mark.numerical
def test_a_drone_is_steady_and_a_melody_is_none():
    with_drone, without = (described(melody(131.0, MAJOR, drone)) for drone in (True, False))
    assert with_drone["tonic_share_least"] > 0.2 > 0.02 > without["tonic_share_least"]
    assert (with_drone["drone"], without["drone"]) == (1, 0)


def strokes(pattern: str, tempo: float, seconds: float) -> np.ndarray:
    """Repeat a pattern, one character per beat: X low, x high, anything else silence."""
    random = np.random.default_rng(0)
    t = np.arange(RATE // 5) / RATE
    sounds = {
        "X": np.sin(2 * np.pi * 90 * t) * np.exp(-20 * t),
        "x": 0.5 * random.normal(size=len(t)) * np.exp(-60 * t),
    }
    y = 1e-5 * random.normal(size=round(seconds * RATE) + len(t))
    for beat in range(int(seconds * tempo / 60)):
        stroke = sounds.get(pattern[beat % len(pattern)])
        if stroke is not None:
            at = round(beat * 60 / tempo * RATE)
            y[at : at + len(t)] += 0.3 * stroke
    return y[: round(seconds * RATE)]


@pytest.mark.parametrize("tempo", [96.0, 120.0, 150.0])
@pytest.mark.parametrize(
    ("pattern", "beats"),
    [("Xxx", 3), ("XxXx" + "Xxxx", 8), ("Xxxx", 4), ("XxXxx", 5), ("XxxXXx", 6), ("XxxXxXx", 7)],
)
def test_a_cycle_is_named_at_any_tempo(pattern, beats, tempo):
    found = described(strokes(pattern, tempo, 12.0))
    assert found["cycle"] > 0
    # What repeats after six beats repeats after twelve too.
    assert culture.CYCLES[int(found["cycle"]) - 1] % beats == 0
    # Of three seconds too little is heard to name any.
    assert described(strokes(pattern, tempo, 3.0))["cycle"] == 0


@pytest.mark.numerical
def test_a_scale_transform_tells_patterns_at_whatever_tempo():
    names = culture.GROUPS["scale transform"]
    patterns = ("Xxx", "Xxxx", "XxXxx", "XxxXXx")
    slow, fast = (
        np.array([[found[name] for name in names] for found in of_tempo])
        for of_tempo in (
            [described(strokes(pattern, tempo, 20.0)) for pattern in patterns]
            for tempo in (90.0, 120.0)
        )
    )
    assert cdist(slow, fast).argmin(axis=1).tolist() == [0, 1, 2, 3]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ODD)
def test_odd_clips_have_finite_descriptors(name):
    assert np.isfinite(list(described(ODD[name]).values())).all()


def performed(
    genres: dict[str, list[str]], songs: int, seconds: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the factors and the culture descriptors of the first clip of every song."""
    rows = []
    for language, names in genres.items():
        for genre in names:
            for index in range(songs):
                clip = next(synthesis.clips(8, language, genre, index, seconds))
                rows.append({"genre": genre, **clip.factors, "unit": len(rows)})
                rows[-1]["found"] = described(clip.samples)
    table = pd.DataFrame(rows)
    return table.drop(columns="found"), pd.DataFrame(table["found"].to_list())


@pytest.fixture(scope="module")
def short():
    """Three seconds of six songs of every genre."""
    return performed(recipes.GENRES, 6, 3.0)


@pytest.fixture(scope="module")
def long():
    """Twelve seconds of thirty songs with cycles of 6, 8, 10 and 16 beats."""
    return performed({"bangla": ["Adhunik", "Folk"]}, 30, 12.0)


def tonic_is_right(factors: pd.DataFrame, found: pd.DataFrame) -> np.ndarray:
    """Within half a semitone, whatever the octave: one in twelve by chance."""
    above_c = 1200 * np.log2(factors["tonic"] / 440) + 900
    return np.abs((found["tonic"] - above_c + 600) % 1200 - 600) < 50


def read(found: pd.DataFrame, group: str, labels) -> float:
    """Balanced accuracy of a linear classifier on clips that it was not fitted on."""
    model = make_pipeline(
        StandardScaler(), LogisticRegression(C=0.05, max_iter=2000, class_weight="balanced")
    )
    x, folds = found[culture.GROUPS[group]], GroupKFold(5)
    predicted = cross_val_predict(model, x, labels, groups=np.arange(len(x)), cv=folds)
    return balanced_accuracy_score(labels, predicted)


def test_the_tonic_of_the_demos_clips(short, long):
    right = tonic_is_right(*short)
    assert right.mean() > 0.4
    assert right[short[0]["genre"].isin(["Folk", "Islamic"])].mean() > 0.8
    assert tonic_is_right(*long).mean() > 0.85


def test_the_mode_of_the_demos_clips(short, long):
    modes = [recipes.MODES[mode] for mode in short[0]["mode"]]
    assert read(short[1], "scale", [4 in mode for mode in modes]) > 0.6
    assert read(short[1], "scale", [1 in mode for mode in modes]) > 0.6
    modes = [recipes.MODES[mode] for mode in long[0]["mode"]]
    assert read(long[1], "scale", [4 in mode for mode in modes]) > 0.7
    assert read(long[1], "scale", [1 in mode for mode in modes]) > 0.7


def test_the_cycle_of_the_demos_clips(long):
    factors, found = long
    assert read(found, "metre", factors["cycle"]) > 0.45
    named = found["cycle"] > 0
    beats = culture.CYCLES[found["cycle"][named].astype(int) - 1]
    threes = np.isin(factors["cycle"][named], [3, 6, 12])
    assert named.mean() > 0.8
    assert balanced_accuracy_score(threes, np.isin(beats, [3, 6, 12])) > 0.7


def test_words_for_scale_drone_and_cycle():
    levels = pd.DataFrame(
        {"tempo": [1, 1], "energy": 2, "brightness": 2, "rhythm": 2, "scale": [0, 3]}
        | {"drone": [1, 0], "cycle": [4, 0]}
    )
    said = ["tempo", "energy", "brightness", "rhythm", "scale", "drone", "cycle"]
    assert sentences.write(levels, ["english", "english"], said) == [
        "Audio with medium tempo, high energy, bright sound, complex rhythm, "
        "pentatonic-like scale, steady drone, cycle of six beats",
        "Audio with medium tempo, high energy, bright sound, complex rhythm, "
        "flat-second scale, no steady drone, no clear cycle",
    ]
    assert sentences.write(levels[:1], ["bangla"], ["tempo", "cycle"]) == [
        "মাঝারি লয় ও ছয় মাত্রার আবর্তন সহ অডিও"
    ]
    assert sentences.write(levels[:1], ["english"], ["drone"]) == ["Audio with steady drone"]
    for wording in sentences.WORDINGS.values():
        assert len(set(wording["scale"])) == 4
        assert len(set(wording["drone"])) == 2
        assert len(set(wording["cycle"])) == len(culture.CYCLES) + 1


def test_words_need_the_sound_of_every_track():
    told = pd.DataFrame({"id": ["b", "a"], "scale": [1.0, 2.0], "cycle": [0.0, 9.0]})
    found = sentences.cultural_levels(told, pd.Series(["a", "b"]), ["cycle", "scale"])
    assert found.to_dict("list") == {"cycle": [9, 0], "scale": [2, 1]}
    with pytest.raises(InputError, match="names scale, which need sound, but 1 tracks have none"):
        sentences.cultural_levels(told, pd.Series(["a", "c"]), ["scale"])


CULTURE = {
    "audio": {"also": ["culture"]},
    "text": {"descriptors": ["tempo", "energy", "scale", "cycle"]},
    "spaces": {"culture": {"kind": "descriptors", "sets": ["culture"]}},
}


def test_a_run_tells_of_scales_and_cycles(project):
    project.write_config(**CULTURE, methods=[CLUSTERED, PLAIN], **SMALL)
    project.succeed(
        "results/tiny/clusterings/culture_ward.parquet", "results/tiny/tables/associations.csv"
    )
    told = pd.read_parquet(project.results / "sentences.parquet")
    assert told["sentence"].str.fullmatch(r"Audio with \w+ tempo, \w+ energy, .* scale, .*").all()
    assert told["sentence"].str.endswith(("no clear cycle", "beats")).all()
    frame = pd.read_parquet(project.results / "descriptors/culture.parquet")
    assert list(frame) == ["id", *COLUMNS]
    assert told["scale"].to_list() == frame["scale"].to_list()
    space = pd.read_parquet(project.results / "spaces/culture.parquet")
    assert {len(vector) for vector in space["vector"]} == {len(COLUMNS) - len(culture.ASIDE)}
    table = pd.read_csv(project.results / "tables/associations.csv")
    assert {"scale", "cycle"} <= set(table["Words"])


def test_feature_tables_have_no_culture_and_the_rest_runs(project):
    kaggle_table().to_csv(project.folder / "table.csv", index=False)
    sources = [{"name": "t", "path": "table.csv", "song": "file"}]
    more = {k: v for k, v in CULTURE.items() if k != "text"}
    project.write_config(**more, methods=[CLUSTERED, PLAIN], **SMALL, sources=sources)
    said = project.succeed("--dry-run", "clusterings")
    assert "Left out: the spaces culture, because no source has sound." in said
    assert "culture_ward" not in said
    assert "raw_kmeans" in said


CLUSTERED = {
    **{"name": "culture_ward", "label": "Culture", "task": "Culture"},
    **{"space": "culture", "clusterer": "ward"},
}
PLAIN = {
    **{"name": "raw_kmeans", "label": "Raw K-Means", "task": "Baseline"},
    **{"space": "audio", "clusterer": "kmeans"},
}
SMALL = {
    "statistics": {"baselines": ["raw_kmeans"]},
    "figures": {
        "umap_panel": [{"title": "Raw", "map": "umap_audio", "colour": "raw_kmeans"}],
        "genre_distribution": {"method": "raw_kmeans"},
        "reconstructions": {"networks": ["basic_vae"]},
    },
}
