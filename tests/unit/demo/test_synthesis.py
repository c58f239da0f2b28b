"""The demo's corpus agrees with its factors, and is reproducible."""

from collections import Counter
from dataclasses import replace

import librosa
import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import spearmanr

from hybridmusic.demo import recipes, synthesis

pytestmark = pytest.mark.usefixtures("librosa_alone")
RATE = synthesis.SAMPLE_RATE
PERCUSSIVE = {"disco", "rock", "metal", "reggae", "country", "Folk", "Hiphop", "Pop"}
GUITARS = {"metal", "rock", "Metal", "Rock"}
SHARED = ("hiphop", "metal", "pop", "rock")


@pytest.fixture(scope="module")
def clips():
    return list(synthesis.corpus(42, {"english": 2, "bangla": 2}))


@pytest.fixture(scope="module")
def timbre(clips):
    """Standardised MFCC moments, (clips, 26)."""
    mfcc = [librosa.feature.mfcc(y=clip.samples, sr=RATE, n_mfcc=13) for clip in clips]
    moments = np.array([np.concatenate([m.mean(axis=1), m.std(axis=1)]) for m in mfcc])
    return (moments - moments.mean(axis=0)) / moments.std(axis=0)


def metronome(tempo: float, rhythm: str = "X...") -> synthesis.Song:
    """Return a song of rim shots alone, in a dry room."""
    genre = replace(
        recipes.RECIPES["english"]["rock"],
        grooves=(recipes.Groove(4, {"rim": rhythm}, fill="rim"),),
        parts=(),
    )
    song = synthesis.compose(genre, recipes.MEDIA["english"], np.random.default_rng(0))
    return replace(song, tempo=tempo, reverb=0)


def centroid(samples: np.ndarray) -> float:
    return float(librosa.feature.spectral_centroid(y=samples, sr=RATE).mean())


# --- reproducibility and layout ------------------------------------------------------------------


def test_same_seed_gives_the_same_bytes():
    first, second, other = (
        [c.samples.tobytes() for c in synthesis.corpus(seed, {"bangla": 1}, ["Folk", "Metal"])]
        for seed in (3, 3, 4)
    )
    assert first == second
    assert not set(first) & set(other)


def test_clip_does_not_depend_on_the_rest_of_the_corpus(clips):
    alone = list(synthesis.corpus(42, {"english": 1}, ["jazz"]))
    among = [clip for clip in clips if clip.song == "jazz.00"]
    assert [c.samples.tobytes() for c in alone] == [c.samples.tobytes() for c in among]
    assert [c.factors for c in alone] == [c.factors for c in among]


def test_default_corpus_is_balanced(monkeypatch):
    monkeypatch.setattr(synthesis, "perform", lambda song, rng, length: (np.ones(9), 1.0))
    corpus = list(synthesis.corpus(0))
    assert Counter(clip.language for clip in corpus) == {"english": 200, "bangla": 200}
    sizes = Counter((clip.language, clip.genre) for clip in corpus)
    assert sizes == {
        (language, genre): {"english": 20, "bangla": 25}[language]
        for language, genres in recipes.GENRES.items()
        for genre in genres
    }
    assert len(sizes) == 18
    assert len({(clip.song, clip.clip) for clip in corpus}) == 400


def test_songs_have_two_or_three_clips():
    corpus = synthesis.corpus(0, {"english": 2}, ["reggae"])
    assert [(clip.song, clip.clip) for clip in corpus] == [
        ("reggae.00", 0),
        ("reggae.00", 1),
        ("reggae.01", 0),
        ("reggae.01", 1),
        ("reggae.01", 2),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, {"latin": 2}), "no recipe for latin"),
        ((1, {"english": 1}, ["polka"]), "no recipe for polka"),
        ((-1,), "seed must not be negative, got -1"),
    ],
)
def test_unknown_recipes_and_seeds_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        synthesis.corpus(*arguments)


# --- signals and factors -------------------------------------------------------------------------


def test_samples_are_sound(clips):
    for clip in clips:
        assert clip.samples.shape == (3 * RATE,)
        assert clip.samples.dtype == np.float32
        assert np.isfinite(clip.samples).all()
        assert np.abs(clip.samples).max() <= 0.99
        windows = clip.samples.reshape(15, -1).std(axis=1)
        assert windows.min() > 10 ** (-60 / 20), clip.song


def test_rms_is_the_energy_factor(clips):
    measured = [20 * np.log10(np.sqrt(np.mean(np.square(c.samples, dtype=float)))) for c in clips]
    stated = np.array([clip.factors["energy"] for clip in clips])
    np.testing.assert_allclose(measured, stated, atol=0.5)
    assert np.ptp(stated) > 12


def test_factors_cover_their_ranges(clips):
    tempi = np.array([clip.factors["tempo"] for clip in clips])
    assert min(np.mean(tempi < 90), np.mean(tempi > 130)) > 0.1
    assert np.mean((tempi >= 90) & (tempi <= 130)) > 0.2
    assert {clip.factors["mode"] for clip in clips} <= set(recipes.MODES)
    assert {4, 6, 8} <= {clip.factors["cycle"] for clip in clips} <= {3, 4, 6, 8, 10, 16}
    assert all(0 <= clip.factors["brightness"] <= 1 for clip in clips)


@pytest.mark.parametrize("genre", ["classical", "disco", "jazz", "metal", "Folk", "Islamic"])
def test_brightness_moves_the_spectral_centroid(genre):
    language = "english" if genre in recipes.GENRES["english"] else "bangla"
    recipe, medium = recipes.RECIPES[language][genre], recipes.MEDIA[language]
    song = synthesis.compose(recipe, medium, np.random.default_rng(1))
    dull, middling, bright = (
        synthesis.perform(replace(song, brightness=b), np.random.default_rng(2))[0]
        for b in (0.15, 0.5, 0.85)
    )
    assert 1.15 * centroid(dull) < centroid(middling)
    assert 1.15 * centroid(middling) < centroid(bright)


