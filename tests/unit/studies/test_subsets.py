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
        "source": ["s"] * 6 + ["t"] * 2,
        "fold": None,
    },
    index=IDS,
)
# Song 2 is a near duplicate of song 1, and song 5 of song 4; e is missing from the space.
GROUPS = pd.Series([0, 0, 0, 1, 2, 2, 4], index=list("abcdfgh"))
CLUSTERS = [0, 0, 0, 1, 1, 1, 2, 2]


def test_the_first_song_of_every_group_and_the_first_track_of_every_song_are_kept():
    result = subsets.members(pd.Series(IDS), TRACKS, GROUPS)
    kept = {name: "".join(np.array(IDS)[chosen]) for name, chosen in result.items()}
    assert kept == {"all": "abcdefgh", "distinct": "abdefh", "one per song": "acdfgh"}


def test_tracks_are_faulty_if_others_of_their_source_have_a_fold():
    folds = TRACKS.assign(fold=["train", "test", None, "train", None, "test", None, None])
    kept = subsets.members(pd.Series(IDS[1:]), folds, GROUPS)[subsets.FAULTLESS]
    assert "".join(np.array(IDS[1:])[kept]) == "bdfgh"


def test_agreement_is_that_of_the_chosen_tracks_with_a_genre():
    clustering = pd.DataFrame({"id": IDS * 2, "seed": np.repeat([3, 4], 8)})
    clustering["cluster"] = CLUSTERS + [0, 1] * 4
    result = subsets.agreement(clustering, TRACKS, GROUPS)
    for name, rows in {"all": [*range(7)], "distinct": [0, 1, 3, 4, 5]}.items():
        genres = TRACKS["genre"].iloc[rows]
        pairs = [(genres, np.array(c)[rows]) for c in (CLUSTERS, [0, 1] * 4)]
        nmi = np.mean([normalized_mutual_info_score(*pair) for pair in pairs])
        assert result["nmi", name] == pytest.approx(nmi)
        ari = np.mean([adjusted_rand_score(*pair) for pair in pairs])
        assert result["ari", name] == pytest.approx(ari)
    assert all(
        np.isnan(list(subsets.agreement(clustering, TRACKS.assign(genre=None), GROUPS).values()))
    )
