"""Leiden communities against networkx."""

import networkx as nx
import numpy as np
import pytest
from samples import near
from sklearn.datasets import make_blobs

from hybridmusic import kinds
from hybridmusic.clusterers import leiden

pytestmark = pytest.mark.numerical


def test_leiden_maximises_modularity_of_shared_neighbours():
    x, truth = make_blobs(200, 8, centers=4, cluster_std=2.5, random_state=1)
    settings = kinds.settings("clusterers", "leiden", {"neighbours": 10})
    graph = near(x)
    found = leiden.cluster(x, None, 0, graph=graph, **settings)
    circles = [{row, *others} for row, others in enumerate(graph.nearest(10).indices.tolist())]
    edges = nx.Graph()
    for row, others in enumerate(graph.nearest(10).indices.tolist()):
        for other in others:
            both = circles[row] & circles[other], circles[row] | circles[other]
            edges.add_edge(row, other, weight=len(both[0]) / len(both[1]))

    def modularity(clusters):
        return nx.community.modularity(
            edges, [np.flatnonzero(clusters == c) for c in set(clusters)]
        )

    louvain = nx.community.louvain_communities(edges, seed=0)
    assert modularity(found) > nx.community.modularity(edges, louvain) - 0.005
    assert modularity(found) >= modularity(truth) - 1e-9
    np.testing.assert_array_equal(found, leiden.cluster(x, None, 0, graph=graph, **settings))
    many = leiden.cluster(x, None, 0, graph=graph, **settings | {"resolution": 8.0})
    assert len(set(many)) > len(set(found))
    one = leiden.cluster(x[:1], None, 0, graph=near(x[:1]), **settings)
    assert one.tolist() == [0]
