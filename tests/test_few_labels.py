"""Learning from few labels: who is told, who is scored, and what tables and figures say of it."""

import json

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import load
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from torch.nn import functional

from hybridmusic import audit, few_labels, few_labels_table, kinds, supervised, telling, training
from hybridmusic.clusterers import largest
from hybridmusic.figures.few_labels import draw
from hybridmusic.networks._objective import Batch
from hybridmusic.transforms import genre_svm

pytestmark = pytest.mark.numerical

# Two clips a song: 20 songs of rock, 10 of pop, one of jazz, and one that nobody has named.
SONGS = [f"song {n // 2:02}" for n in range(64)]
GENRES = ["rock"] * 40 + ["pop"] * 20 + ["jazz"] * 2 + [None] * 2


def counts(chosen):
    """How many songs of each genre are among the chosen tracks, both of whose clips have to be."""
    table = pd.DataFrame({"song": SONGS, "genre": GENRES})[chosen]
    assert (table.groupby("song").size() == 2).all()
    return table.drop_duplicates("song")["genre"].value_counts().to_dict()


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0, {}),
        (0.01, {"rock": 1, "pop": 1, "jazz": 1}),
        (0.5, {"rock": 10, "pop": 5, "jazz": 1}),
        (1, {"rock": 20, "pop": 10, "jazz": 1}),
    ],
)
def test_songs_are_told_whole_and_every_genre_has_its_share(share, expected):
    found = counts(telling.labelled(SONGS, GENRES, share, seed=3))
    assert found.keys() == expected.keys()
    for genre, number in expected.items():
        assert abs(found[genre] - number) <= 1


def test_every_seed_tells_others_and_more_labels_are_more_of_the_same():
    some, more = (telling.labelled(SONGS, GENRES, share, 3) for share in (0.3, 0.6))
    assert not (some & ~more).any()
    assert (some != telling.labelled(SONGS, GENRES, 0.3, 4)).any()
    np.testing.assert_array_equal(some, telling.labelled(SONGS, GENRES, 0.3, 3))


def test_a_fifth_of_each_genres_songs_is_held_out_and_never_the_last_one():
    assert counts(telling.split(SONGS, GENRES, 0.2, seed=0)) == {"rock": 4, "pop": 2}
    single = telling.split(["a", "b", "c"], ["x", "y", "y"], 0.2, seed=0)
    assert single.sum() == 1
    assert not single[0]


def test_targets_are_one_hot_where_told_and_nothing_elsewhere():
    found = telling.targets(SONGS, GENRES, [0.2, 1], [3, 4])
    assert found.shape == (2, 64, 3)
    told = telling.labelled(SONGS, GENRES, 0.2, 3)
    np.testing.assert_array_equal(found[0].sum(axis=1), told)
    # Classes are jazz, pop and rock.
    np.testing.assert_array_equal(found[1].argmax(axis=1)[:62], [2] * 40 + [1] * 20 + [0] * 2)
    assert telling.targets(["a", "b"], [None, None], [0.5], [0]).shape == (1, 2, 0)


def test_a_network_is_taught_by_the_labels_alone():
    """The cross-entropy of PyTorch, over the tracks that are told."""
    settings = kinds.settings("networks", few_labels.KIND, {"supervision": 2.0})
    network = training.build(few_labels.KIND, 12, 0, [0, 1], settings | {"n_labels": 3})
    x, noise = torch.randn(2, 6, 12), torch.randn(2, 6, 16)
    label = torch.zeros(2, 6, 3)
    label[1, [0, 4], [2, 1]] = 1
    squared_error, kl, taught = network.loss(Batch(x, x[:, :, :0], noise, label=label))
    mean, log_variance = network.encode(x, None)
    z = mean + noise * torch.exp(log_variance / 2)
    expected = functional.cross_entropy(network.classifier(z)[1, [0, 4]], torch.tensor([2, 1]))
    assert taught[0].item() == 0
    # Two of six are told, so they weigh as much as the square root of twelve.
    assert taught[1].item() == pytest.approx(2.0 * 12 * 12**0.5 * expected.item(), rel=1e-5)
    error = network.decode(z, None) - x
    torch.testing.assert_close(squared_error, error.square().sum(dim=(1, 2)))
    torch.testing.assert_close(kl, training.kl_divergence(mean, log_variance).sum(dim=1))


