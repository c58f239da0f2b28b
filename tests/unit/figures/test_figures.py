"""Figures show what they are given, whatever the tracks are called."""

import numpy as np
import pandas as pd
import pytest
from drawing import rendered, texts

from hybridmusic.figures import (
    beta_curve,
    genre_distribution,
    language_tradeoff,
    palette,
    reconstructions,
    reduction,
    tradeoff,
    tuning_grid,
    umap_panel,
)
from hybridmusic.figures.label_placement import distance, overlap, place
from hybridmusic.figures.umap_panel import Panel
from hybridmusic.studies import language

NASTY = ["$x_", r"\frac{", "<b>&amp;", "গান", "a" * 300, "line\nbreak", "%s {0}"]


def test_clusters_are_renamed_to_those_they_share_most_with():
    reference = np.array([0, 0, 0, 1, 1, 2, 2, -1])
    found = umap_panel.matched(np.array([5, 5, 5, 9, 9, 7, 7, -1]), reference)
    np.testing.assert_array_equal(found, reference)
    # A cluster that is left over gets a number of its own.
    more = umap_panel.matched(np.array([0, 0, 3, 1, 1, 2, 2, -1]), reference)
    np.testing.assert_array_equal(more, [0, 0, 3, 1, 1, 2, 2, -1])
    noise = umap_panel.matched(np.full(8, -1), reference)
    assert (noise == -1).all()


def test_a_panel_draws_every_point_in_its_clusters_colour():
    random = np.random.default_rng(0)
    points = random.normal(size=(40, 2))
    clusters = random.integers(-1, 12, 40)
    languages = np.array(["english", "bangla", "hindi", "tamil"])[random.integers(0, 4, 40)]
    panels = [Panel("Clusters", points, clusters), Panel("Language", points, languages)]
    figure = rendered(umap_panel.draw(panels))
    for ax in figure.axes[:2]:
        assert sum(len(c.get_offsets()) for c in ax.collections) == 40
    said = texts(figure)
    assert "(a) Clusters" in said
    assert {"noise", "cluster 0", "(b) hindi"} <= set(said)
    assert any("same colours" in text for text in said)


def test_languages_keep_the_papers_colours_and_others_get_their_own():
    found = palette.languages(["bangla", "english", "hindi", "tamil"])
    assert len(set(found.values())) == 4
    assert (found["english"], found["bangla"]) == ("#0072B2", "#D55E00")


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


@pytest.mark.parametrize("genres", [True, False])
def test_bars_are_shares_of_the_cluster_by_genre_and_language(genres):
    tracks = pd.DataFrame(
        {
            "cluster": [0, 0, 0, 0, 1, 1, -1],
            "genre": ["Pop", "Pop", "Pop", NASTY[0], "Pop", None, "Rock"] if genres else None,
            "language": ["english", "bangla", "bangla", "english", "bangla", "bangla", "english"],
        }
    )
    figure = rendered(genre_distribution.draw(tracks, 3, "Method†"))
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert titles == ["Noise (1)", "Cluster 0 (4)", "Cluster 1 (2)"]
    widths = sorted(bar.get_width() for bar in figure.axes[1].patches)
    assert widths == ([25.0, 25.0, 50.0] if genres else [50.0, 50.0])


def grid(genres=True, seeds=(0, 1)):
    """Scores that only the beta and the learning rate decide, but for the seed's 0 or 1."""
    rows = [
        {
            "latent": latent,
            "beta": beta,
            "learning_rate": rate,
            "seed": seed,
            "elbo": -10 * beta - 1000 * rate + seed,
            "kl": 4 / beta,
            "reconstruction": 0.2 * beta,
            "nmi": (0.2 if rate < 0.001 else 0.3) + 0.01 * beta if genres else np.nan,
        }
        for latent in (8, 16)
        for beta in (1.0, 4.0)
        for rate in (0.001, 0.0005)
        for seed in seeds
    ]
    return pd.DataFrame(rows)


def test_the_tuning_grid_shows_every_mean_and_frames_the_best():
    figure = rendered(tuning_grid.draw(grid()))
    said = texts(figure)
    assert said.count("−10.0\n±0.7") == 2  # the faster rate at beta 1, one for each latent size
    assert said.count("0.340\n±0.000") == 2
    assert {"Learning rate 0.001", "Learning rate 0.0005", "ELBO (nats per track)"} <= set(said)
    frames = [[patch.get_x() for patch in ax.patches] for ax in figure.axes[:4]]
    # Best by ELBO the slower rate at each beta, by NMI the faster one at beta 4.
    assert [len(found) for found in frames] == [0, 2, 1, 0]
    alone = texts(rendered(tuning_grid.draw(grid(genres=False, seeds=(0,)))))
    assert "−11.0" in alone
    assert "NMI with genre" not in alone


def test_the_beta_curve_joins_means_over_seeds():
    scores = grid().query("learning_rate == 0.001")
    figure = rendered(beta_curve.draw(scores))
    lines = {ax.get_title(loc="left"): ax.containers[0].lines[0] for ax in figure.axes}
    np.testing.assert_allclose(lines["(a) MSE per feature"].get_ydata(orig=False), [0.2, 0.8])
    np.testing.assert_allclose(lines["(b) KL (nats per track)"].get_ydata(orig=False), [4, 1])
    np.testing.assert_allclose(lines["(c) NMI with genre"].get_ydata(orig=False), [0.31, 0.34])
    assert len(beta_curve.draw(grid(genres=False)).axes) == 2


