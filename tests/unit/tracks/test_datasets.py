"""Published data sets are registered with their sizes, licences and citations."""

from hybridmusic.tracks import datasets


def test_the_registry_agrees_with_the_paper():
    """Compare with section 3.1: 1,000 tracks, 100 of each of ten genres; 16,170 clips of eight."""
    gtzan, banglabeats = datasets.DATASETS["gtzan"], datasets.DATASETS["banglabeats"]
    assert set(gtzan.clips.values()) == {100}
    assert len(gtzan.clips) == 10
    assert len(banglabeats.clips) == 8
    assert sum(banglabeats.clips.values()) == 16_170
    for dataset in (gtzan, banglabeats):
        assert dataset.licence
        assert dataset.citation
        assert dataset.page.startswith("https://www.kaggle.com/datasets/")