@pytest.mark.parametrize("n_labels", [0, 3])
def test_it_trains_with_and_without_any_genre(n_labels):
    settings = kinds.settings("networks", few_labels.KIND, {"epochs": 2})
    network = training.build(few_labels.KIND, 4, 0, [0], settings | {"n_labels": n_labels})
    x = np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32)
    labels = np.zeros((1, 20, n_labels))
    history = training.train(network, x, np.zeros((20, 0)), [0], settings, labels=labels)
    assert (history["other"] == 0).all()
    latent = training.encode(network, x, np.zeros((20, 0))).latent
    likely = training.classify(network, latent)
    assert likely.shape == (1, 20, n_labels)
    np.testing.assert_allclose(np.exp(likely).sum(axis=2), float(n_labels > 0), rtol=1e-5)


def blobs(n_songs=60):
    """Two clips a song of three genres, which two features tell apart, and something else more."""
    draws = np.random.default_rng(0)
    kind = np.repeat(np.arange(n_songs) % 3, 2)
    x = draws.normal(size=(2 * n_songs, 8)).astype(np.float32)
    x[:, :2] += 4 * np.array([[0, 0], [1, 0], [0, 1]])[kind]
    x[:, 2:4] += 8 * np.array([[0, 0], [1, 0], [0, 1]])[draws.integers(3, size=len(x))]
    songs = [f"song {n // 2:02}" for n in range(2 * n_songs)]
    return x[np.newaxis], songs, [f"genre {one}" for one in kind]


@pytest.fixture(scope="module")
def scores():
    settings = {"epochs": 200, "hidden": [32], "latent": 4, "batch_size": 32}
    return few_labels.learn(
        *blobs(120),
        *([0, 0.05, 1], [7, 8, 9]),
        kinds.settings("networks", few_labels.KIND, settings),
        held_out=0.2,
        resamples=100,
    )


def test_labels_help_on_songs_that_were_not_told(scores):
    by = scores.set_index(["way", "metric", "share"]).sort_index()
    assert (scores["tracks"] == 48).all()
    assert by["songs"].loc["latent", "nmi"].to_dict() == {0: 0, 0.05: 5, 1: 96}
    assert set(by.loc["latent"].index.unique(level="metric")) == {"nmi", "ari"}
    accuracy = by["value"].xs("accuracy", level="metric")
    # Over 6 sets of seeds 0.96 ± 0.03 and 0.94 ± 0.03, and 0.83 ± 0.07 higher.
    assert accuracy["classifier", 1] > 0.8
    assert accuracy["svm", 1] > 0.8
    assert by["value"]["latent", "nmi", 1] > by["value"]["latent", "nmi", 0] + 0.2
    assert ("svm", "accuracy", 0) not in by.index
    for share in (0.05, 1):
        gap = accuracy["classifier", share] - accuracy["svm", share]
        assert accuracy["difference", share] == pytest.approx(gap)
    assert (scores["low"] <= scores["value"]).all()
    assert (scores["value"] <= scores["high"]).all()


def test_nothing_of_the_songs_held_out_is_told():
    """Their genres exchanged among themselves, everything that is learned stays the same."""
    x, songs, genres = blobs(30)
    held = telling.split(songs, genres, 0.2, seed=7)
    settings = kinds.settings("networks", few_labels.KIND, {"epochs": 2})
    seen = []

    def remember(ways, labels, *_):
        seen.append(ways)
        return {("latent", "nmi"): np.zeros(21)}

    for told in (genres, np.where(held, np.roll(genres, 2), genres).tolist()):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(few_labels, "split", lambda *_: held)
            patch.setattr(few_labels, "_scored", remember)
            few_labels.learn(x, songs, told, [0.5], [7], settings, held_out=0.2, resamples=20)
    assert seen[0].keys() == {"latent", "classifier", "svm"}
    for way, groups in seen[0].items():
        np.testing.assert_array_equal(groups, seen[1][way])


