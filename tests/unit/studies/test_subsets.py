"""Agreement on subsets against scikit-learn, on tracks chosen by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from hybridmusic.studies import subsets

IDS = list("abcdefgh")
TRACKS = pd.DataFrame(
    {
        "genre": ["pop", "pop", "pop", "rock", "rock", "folk", "folk", None],
        "song": [1, 1, 2, 3, 3, 4, 5, 6],
    },
    index=IDS,
)
# b and c sound like a, and f is in a space that e is not in.
GROUPS = pd.Series([0, 0, 0, 1, 2, 3, 4], index=list("abcdfgh"))
CLUSTERS = [0, 0, 0, 1, 1, 1, 2, 2]


def test_the_first_track_of_every_group_and_of_every_song_is_kept():
    found = subsets.subsets(pd.Series(IDS), TRACKS["song"], GROUPS)
    kept = {name: "".join(np.array(IDS)[chosen]) for name, chosen in found.items()}
    assert kept == {"all": "abcdefgh", "distinct": "adefgh", "one per song": "acdfgh"}


def test_agreement_is_that_of_the_chosen_tracks_with_a_genre():
    clustering = pd.DataFrame({"id": IDS * 2, "seed": np.repeat([3, 4], 8)})
    clustering["cluster"] = CLUSTERS + [0, 1] * 4
    found = subsets.agreement(clustering, TRACKS, GROUPS)
    for name, rows in {"all": [*range(7)], "distinct": [0, 3, 4, 5, 6]}.items():
        genres = TRACKS["genre"].iloc[rows]
        pairs = [(genres, np.array(c)[rows]) for c in (CLUSTERS, [0, 1] * 4)]
        nmi = np.mean([normalized_mutual_info_score(*pair) for pair in pairs])
        assert found[f"NMI ({name})"] == pytest.approx(nmi)
        ari = np.mean([adjusted_rand_score(*pair) for pair in pairs])
        assert found[f"ARI ({name})"] == pytest.approx(ari)
    assert all(
        np.isnan(list(subsets.agreement(clustering, TRACKS.assign(genre=None), GROUPS).values()))
    )


def test_the_table_has_a_row_for_every_method_and_the_verdict_its_leaders():
    clustering = pd.DataFrame({"id": IDS, "seed": 1, "k": 8, "cluster": CLUSTERS})
    one = clustering.assign(cluster=0, k=pd.array([None] * 8, dtype="Int64"))
    methods = pd.DataFrame({"name": ["one", "ward"], "label": ["One", "Ward"], "task": "Easy"})
    table = subsets.tabulated({"ward": clustering, "one": one}, methods, 8, TRACKS, GROUPS)
    assert table["Method"].to_list() == ["One", "Ward"]
    assert table["NMI (all)"][0] == 0
    counts = {"all": 8, "distinct": 6, "one per song": 5}
    (told,) = subsets.verdicts(table, counts)
    assert told.startswith("Of 8 tracks 6 are left without near duplicates, and 5 with one clip")
    assert "genre has Ward (all, " in told
    table = subsets.tabulated({"one": one}, methods[:1], 8, TRACKS.assign(genre=None), GROUPS)
    (told,) = subsets.verdicts(table, counts)
    assert told.endswith("5 with one clip of each song.")
