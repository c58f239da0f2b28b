"""Words of fingerprints against plain loops, and what leaves them as they are."""

import numpy as np
from samples import RATE, tone

from hybridmusic.sound import spectra
from hybridmusic.sound.fingerprint import BITS, NO_SOUND, fingerprint


def words(y: np.ndarray) -> np.ndarray:
    return fingerprint(spectra.spectrogram(y.astype(np.float32)))


def wrong(a: np.ndarray, b: np.ndarray) -> float:
    """Return the share of bits that differ."""
    return float(np.bitwise_count((a ^ b).view(np.uint32)).mean() / BITS)


def test_bits_are_signs_of_changes_of_differences_between_bands():
    power = np.random.default_rng(0).exponential(size=(30, 1025))
    edges = 200 * 20 ** (np.arange(34) / 33) * 2048 / RATE
    bands = np.zeros((30, 33))
    for frame in range(30):
        for band in range(33):
            for k in range(1025):
                share = min(k + 0.5, edges[band + 1]) - max(k - 0.5, edges[band])
                bands[frame, band] += max(0, share) * power[frame, k]
    expected = []
    for t in range(30 - 11):
        early, late = bands[t : t + 8].sum(axis=0), bands[t + 4 : t + 12].sum(axis=0)
        bits = [late[m + 1] - late[m] > early[m + 1] - early[m] for m in range(32)]
        expected.append(sum(bit << m for m, bit in enumerate(bits)))
    found = fingerprint(power).view(np.uint32)
    assert found.dtype == np.uint32
    assert found.tolist() == expected


def test_a_clip_of_three_seconds_has_119_words_and_a_very_short_one_none():
    assert words(tone(0, 3.0)).shape == (119,)
    assert words(tone(0, 0.25)).shape == (0,)


def test_gain_changes_no_word_and_other_sound_half_of_the_bits():
    y = tone(0, 3.0)
    # Rounding turns a few of 3,808 bits.
    assert wrong(words(y), words(0.01 * y)) < 0.01
    # Of 190 pairs of these tones: 0.41 to 0.57, mean 0.50.
    assert 0.35 < wrong(words(y), words(tone(1, 3.0))) < 0.65


def test_silence_and_what_is_40_db_below_the_rest_have_no_words():
    assert set(words(np.zeros(3 * RATE))) == {NO_SOUND}
    y = tone(0, 3.0)
    y[RATE:] *= 0.003
    quiet = words(y) == NO_SOUND
    # Words reach 12 frames of 23 ms ahead, and frames 46 ms around their middle.
    assert not quiet[: int(0.9 * RATE / 512)].any()
    assert quiet[int(1.1 * RATE / 512) :].all()