def test_the_table_marks_who_was_told_and_says_what_came_out(scores):
    table = few_labels_table.table(scores)
    assert table["Labels"].to_list() == [0, 0.05, 1]
    assert np.isnan(table["SVM accuracy"][0])
    by = scores.set_index(["way", "metric", "share"])["value"].sort_index()
    assert table["Latent NMI"].to_list() == by["latent", "nmi"].to_list()
    assert table["SVM accuracy"][2] == by["svm", "accuracy", 1]
    assert few_labels_table.marked_shares(table)["Labels"].to_list() == ["0 %", "5 %†", "100 %†"]
    told = few_labels_table.verdicts(scores)
    assert f"{by['latent', 'nmi', 0.05]:.3f} with 5 %† (5 songs)" in told[0]
    ahead = scores.assign(low=0.1, high=0.2)
    assert "more often than" in few_labels_table.verdicts(ahead)[1]
    assert "5 %†, 100 %†" in few_labels_table.verdicts(ahead)[1]
    behind = scores.assign(low=-0.2, high=-0.1)
    assert "less often than" in few_labels_table.verdicts(behind)[1]
    unclear = scores.assign(low=-0.2, high=0.1)
    assert "does not differ" in few_labels_table.verdicts(unclear)[1]
    assert len(few_labels_table.verdicts(scores[scores["share"] == 0])) == 1
    assert "48 tracks" in few_labels_table.notes(scores)[0]


def test_the_figure_has_a_line_for_each_way(scores):
    figure = draw(scores)
    agreement, accuracy = figure.axes
    assert len(agreement.containers) == 3
    assert len(accuracy.containers) == 2
    assert [tick.get_text() for tick in agreement.get_xticklabels()] == ["0 %", "5 %", "100 %"]
    line = agreement.containers[0].lines[0].get_ydata().astype(float)
    np.testing.assert_allclose(line, few_labels_table.table(scores)["Latent NMI"])
    assert "fewer than two genres" in draw(scores[:0]).texts[0].get_text()


@pytest.mark.parametrize(
    ("songs", "genres"), [(list("abcd"), [None] * 4), (list("abcd"), list("wxyz"))]
)
def test_without_genres_or_songs_to_score_there_is_nothing(songs, genres):
    x, settings = np.zeros((1, 4, 3)), kinds.settings("networks", few_labels.KIND, {})
    found = few_labels.learn(x, songs, genres, [0, 1], [0], settings, held_out=0.2, resamples=20)
    assert found.empty


def test_the_ceiling_is_what_scikit_learn_predicts_by_song():
    (x,), songs, genres = blobs()
    found = genre_svm.transform(x, 7, genre=np.array(genres), song=np.array(songs), folds=5)
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=7)
    expected = cross_val_predict(supervised.classifier(), x, genres, groups=songs, cv=folds)
    assert [f"genre {one}" for one in largest.cluster(found, None, 7)] == expected.tolist()
    assert (expected == genres).mean() > 0.8


def test_no_song_is_judged_by_its_own_genre():
    """Where features tell the song alone, and nothing of its genre, nothing can be read."""
    draws = np.random.default_rng(0)
    x = np.repeat(draws.normal(size=(60, 8)), 4, axis=0)
    songs = np.repeat([f"song {n}" for n in range(60)], 4)
    genres = np.repeat(draws.permutation(["pop", "rock"] * 30), 4)
    found = supervised.out_of_fold(x, genres, songs, 5, 0)
    assert found.shape == (240, 2)
    # 0.49 ± 0.06 over 10 seeds, and 0.98 ± 0.01 with folds that split songs.
    assert (np.array(["pop", "rock"])[found.argmax(axis=1)] == genres).mean() < 0.75


