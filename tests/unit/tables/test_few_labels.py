"""The table of learning from few labels: marks, verdicts and notes."""

import numpy as np
from scoring import few_labels

from hybridmusic.tables.few_labels import marked_shares, notes, table, verdicts


def test_shares_with_labels_are_marked_and_compared():
    scores = few_labels()
    found = table(scores)
    assert found["Labels"].to_list() == [0, 0.05, 1]
    assert np.isnan(found["SVM accuracy"][0])
    by = scores.set_index(["way", "metric", "share"])["value"].sort_index()
    assert found["Latent NMI"].to_list() == by["latent", "nmi"][[0, 0.05, 1]].to_list()
    assert found["SVM accuracy"][2] == by["svm", "accuracy", 1]
    assert marked_shares(found)["Labels"].to_list() == ["0 %", "5 % to 20 %†", "100 %†"]
    assert found["Labels up to"].to_list() == [0, 0.2, 1]
    assert "Labels up to" not in marked_shares(found)
    said = verdicts(scores)
    assert f"{by['latent', 'nmi', 0.05]:.3f} with 5 % to 20 %† (3 songs)" in said[0]
    ahead = scores.assign(low=0.1, high=0.2)
    assert "more often than" in verdicts(ahead)[1]
    assert "with 5 % to 20 %†, 100 %†." in verdicts(ahead)[1]
    behind = scores.assign(low=-0.2, high=-0.1)
    assert "less often than" in verdicts(behind)[1]
    unclear = scores.assign(low=-0.2, high=0.1)
    assert "does not differ" in verdicts(unclear)[1]
    assert len(verdicts(scores[scores["share"] == 0])) == 1
    assert "24 tracks" in notes(scores)[0]
