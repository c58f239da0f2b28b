"""Agreement with language and genre, against scikit-learn on collections with known answers."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from hybridmusic.evaluation.halves import halves, strata
from hybridmusic.studies import language

pytestmark = pytest.mark.numerical

GENRES = {"english": ["Pop", "metal", "blues"], "bangla": ["pop", "Metal", "Folk"]}
SHARED = {"pop": 0, "metal": 1, "blues": 2, "folk": 3}


@pytest.fixture(scope="module")
def tracks():
    rows = [
        (f"{name}/{genre}/{song}/{clip}", name, genre, f"{name}/{genre}/{song}")
        for name, genres in GENRES.items()
        for genre in genres
        for song in range(10)
        for clip in range(2)
    ]
    return pd.DataFrame(rows, columns=["id", "language", "genre", "unit"]).set_index("id")


@pytest.fixture(scope="module")
def clusterings(tracks):
    """Return clusterings by genre, by language alone, and by genre with noise."""
    random = np.random.default_rng(0)
    genre = tracks["genre"].str.casefold().map(SHARED).to_numpy()
    noisy = [np.where(random.random(len(genre)) < 0.4, random.integers(4, size=120), genre)]
    noisy.append(np.where(random.random(len(genre)) < 0.4, random.integers(4, size=120), genre))
    result = {"genre": [genre], "language": [(tracks["language"] == "bangla") * 1], "noisy": noisy}

    def table(members, k):
        parts = [
            pd.DataFrame({"id": tracks.index, "seed": seed, "k": k, "cluster": np.asarray(one)})
            for seed, one in enumerate(members)
        ]
        return pd.concat(parts).astype({"k": "Int64"})

    tables = {name: table(members, 4) for name, members in result.items()}
    return tables | {"free": table([genre], None), "other_k": table([genre], 9)}


METHODS = language.described(
    ["genre", "language", "noisy", "free", "other_k"],
    ["Scaled", "By language", "Learned", "Free", "Other"],
    ["a", "b", "c", "d", "e"],
    ["language", "none", "none", "genre", "none"],
    ["scaled", "", "", "conditioned", ""],
    [False, False, True, True, False],
    pd.DataFrame({"language": ["english", "bangla"], "genre": ["pop", None]}),
)


@pytest.fixture(scope="module")
def drawn(tracks):
    return pd.DataFrame(halves(tracks["unit"], strata(tracks), 20, 0), columns=tracks.index)


def refitted(clusterings, drawn):
    """Return clusters of every half: those of the whole, but random ones for a tenth of it."""
    random, refits = np.random.default_rng(1), {}
    for name, table in clusterings.items():
        first = table[table["seed"] == 0]
        parts = []
        for half, chosen in enumerate(drawn.to_numpy()):
            own = first[first["id"].isin(drawn.columns[chosen])]
            clusters = own["cluster"].where(random.random(len(own)) > 0.1, 0)
            parts.append(own.assign(half=half, cluster=clusters))
        refits[name] = pd.concat(parts)
    return refits


@pytest.fixture(scope="module")
def compared(tracks, clusterings, drawn):
    refits = refitted(clusterings, drawn)
    result = language.compare(clusterings, refits, METHODS, tracks, drawn, 4, 0)
    return result.set_index("method")


def test_methods_are_described_by_their_effective_conditions():
    assert METHODS["family"].to_list() == [
        *("plain", "plain", "learned", "shown the genres", "plain")
    ]
    # Genres reveal the language as well, so conditioning on them is no remedy.
    assert METHODS["remedy"].to_list() == ["scaled", "", "", "", ""]
    alone = pd.DataFrame({"language": ["english"], "genre": [None]})
    methods = language.described(["x"], ["X"], ["x"], ["language"], ["scaled"], [False], alone)
    assert methods.loc["x", ["label", "remedy"]].to_list() == ["X", ""]


def test_clusters_of_genre_or_of_language_alone(compared):
    assert list(compared.index) == ["genre", "language", "noisy", "free"]
    row = compared.loc["genre"]
    assert row[["shared_nmi", "shared_ari", "inside_nmi"]].to_list() == pytest.approx([1, 1, 1])
    # Names differ by case, so there are six genres and four clusters.
    assert 0 < row["genre_nmi"] < 1
    row = compared.loc["language"]
    assert row["language_nmi"] == pytest.approx(1)
    assert row[["shared_nmi", "inside_nmi"]].to_list() == pytest.approx([0, 0])
    assert row["shared_ari"] < 0.01


def test_scores_are_those_of_scikit_learn_and_means_over_seeds(compared, tracks, clusterings):
    names = tracks["genre"].str.casefold()
    shared = names.isin(["pop", "metal"])
    expected = {"shared_nmi": [], "shared_ari": [], "language_nmi": [], "inside_nmi": []}
    for _, result in clusterings["noisy"].groupby("seed"):
        clusters = result.set_index("id")["cluster"].loc[tracks.index]
        pair = names[shared], clusters[shared]
        expected["shared_nmi"].append(normalized_mutual_info_score(*pair))
        expected["shared_ari"].append(adjusted_rand_score(*pair))
        expected["language_nmi"].append(normalized_mutual_info_score(tracks["language"], clusters))
        for one in GENRES:
            inside = tracks["language"] == one
            score = normalized_mutual_info_score(tracks["genre"][inside], clusters[inside])
            expected["inside_nmi"].append(score)
    for name, values in expected.items():
        assert compared.loc["noisy", name] == pytest.approx(np.mean(values)), name


def test_intervals_are_students_of_the_differences_between_halves(
    compared, tracks, clusterings, drawn
):
    refits = refitted(clusterings, drawn)["noisy"]
    names, scores = tracks["genre"].str.casefold(), []
    for _, half in refits.groupby("half"):
        clusters = half.set_index("id")["cluster"]
        label = names[clusters.index]
        kept = label.isin(["pop", "metal"])
        scores.append(normalized_mutual_info_score(label[kept], clusters[kept]))
    split = (np.array(scores[::2]) - np.array(scores[1::2])) / 2
    margin = t.ppf(0.95, 9) * split.std(ddof=1)
    row = compared.loc["noisy"]
    ends = row["shared_nmi"] - margin, row["shared_nmi"] + margin
    assert row[["shared_nmi_low", "shared_nmi_high"]].to_list() == pytest.approx(
        np.clip(ends, 0, 1)
    )
    assert row["scaled"] == "genre"
    assert pd.isna(compared.loc["genre", "scaled"])
    assert row["difference"] == pytest.approx(row["shared_nmi"] - 1)
    assert row["difference_high"] < 0


def test_a_space_without_all_tracks_is_compared_on_those_it_has(tracks, clusterings, drawn):
    without = clusterings["noisy"][lambda rows: ~rows["id"].str.contains("pop/0")]
    tables = {"genre": clusterings["genre"], "noisy": without}
    # Neither was fitted again: halves have the clusters of the whole collection.
    result = language.compare(tables, {}, METHODS, tracks, drawn, 4, 0).set_index("method")
    assert np.isfinite(result.loc["noisy", ["shared_nmi_low", "difference_low"]].to_list()).all()
    assert result.loc["noisy", "shared_nmi_low"] < result.loc["noisy", "shared_nmi"]


def test_without_shared_genres_only_their_scores_are_left_out(tracks, clusterings, drawn):
    apart = tracks.assign(genre=tracks["language"] + tracks["genre"])
    result = language.compare(clusterings, {}, METHODS, apart, drawn, 4, 0)
    assert "shared_nmi" not in result
    assert result["language_nmi"].notna().all()
    unknown = language.compare(clusterings, {}, METHODS, tracks.assign(genre=None), drawn, 4, 0)
    assert "genre_nmi" not in unknown


def test_the_number_of_shared_genres_is_compared_if_all_methods_have_it(tracks, clusterings):
    several = {
        name: pd.concat([clusterings[name], clusterings[name].assign(k=2)])
        for name in ("genre", "noisy")
    }
    free = {"free": clusterings["free"]}
    assert language.numbers_of_clusters(several | free, tracks, 4) == [4, 2]
    assert language.numbers_of_clusters(several | free, tracks, 2) == [2]
    one = {"language": clusterings["language"]}
    assert language.numbers_of_clusters(several | one, tracks, 4) == [4]
    assert language.numbers_of_clusters(free, tracks, 4) == [4]
    assert language.numbers_of_clusters(several, tracks.assign(language="x"), 4) == []