def test_songs_without_a_genre_are_judged_by_all_others():
    (x,), songs, genres = blobs(30)
    found = supervised.out_of_fold(x, [None] * 2 + genres[2:], songs, 5, 0)
    fitted = supervised.classifier().fit(x[2:], genres[2:])
    np.testing.assert_allclose(found[:2], fitted.decision_function(x[:2]))


def test_a_genre_that_other_songs_lack_is_never_found():
    (x,), songs, genres = blobs(30)
    genres[:2] = ["alone", "alone"]
    found = supervised.out_of_fold(x, genres, songs, 5, 0)
    assert found.shape == (60, 4)
    assert (found[:2].argmax(axis=1) > 0).all()
    assert np.isfinite(found).all()


@pytest.mark.parametrize("genres", [[None] * 4, ["rock"] * 4, list("wxyz")])
def test_a_ceiling_without_genres_to_learn_is_flat_and_says_so(genres, caplog):
    found = supervised.out_of_fold(np.eye(4), genres, list("abcd"), 5, 0)
    assert (found == 0).all()
    assert "all tracks are alike" in caplog.text


SWITCHED_OFF = [
    *("pca", "autoencoder", "basic_vae", "conv_vae", "conv_vae_hybrid", "cond_vae_language"),
    *("cond_vae_none", "independent_vae", "adaptive", "audio_by_language", "audio_quantile"),
    "audio_quantile_by_language",
]


@pytest.mark.long
def test_a_run_marks_and_audits_what_was_told(project):
    """A network and a classifier that are told genres, their tables and figure, and the audit."""
    kmeans = {"task": "Beyond", "clusterer": "kmeans"}
    project.write_config(
        audit="strict",
        spaces={
            **dict.fromkeys([*SWITCHED_OFF, "umap_hybrid"]),
            "few": {"kind": few_labels.KIND, "of": "audio", "labels": 0.5, "epochs": 2},
            "few_pca": {"kind": "pca", "of": "few"},
            "ceiling": {"kind": "genre_svm", "of": "audio"},
        },
        methods=[
            {"name": "raw_kmeans", "label": "Raw", "space": "audio", **kmeans},
            {"name": "cond_vae_kmeans", "label": "Cond", "space": "cond_vae", **kmeans},
            {"name": "few_kmeans", "label": "Few", "space": "few_pca", **kmeans},
            {
                **{"name": "ceiling", "label": "Ceiling", "task": "Ceiling"},
                **{"space": "ceiling", "clusterer": "largest"},
            },
        ],
        figures={
            "umap_panel": [{"title": "Raw", "map": "umap_audio", "colour": "raw_kmeans"}],
            "reconstructions": {"networks": ["cond_vae"]},
        },
        few_labels={"space": "audio", "shares": [0, 1], "epochs": 2},
    )
    made = ["audit.parquet", "tables/table2.md", "tables/agreement.md", "figures/few_labels.png"]
    made = [f"results/tiny/{name}" for name in [*made, "tables/few_labels.csv"]]
    project.succeed(*made)
    table = pd.read_parquet(project.results / "audit.parquet").set_index(["kind", "what"])
    assert audit.leaks(table.reset_index()) == []
    told = table.loc[table["claims"] == "genre"].index
    for what in ("few", "few_pca", "ceiling"):
        assert ("space", what) in told
    assert ("clustering", "few_kmeans") in told
    assert ("clustering", "ceiling") in told
    assert table.loc[told, "differs"].all()
    for name in ("table2", "agreement"):
        text = (project.results / f"tables/{name}.md").read_text()
        for label in ("Few†", "Ceiling†", "Cond†", "| Raw |"):
            assert label in text, name
        assert "left out" not in text
    described = json.loads((project.results / "models/few/settings.json").read_text())
    weights = load((project.results / "models/few/weights.safetensors").read_bytes())
    assert training.restored(described, weights).classifier.bias.shape[-1] == 6
    shares = pd.read_csv(project.results / "tables/few_labels.csv")
    assert shares["Labels"].to_list() == [0, 1]