def test_the_tradeoff_has_a_point_for_each_network_and_seed():
    points = pd.DataFrame({"error": [0.4, 0.6], "nmi": [0.3, 0.5]})
    tuned = pd.DataFrame({"latent": 8, "beta": [1.0, 4.0], "error": [0.4, 0.9], "nmi": [0.5, 0.1]})
    figure = rendered(tradeoff.draw({"One†": points, NASTY[0]: points}, tuned))
    left, right = figure.axes
    shown = [len(found.get_offsets()) for found in left.collections]
    assert shown == [2, 1, 2, 1]
    np.testing.assert_allclose(left.collections[1].get_offsets(), [[0.5, 0.4]])
    assert {text.get_text() for text in left.get_legend().get_texts()} == {"One†", NASTY[0]}
    assert [text.get_text() for text in right.texts] == ["1", "4"]
    nothing = texts(rendered(tradeoff.draw({}, tuned.iloc[:0])))
    assert nothing.count(tradeoff.NOTHING) == 2


def test_arrows_lead_from_a_space_as_it_is_to_its_reductions():
    places = {"none": (0.1, 0.3), "pca": (0.2, 0.25), "umap": (0.6, 0.35)}
    scores = pd.DataFrame(
        [
            {"space": "x", "clusterer": clusterer, "reduction": name, "metric": metric}
            | {"value": value, "low": value - 0.02, "high": value + 0.01}
            for clusterer in ("ward", "dbscan", "kmeans")
            for name, place in places.items()
            for metric, value in zip(("silhouette", "nmi"), place, strict=True)
        ]
    )
    # Where there is no Silhouette there is no point, and the rest is drawn.
    undefined = scores["clusterer"].eq("dbscan") & scores["metric"].eq("silhouette")
    scores.loc[undefined & scores["reduction"].eq("none"), ["value", "low", "high"]] = np.nan
    same = scores["clusterer"].eq("kmeans") & scores["reduction"].eq("pca")
    before = scores["clusterer"].eq("kmeans") & scores["reduction"].eq("none")
    scores.loc[same, "value"] = scores.loc[before, "value"].to_numpy()
    figure = rendered(reduction.draw(scores, {"x": f"{NASTY[0]}†"}))
    ward = figure.axes[0]
    arrows = [(text.xyann, text.xy) for text in ward.texts]
    assert arrows == [(places["none"], places["pca"]), (places["none"], places["umap"])]
    assert [len(ax.texts) for ax in figure.axes[:3]] == [2, 0, 1]
    across, _, point = ward.lines[-3:]
    np.testing.assert_allclose(across.get_xydata(), [(0.58, 0.35), (0.61, 0.35)])
    np.testing.assert_allclose(point.get_xydata(), [places["umap"]])
    said = texts(figure)
    assert {"(a) ward", "(b) dbscan", "(c) kmeans", f"{NASTY[0]}†", "as it is", "UMAP"} <= set(said)
    assert reduction.NOTHING in texts(rendered(reduction.draw(scores.iloc[:0], {"x": "x"})))


def test_labels_hide_neither_each_other_nor_a_point_nor_what_is_taken():
    points = np.random.default_rng(0).uniform(100, 200, size=(25, 2))
    points[1] = points[0]
    sizes, taken, within = (
        np.tile([60.0, 8.0], (25, 1)),
        np.array([[0, 0, 80, 20]]),
        (0, 0, 400, 300),
    )
    centres = place(points, sizes, taken, within)
    boxes = np.column_stack([centres - sizes / 2, centres + sizes / 2])
    for number, box in enumerate(boxes):
        assert overlap(np.delete(boxes, number, axis=0), box).max() < 1e-3
        assert not ((points > box[:2]) & (points < box[2:])).all(axis=1).any()
        assert overlap(taken, box).max() < 1e-3
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, 2:] <= within[2:]).all()
    assert distance(np.array([[0, 0, 2, 2], [4, 5, 6, 6]]), np.array([1, 1])).tolist() == [0, 5]
    assert overlap(np.array([[0, 0, 2, 2], [5, 5, 6, 6]]), np.array([1, 0, 3, 3])).tolist() == [
        2,
        0,
    ]


def compared(**columns):
    table = {"label": NASTY, "family": "plain", "remedy": ""}
    for name, scale in (("shared_nmi", 0.05), ("language_nmi", 0.01)):
        values = scale * np.arange(len(NASTY))
        table |= {name: values, f"{name}_low": values - 0.01, f"{name}_high": values + 0.01}
    return pd.DataFrame(table | columns)


def test_the_language_tradeoff_has_a_labelled_point_for_each_method():
    table = compared(
        label=[*NASTY[:4], "Short", *NASTY[5:]],
        family=["learned", "shown the genres", *["plain"] * 5],
        remedy=["scaled", "", "independent", "scaled, conditioned", *[""] * 3],
    )
    figure = rendered(language_tradeoff.draw(table))
    ax = figure.axes[0]
    found = [tuple(c.get_offsets()[0]) for c in ax.collections if len(c.get_offsets()) == 1]
    for point in table[["language_nmi", "shared_nmi"]].itertuples(index=False, name=None):
        assert any(np.allclose(point, one) for one in found)
    said = texts(figure)
    assert set(table["label"]) <= set(said)
    assert {"scaled within languages", "several remedies", "not learned"} <= set(said)
    assert "conditioned on language" not in said
    assert language_tradeoff.IDEAL in said


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (compared().iloc[:0], language.ONE_LANGUAGE),
        (compared(shared_nmi=np.nan), language.NOT_SHARED),
    ],
)
def test_the_language_tradeoff_says_why_it_is_empty(table, told):
    assert told in texts(rendered(language_tradeoff.draw(table)))


def test_no_two_networks_look_alike():
    looks = {(palette.colour(number), palette.shape(number)) for number in range(64)}
    assert len(looks) == 64
    assert len({palette.shape(number) for number in range(8)}) == 8
