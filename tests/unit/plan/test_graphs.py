"""A plan finds which graphs of neighbours several jobs need."""

import yaml
from project import REPOSITORY, merged

from hybridmusic.plan import graphs, spaces
from hybridmusic.plan.run import Plan

PAPER = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())
ROW = {"name": "a", "label": "A", "task": "T", "space": "pca", "clusterer": "kmeans"}


def shared(**layer):
    """Graphs of a plan with one method, or as the layer says, that reduces one space."""
    plain = {"reduction": {"spaces": ["audio"], "clusterers": ["kmeans"]}, "show": ["umap_pca"]}
    plan = Plan(merged(merged(PAPER, plain), layer))
    return dict(plan.graphs.values())


def test_a_graph_is_a_file_where_several_jobs_need_it():
    assert shared(methods=[ROW]) == {}
    # UMAP and spectral clustering share the graph of pca; the latter needs more neighbours.
    row = ROW | {"clusterer": "spectral", "neighbours": 20}
    assert shared(methods=[row]) == {graphs.Key("pca"): 20}
    leiden = ROW | {"clusterer": "leiden", "balance": "language", "metric": "cosine"}
    assert shared(methods=[leiden]) == {}
    twice = [leiden, leiden | {"name": "b", "label": "B", "neighbours": 5}]
    assert shared(methods=twice) == {graphs.Key("pca", "cosine", "language"): 15}


def test_a_given_radius_needs_no_neighbours():
    fixed = ROW | {"clusterer": "dbscan", "eps": 0.3}
    assert graphs.of_method(fixed) is None
    knee = fixed | {"eps": "k-distance"}
    assert graphs.of_method(knee) == (graphs.Key("pca"), 10)
    assert shared(methods=[fixed]) == {}
    # Ward needs neighbours of many tracks only, and nobody knows the number of tracks yet.
    ward = ROW | {"clusterer": "ward"}
    assert graphs.of_method(ward) is None
    assert shared(methods=[ward]) == {}
    assert shared(methods=[knee]) == {graphs.Key("pca"): 15}


def test_a_reduction_needs_the_graphs_of_what_it_clusters():
    whole = merged(PAPER, {"reduction": {"spaces": ["audio"], "clusterers": ["spectral"]}})
    assert graphs.of_reduction(whole, "audio") == {
        graphs.Key("audio"): 10,
        graphs.Key("pca"): 10,
        graphs.Key("umap_audio"): 10,
    }
    assert graphs.of_reduction(whole, "autoencoder") == {graphs.Key("autoencoder"): 15}
    # A reduction and the choice of k for the same space share a graph.
    row = ROW | {"space": "hybrid"}
    assert graphs.Key("hybrid") in shared(methods=[row], k=[8, "auto"])


def test_a_balanced_graph_is_conditioned_on_language():
    rows = {"balanced": {"kind": "umap", "of": "audio", "balance": "language"}}
    whole = merged(PAPER, {"spaces": rows})
    assert spaces.condition(whole, "balanced") == "language"
    assert spaces.adjectives(whole, "balanced") == "balanced"
    row = ROW | {"clusterer": "leiden", "balance": "language"}
    assert spaces.condition(whole, "pca", then=[row]) == "language"
    assert spaces.adjectives(whole, "audio_by_language", then=[row]) == "scaled, balanced"
