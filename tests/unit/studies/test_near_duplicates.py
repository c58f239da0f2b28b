"""Edited copies of songs are found, other songs are not, and what has no sound is compared too."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import soundfile

import near_duplicates as benchmark
from adapters.studies import find_near_duplicates
from hybridmusic.demo import synthesis
from hybridmusic.sound.fingerprint import BITS, NO_SOUND, fingerprint
from hybridmusic.sound.spectra import spectrogram
from hybridmusic.studies import near_duplicates
from hybridmusic.studies.near_duplicates import OVERLAP, duplicates, matches

SECOND = synthesis.SAMPLE_RATE
WORDS = 119  # of a clip of 3 s


def words_of(y: np.ndarray) -> np.ndarray:
    return fingerprint(spectrogram(np.asarray(y, dtype=np.float32)))


def groups(numbers: np.ndarray) -> list[list[int]]:
    """Return the tracks of each group of more than one."""
    members = [np.flatnonzero(numbers == number).tolist() for number in np.unique(numbers)]
    return sorted(tracks for tracks in members if len(tracks) > 1)


def random_words(n: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.integers(-(2**31), 2**31, size=(n, WORDS), dtype=np.int64).astype(np.int32)


def closest(a: np.ndarray, b: np.ndarray) -> float:
    """Return the least share of different bits over all shifts, by plain loops."""
    shares = []
    for shift in range(OVERLAP - len(b), len(a) - OVERLAP + 1):
        left, right = a[max(0, shift) :], b[max(0, -shift) :]
        size = min(len(left), len(right))
        left, right = left[:size], right[:size]
        both = (left != NO_SOUND) & (right != NO_SOUND)
        if both.sum() >= OVERLAP:
            different = np.bitwise_count((left[both] ^ right[both]).view(np.uint32))
            shares.append(different.mean() / BITS)
    return min(shares, default=1.0)


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(400, 10)).astype(np.float32)


# --- sound ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def songs():
    """Excerpts of two songs of each genre of the demo."""
    return list(benchmark.demo_songs(2))


@pytest.fixture(scope="module")
def originals(songs, tmp_path_factory):
    edit = benchmark.EDITS[benchmark.ORIGINAL]
    return benchmark.fingerprints(songs, edit, tmp_path_factory.mktemp("original"))


@pytest.mark.parametrize(
    "name", [name for name, edit in benchmark.EDITS.items() if name != benchmark.ORIGINAL]
)
def test_every_edited_copy_is_found_and_no_other_song(songs, originals, tmp_path, name):
    edit = benchmark.EDITS[name]
    if edit[1] is benchmark.aac:
        pytest.importorskip("av", reason="AAC needs the package av; the low-pass stands for it")
    some = slice(None, None, 4)
    edited = benchmark.fingerprints(songs[some], edit, tmp_path)
    # All of 160 songs and of 100 real excerpts are found, with any edit (docs/duplicates.md).
    assert benchmark.recall(originals[some], edited).all()
    assert benchmark.false_alarms([originals[some], edited])[0] == 0


def test_mp3_has_the_bit_rate_that_its_name_says(songs, tmp_path):
    path = tmp_path / "song.mp3"
    benchmark.mp3(path, songs[0])
    assert 8 * path.stat().st_size / soundfile.info(path).duration == pytest.approx(128e3, rel=0.05)


def test_the_threshold_is_far_from_copies_and_from_other_songs(songs, originals, tmp_path):
    """Search all shifts without the index.

    Of 160 songs and 100 real excerpts the worst copy has 0.08 wrong bits (0.10 with noise, of 800
    other clips); of 17,000 pairs of different songs, among them of one genre, the closest has 0.30.
    """
    edit = benchmark.EDITS["shift by 0.5 s"]  # the worst: half a frame
    copies = benchmark.fingerprints(songs[:9], edit, tmp_path)
    assert max(map(closest, originals[:9], copies)) < 0.12
    others = [closest(originals[a], originals[b]) for a in range(0, 36, 3) for b in range(a)]
    assert min(others) > 0.27


def test_songs_of_one_recipe_are_no_duplicates():
    clips = list(synthesis.corpus(3, {"english": 8}, ["disco", "metal"]))
    names, song = np.unique([clip.song for clip in clips], return_inverse=True)
    assert len(names) == 16
    fingerprints = [words_of(clip.samples) for clip in clips]
    assert len(matches(np.stack(fingerprints), song)) == 0


def test_repeated_bars_hide_no_duplicate(songs):
    """A song is one bar, a copy is shifted and noisy, and other songs repeat bars as well."""
    bars = [songs[number][: SECOND // 2] for number in (0, 5, 9)]
    looped = [np.tile(bar, 22) for bar in bars]
    copy = benchmark.noisy(looped[0])[SECOND // 5 :]
    clips = [y[3 * n * SECOND :][: 3 * SECOND] for y in (*looped, copy) for n in range(3)]
    fingerprints = [words_of(clip) for clip in clips]
    song = np.repeat(np.arange(4), 3)
    x = np.random.default_rng(0).normal(size=(12, 5))
    near = duplicates(x, song, fingerprints).near
    assert near.tolist() == np.repeat([0, 1, 2, 0], 3).tolist()


def test_silence_has_exact_duplicates_only(x):
    silence = words_of(np.zeros(3 * SECOND))
    x[1] = x[0]
    result = duplicates(x[:3], np.arange(3), [silence] * 3)
    assert groups(result.exact) == [[0, 1]]
    assert groups(result.near) == []
    assert result.heard.all()


def test_common_silence_is_no_common_sound(songs):
    """Only what sounds in both is compared, not the silence around it."""
    clips = np.stack([songs[0], songs[9]])[:, : 3 * SECOND].copy()
    clips[:, SECOND:] = 0
    assert len(matches(np.stack([words_of(y) for y in clips]), np.arange(2))) == 0


# --- matching ------------------------------------------------------------------------------------


def test_matches_are_those_of_a_search_of_all_pairs_and_shifts():
    words = random_words(40)
    random = np.random.default_rng(1)
    noise = random.random((40, WORDS, BITS)) < 0.03
    wrong = np.packbits(noise, axis=2, bitorder="little").view("<i4")[..., 0]
    words[20:30] = words[:10] ^ wrong[:10]
    words[30:35, : WORDS - 80] = words[:5, 80:]  # 39 words in common
    words[35, 100:] = words[6, 100:]  # 19, too few
    words[36, ::2] = words[7, ::2]  # half of them wrong
    expected = [
        [a, b] for a in range(40) for b in range(a + 1, 40) if closest(words[a], words[b]) <= 0.2
    ]
    assert len(expected) == 20
    assert matches(words, np.arange(40)).tolist() == expected


def test_clips_of_one_song_are_not_compared():
    words = random_words(2)[[0, 0, 1, 1]]
    assert len(matches(words, np.array([0, 0, 1, 1]))) == 0
    assert matches(words, np.array([0, 1, 2, 2])).tolist() == [[0, 1]]


def test_many_copies_are_one_group_and_the_work_grows_with_their_number(monkeypatch):
    compared = []
    agree = near_duplicates._agree

    def counted(words, a, b, shift):
        compared.append(len(a))
        return agree(words, a, b, shift)

    monkeypatch.setattr(near_duplicates, "_agree", counted)
    words = random_words(1)[np.zeros(200, dtype=int)]
    result = duplicates(np.zeros((200, 2)), np.arange(200), list(words))
    assert set(result.near) == {0}
    # One shift for each pair of 200 that is drawn together for a word; all pairs are 19,900.
    assert sum(compared) <= 200 * WORDS * near_duplicates.LOOKED_UP
    words[:] = 7
    compared.clear()
    matches(words, np.arange(200))
    assert sum(compared) <= 200 * near_duplicates.LOOKED_UP


@pytest.mark.parametrize(("shared", "together"), [(1, False), (2, True)])
def test_songs_share_at_least_half_of_the_clips_of_one(x, shared, together):
    words = random_words(10)
    words[4 : 4 + shared] = words[:shared]
    song = np.array([0] * 4 + [1] * 6)
    near = duplicates(x[:10], song, list(words)).near
    assert near.tolist() == ([0] * 10 if together else song.tolist())


# --- features ------------------------------------------------------------------------------------


def of_features(x: np.ndarray, songs: np.ndarray | None = None) -> near_duplicates.Duplicates:
    return duplicates(x, np.arange(len(x)) if songs is None else songs, [None] * len(x))


def test_noise_has_no_near_features(x):
    result = of_features(x)
    assert groups(result.exact) == groups(result.near) == []
    assert not result.heard.any()
    rows = np.linspace(0, 399, 300).astype(int)
    far = np.linalg.norm(x[:, None] - x[None], axis=2) + 1e9 * np.eye(len(x))
    assert result.radius == pytest.approx(0.2 * np.median(far.min(axis=1)[rows]), rel=1e-4)


def test_planted_features_are_found(x):
    x[7] = x[300]
    x[8] = x[301] + 1e-3
    x[9] = x[8] + 1e-3  # a chain
    x[10] = x[300] + 1e-3  # near two exact ones
    result = of_features(x)
    assert groups(result.exact) == [[7, 300]]
    assert groups(result.near) == [[7, 10, 300], [8, 9, 301]]


def test_many_exact_duplicates_do_not_hide_near_features(x):
    x[100:] = x[:100].repeat(3, axis=0)
    x[1] = x[0] + 1e-3
    result = of_features(x)
    assert len(np.unique(result.exact)) == 101
    assert len(np.unique(result.near)) == 100


def test_repeated_bars_do_not_hide_near_features(x):
    x[:] = x[:100].repeat(4, axis=0) + 1e-3 * x
    x[4:8] = x[:4] + 0.1
    song = np.repeat(np.arange(100), 4)
    near = of_features(x, song).near
    assert [len(tracks) for tracks in groups(near)].count(8) == 1
    assert near[0] == near[4]


def test_one_point_is_one_group():
    result = of_features(np.ones((5, 2)))
    assert result.exact.tolist() == result.near.tolist() == [0] * 5
    assert result.radius == 0


def test_features_are_compared_only_where_one_track_has_no_sound(x):
    x[1] = x[0]
    x[3] = x[2]
    words = random_words(6)
    result = duplicates(x[:6], np.arange(6), [*words[:3], None, None, words[5, :9]])
    assert groups(result.exact) == [[0, 1], [2, 3]]
    assert groups(result.near) == [[2, 3]]
    assert result.heard.tolist() == [True, True, True, False, False, False]


# --- the rule ------------------------------------------------------------------------------------


def test_the_rule_lists_songs_and_exact_duplicates(tmp_path, x):
    ids = list("abcdefg")
    x[6] = x[5]
    space = pd.DataFrame({"id": ids, "seed": 0, "vector": list(x[:7])})
    catalogue = pd.DataFrame({"id": ids, "song": list("AABBCDD"), "file_path": [*ids]})
    words = random_words(3)
    known = pd.DataFrame({"id": ["a", "b", "c"], "fingerprint": list(words[[0, 1, 0]])})
    paths = {name: tmp_path / f"{name}.parquet" for name in ("space", "catalogue", "table")}
    space.to_parquet(paths["space"])
    catalogue.iloc[::-1].to_parquet(paths["catalogue"])
    shards = [tmp_path / "0.parquet", tmp_path / "1.parquet"]
    known[:1].to_parquet(shards[0])
    known[1:].to_parquet(shards[1])
    output = SimpleNamespace(table=paths["table"], listed=tmp_path / "near.csv")
    read = SimpleNamespace(space=paths["space"], catalogue=paths["catalogue"], fingerprints=shards)
    find_near_duplicates.main(SimpleNamespace(input=read, output=output))
    table = pd.read_parquet(output.table)
    assert table["id"].to_list() == ids
    assert table["group"].to_list() == [0, 0, 0, 0, 1, 2, 2]
    assert table["compared"].to_list() == ["fingerprint"] * 3 + ["features"] * 4
    listed = pd.read_csv(output.listed)
    assert list(listed) == ["group", "song", "id", "file_path", "exact", "compared"]
    assert listed["id"].to_list() == list("abcdfg")
    assert listed["exact"].to_list() == [False] * 4 + [True] * 2