def test_brightness_ranks_the_guitar_genres(clips):
    guitars = [clip for clip in clips if clip.genre in GUITARS]
    stated = [clip.factors["brightness"] for clip in guitars]
    assert spearmanr(stated, [centroid(clip.samples) for clip in guitars]).statistic > 0.5


@pytest.mark.parametrize("tempo", [75.0, 120.0, 160.0])
def test_metronome_beats_at_its_tempo(tempo):
    samples, _ = synthesis.perform(metronome(tempo), np.random.default_rng(1))
    envelope = np.abs(samples).reshape(-1, 50).max(axis=1)
    envelope -= envelope.mean()
    correlation = np.correlate(envelope, envelope, "full")[envelope.size - 1 :]
    shortest = int(0.2 * RATE / 50)
    period = (shortest + correlation[shortest:].argmax()) * 50 / RATE
    assert period == pytest.approx(60 / tempo, rel=0.02)


@pytest.mark.parametrize(("rhythm", "expected"), [("X...", 1), ("X.x.", 2), ("XxXx", 4)])
def test_density_counts_onsets_per_beat(rhythm, expected):
    song = replace(metronome(100.0), groove=recipes.Groove(4, {"rim": rhythm}, fill="rim"))
    densities = [synthesis.perform(song, np.random.default_rng(seed))[1] for seed in range(9)]
    assert np.median(densities) == pytest.approx(expected)  # a fill adds to some of them
    assert max(densities) < expected + 2


def test_tempo_can_be_heard(clips):
    heard = []
    for clip in clips:
        if clip.genre in PERCUSSIVE:
            estimate = float(np.ravel(librosa.beat.beat_track(y=clip.samples, sr=RATE)[0])[0])
            ratios = clip.factors["tempo"] * np.array([1, 1 / 2, 2, 2 / 3, 3 / 2])
            heard.append(np.min(np.abs(estimate / ratios - 1)) < 0.04)
    assert np.mean(heard) > 0.85


def test_drone_sounds_the_tonic():
    hits = []
    for clip in synthesis.corpus(5, {"bangla": 5}, ["Islamic"]):
        spectrum = np.abs(np.fft.rfft(clip.samples * np.hanning(clip.samples.size), 2**18))
        interval = 12 * np.log2(np.fft.rfftfreq(2**18, 1 / RATE)[1:] / clip.factors["tonic"])
        strongest = interval[np.where(np.abs(interval) < 6, spectrum[1:], 0).argmax()]
        hits.append(abs(strongest) < 0.5)  # semitones; one in twelve by chance
    assert np.mean(hits) > 0.75


# --- the corpus as a whole -----------------------------------------------------------------------


def test_clips_of_a_song_are_alike_but_not_the_same(clips, timbre):
    songs = np.array([clip.song for clip in clips])
    genres = np.array([clip.genre for clip in clips])
    apart = cdist(timbre, timbre)
    same_song = (songs[:, None] == songs) & ~np.eye(len(clips), dtype=bool)
    same_genre = (genres[:, None] == genres) & (songs[:, None] != songs)
    assert apart[same_song].min() > 0.1
    assert apart[same_song].mean() < 0.75 * apart[same_genre].mean()
    assert apart[same_genre].mean() < 0.85 * apart[genres[:, None] != genres].mean()


def test_shared_genres_are_alike_across_languages(clips, timbre):
    genres = np.array([clip.genre for clip in clips])
    apart = {
        (genre, other): cdist(timbre[genres == genre.capitalize()], timbre[genres == other]).mean()
        for genre in SHARED
        for other in recipes.GENRES["english"]
    }
    namesakes = [apart[genre, genre] for genre in SHARED]
    others = [distance for (genre, other), distance in apart.items() if genre != other]
    assert np.mean(namesakes) < 0.8 * np.mean(others)


# --- building blocks -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["organ", "tanpura", "guitar", "bass"])
@pytest.mark.parametrize("frequency", [110.0, 233.08])
def test_instruments_are_in_tune(name, frequency):
    instrument = replace(recipes.INSTRUMENTS[name], vibrato=0, rolloff=3)
    note = synthesis.play(instrument, frequency, 2.0, 0.5, np.random.default_rng(0))
    spectrum = np.abs(np.fft.rfft(note * np.hanning(note.size), 2**20))
    cents = 1200 * np.log2(spectrum.argmax() * RATE / 2**20 / frequency)
    assert abs(cents) < 3


@pytest.mark.parametrize(
    ("symbol", "spelling"),
    [
        ("I", (0, 0, 4, 7)),
        ("iv", (5, 0, 3, 7)),
        ("V7", (7, 0, 4, 7, 10)),
        ("Imaj7", (0, 0, 4, 7, 11)),
        ("bVII", (10, 0, 4, 7)),
        ("bII5", (1, 0, 7, 12)),
    ],
)
def test_chord_spells_numerals(symbol, spelling):
    assert synthesis.chord(symbol) == spelling


def test_master_reaches_loud_targets_below_the_ceiling():
    spikes = np.random.default_rng(0).standard_normal(3 * RATE) * 0.02
    spikes[::2205] = 1
    loud = synthesis.master(spikes, -20.0)
    assert 20 * np.log10(loud.std()) == pytest.approx(-20, abs=0.5)
    assert np.abs(loud).max() <= 0.99
