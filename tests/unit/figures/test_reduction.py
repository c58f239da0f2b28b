"""Arrows from spaces to their reductions."""

import numpy as np
import pandas as pd
from drawing import NASTY, rendered, texts

from hybridmusic.figures import reduction


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


def test_no_clusterer_is_dropped_however_many_there_are():
    names = [f"c{number}" for number in range(10)]
    scores = pd.DataFrame(
        [
            {"space": "x", "clusterer": name, "reduction": made, "metric": metric}
            | {"value": 0.5, "low": 0.4, "high": 0.6}
            for name in names
            for made in ("none", "pca", "umap")
            for metric in ("silhouette", "nmi")
        ]
    )
    titles = [ax.get_title(loc="left") for ax in reduction.draw(scores, {"x": "x"}).axes]
    assert titles[-2:] == ["(i) c8", "(j) c9"]
