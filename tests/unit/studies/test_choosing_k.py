"""Numbers of clusters chosen without labels: planted clusters, none, and no label leakage."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from samples import near
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from adapters.studies import audit_labels, choose_k
from hybridmusic.spaces import radius
from hybridmusic.studies import choosing_k as choosing
from shared import job, steps


def choice(x, songs=None, candidates=(2, 3, 4, 5, 6, 7, 8, 9), seed=0):
    songs = np.arange(len(x)) if songs is None else songs
    members = [np.asarray(x, dtype=np.float32)]
    return choosing.chosen(choosing.stability(members, songs, candidates, 8, seed))


def blobs(k, n=300, spread=1.0, seed=0):
    return make_blobs(n, centers=np.eye(k, 10) * 8, cluster_std=spread, random_state=seed)[0]


@pytest.mark.numerical
@pytest.mark.parametrize("k", [2, 3, 5, 7])
def test_planted_clusters_are_counted(k):
    found = choice(blobs(k, spread=0.5))
    assert choosing.number(found) == k
    row = found.set_index("k").loc[k]
    # Over 10 seeds 0.996 ± 0.007 for seven clusters and more for fewer; the highest bar is
    # 0.976 ± 0.005, for two.
    assert row["stability"] == pytest.approx(1, abs=0.05)
    assert row["bar"] < 1


@pytest.mark.numerical
def test_clusters_of_clusters_are_counted_and_not_their_groups():
    far = make_blobs(400, centers=[[0, 0], [0, 9], [60, 0], [60, 9]], random_state=0)[0]
    found = choice(far)
    assert found.set_index("k")["stability"][[2, 4]].to_list() == pytest.approx([1, 1])
    assert choosing.number(found) == 4


LENGTHS = np.geomspace(6, 0.5, 8)
WITHOUT = {
    "round": lambda random: random.normal(size=(300, 8)),
    "long": lambda random: random.normal(size=(300, 8)) * LENGTHS,
    "square": lambda random: random.uniform(size=(300, 2)),
    "heavy tails": lambda random: random.standard_t(5, size=(300, 8)),
    "skewed": lambda random: np.exp(0.5 * random.normal(size=(300, 8))),
}


@pytest.mark.numerical
@pytest.mark.parametrize("name", WITHOUT)
def test_nothing_is_stable_where_there_is_no_structure(name):
    found = [choice(WITHOUT[name](np.random.default_rng(seed)), seed=seed) for seed in range(4)]
    assert [choosing.number(one) for one in found] == [None] * 4


@pytest.mark.numerical
def test_what_is_cut_in_two_again_and_again_need_not_be_two_clusters():
    found = choice(WITHOUT["long"](np.random.default_rng(0))).set_index("k")
    # Over 12 seeds 0.77 ± 0.07, at least 0.09 below the bar of 0.96 ± 0.02.
    assert found.loc[2, "stability"] > 0.4
    assert found.loc[2, "bar"] > found.loc[2, "stability"]


def test_halves_are_of_songs():
    songs = np.array(list("aabbccddee"))
    split = choosing.halves(songs, 20, np.random.default_rng(0))
    assert split.shape == (20, 10)
    assert (split[:, ::2] == split[:, 1::2]).all()
    assert (split.sum(axis=1) == 4).all()
    assert len(np.unique(split, axis=0)) > 5
    # Clips of one song are close together, but are no cluster that other songs would show.
    x = np.random.default_rng(0).normal(size=(40, 6))
    clips = np.repeat(x, 8, axis=0) + 0.01 * np.random.default_rng(1).normal(size=(320, 6))
    assert choosing.number(choice(clips, np.repeat(np.arange(40), 8))) is None


@pytest.mark.numerical
def test_agreement_is_that_of_carried_centres():
    x = blobs(3, spread=4).astype(np.float32)
    half = np.random.default_rng(0).random(300) < 0.5
    first, second = (KMeans(4, n_init=1, random_state=7).fit(rows) for rows in (x[half], x[~half]))
    nearest = ((x[~half][:, None] - first.cluster_centers_) ** 2).sum(axis=2).argmin(axis=1)
    expected = adjusted_rand_score(nearest, second.labels_)
    assert 0 < expected < 1
    assert choosing.agreement(x, half, 4, 7) == pytest.approx(expected)


@pytest.mark.numerical
def test_every_seed_of_a_space_has_its_say():
    songs = np.arange(300)
    members = [blobs(4).astype(np.float32), WITHOUT["round"](np.random.default_rng(0))]
    found = choosing.stability(members, songs, [4], 6, 0).query("of == 'space'")
    assert (found["stability"][found["split"] % 2 == 0] > 0.99).all()
    assert (found["stability"][found["split"] % 2 == 1] < 0.5).all()


@pytest.mark.parametrize(("n", "tried"), [(1, []), (7, []), (12, [2, 3]), (21, [2, 3, 4, 5])])
def test_few_tracks_have_few_candidates(n, tried):
    x = np.random.default_rng(0).normal(size=(n, 3))
    found = choice(x)
    assert found["k"].to_list() == tried
    assert choosing.number(found) is None or len(tried) > 0


def test_equal_tracks_are_as_many_clusters_as_they_are():
    x = np.repeat(np.eye(3), 40, axis=0)
    found = choice(x)
    assert choosing.number(found) >= 3
    assert choosing.number(choice(np.zeros((60, 3)))) is None


def run(folder, catalogue, x, **params):
    """Choose k as the rule does, and return the bytes of its outputs."""
    job.write_space(catalogue["id"].to_list(), {1: x}, folder / "space.parquet")
    catalogue.to_parquet(folder / "catalogue.parquet")
    output = {name: folder / f"{name}.parquet" for name in ("choice", "distances")}
    given = {
        "space": "audio",
        "level": "clip",
        "candidates": [2, 3, 4, 5, 6],
        "subsamples": 4,
        "seeds": [1],
        "exact_up_to": 1000,
    }
    choose_k.main(
        SimpleNamespace(
            params=SimpleNamespace(**given | params),
            input=SimpleNamespace(
                space=folder / "space.parquet",
                graph=[],
                catalogue=folder / "catalogue.parquet",
            ),
            output=SimpleNamespace(**output),
        )
    )
    return {name: path.read_bytes() for name, path in output.items()}


def catalogue_of(n):
    ids = [f"t{number}" for number in range(n)]
    return pd.DataFrame(
        {"id": ids, "song": ids, "unit": ids, "language": "x", "genre": ["a", "b"] * (n // 2)}
    )


def test_genres_permuted_or_absent_give_the_same_bytes(tmp_path):
    catalogue, x = catalogue_of(200), blobs(4, 200)
    found = run(tmp_path, catalogue, x)
    assert choosing.number(pd.read_parquet(tmp_path / "choice.parquet")) == 4
    genres = np.random.default_rng(0).permutation(catalogue["genre"])
    assert run(tmp_path, catalogue.assign(genre=genres), x) == found
    assert run(tmp_path, catalogue.drop(columns=["genre", "language"]), x) == found
    # Songs do influence the choice.
    songs = np.repeat([f"s{n}" for n in range(50)], 4)
    assert run(tmp_path, catalogue.assign(unit=songs), x) != found


def test_the_distances_are_dbscans(tmp_path):
    x = np.random.default_rng(0).normal(size=(60, 3)).astype(np.float32)
    run(tmp_path, catalogue_of(60), x)
    distances = pd.read_parquet(tmp_path / "distances.parquet")["distance"].to_numpy()
    exact = np.linalg.norm(x[:, None] - x, axis=2)
    np.testing.assert_allclose(distances, np.sort(np.sort(exact, axis=1)[:, 9]), rtol=1e-5)
    assert distances[radius.knee(distances)] == radius.k_distance(near(x), 10)
    run(tmp_path, catalogue_of(4), x[:4])
    assert len(pd.read_parquet(tmp_path / "distances.parquet")) == 4


def test_a_method_takes_the_chosen_number_and_says_where_there_is_none(caplog):
    genres = pd.Series(["a", "b", "c"])
    assert steps.numbers([8, "genres", "auto"], genres, 5) == [8, 3, 5]
    assert steps.numbers([8, "genres", "auto"], genres, 8) == [8, 3]
    assert not caplog.records
    assert steps.numbers([8, "auto"], genres, None) == [8]
    assert "nothing is stable in this space: left out k = auto" in caplog.text


CHOICES = pd.DataFrame(
    {
        "space": ["one", "one", "two"],
        "k": [2, 4, 2],
        "stability": [0.6, 0.9, 0.4],
        "deviation": 0.05,
        "reference": [0.7, 0.4, 0.5],
        "bar": [0.8, 0.5, 0.6],
        "chosen": [False, True, False],
    }
)


def test_the_audit_chooses_again(tmp_path):
    catalogue, x = catalogue_of(200), blobs(4, 200)
    run(tmp_path, catalogue, x)
    step = {"noun": "choice of k", "name": "audio", "family": "choosing_k", "kind": "", "of": []}
    step["level"] = "clip"
    step["settings"] = {"candidates": [3, 4, 5], "subsamples": 4}
    given = SimpleNamespace(
        params=SimpleNamespace(seed=1, k=[3], exact_up_to=1000),
        input=SimpleNamespace(features=None, culture=[]),
        threads=1,
    )
    again = audit_labels.again(
        step, {"space": [tmp_path / "space.parquet"]}, tmp_path / "catalogue.parquet", given
    )
    assert again.to_pandas().query("chosen")["k"].to_list() == [4]


def test_a_run_chooses_k_only_if_requested(project):
    rows = yaml.safe_load((project.folder / "config/config.yaml").read_text())["methods"]
    wanted = ("raw_kmeans", "dbscan_umap", "cond_vae_kmeans")
    layer = {"methods": [row for row in rows if row["name"] in wanted], "balance": False}
    project.write_config(**layer)
    choosing_rules = {"choose_k", "tabulate_choosing_k", "draw_choosing_k"}
    assert not choosing_rules & project.planned()
    project.write_config(**layer, k=[3, "auto", "genres"])
    assert choosing_rules <= project.planned()
    made = "results/tiny/clusterings/raw_kmeans.parquet"
    project.succeed(made, "results/tiny/figures/choosing_k.png")
    tried = {
        path.stem: pd.read_parquet(path) for path in project.results.glob("choosing_k/*.parquet")
    }
    # DBSCAN takes no number of clusters, so none is chosen for its space.
    assert set(tried) == {"audio", "cond_vae"}
    assert set(tried["audio"]["k"]) <= {2, 3, 4, 5, 6}
    ks = set(pd.read_parquet(project.folder / made)["k"])
    assert ks == {3, 6} | {choosing.number(tried["audio"])} - {None}
