"""Table of the deviations of a run's features from librosa's."""

from __future__ import annotations

import pandas as pd

from hybridmusic.sound.features import STATISTICS
from hybridmusic.studies.check_features import TOLERANCE
from hybridmusic.tables.sheet import CHECKED, DOUBT

COLUMNS = {
    "name": "Feature",
    "deviation": "Largest relative deviation",
    "beyond": f"Clips beyond {TOLERANCE:g}",
    "ours": "This run",
    "theirs": "librosa",
    "clip": "Clip",
}
ENDINGS = {"_low": ", 33rd percentile", "_high": ", 67th percentile"}


def table(deviations: pd.DataFrame) -> pd.DataFrame:
    """Tabulate `studies.check_features.deviations`, of MFCCs the worst of each statistic."""
    is_mfcc = deviations["feature"].str.startswith("mfcc")
    statistics = deviations["feature"].where(is_mfcc).str.split("_").str[1]
    rows = [deviations[statistics == statistic] for statistic in STATISTICS]
    worst = [part.nlargest(1, "deviation").assign(beyond=part["beyond"].max()) for part in rows]
    shown = pd.concat([*worst, deviations[~is_mfcc]])
    return shown.assign(name=shown["feature"].map(_label))[list(COLUMNS)].rename(columns=COLUMNS)


def _label(feature: str) -> str:
    if feature.startswith("mfcc"):
        number, statistic = feature.removeprefix("mfcc").split("_")
        return f"MFCC {statistic} (worst: coefficient {number})"
    for ending, words in ENDINGS.items():
        if feature.endswith(ending):
            return feature.removesuffix(ending).capitalize() + words
    return feature.capitalize()


def verdicts(deviations: pd.DataFrame, clips: int) -> dict[str, list[str]]:
    """State whether the features of so many clips equal librosa's within a thousandth."""
    beyond = deviations[deviations["beyond"] > 0]
    if beyond.empty:
        worst = deviations.loc[deviations["deviation"].idxmax()]
        return {
            CHECKED: [
                f"All features of {clips} random clips equal librosa's within a thousandth: the "
                f"largest relative deviation is {worst['deviation']:.1e} ({worst['feature']} of "
                f"{worst['clip']})."
            ]
        }
    named = [
        f"{row.feature} (by up to {row.deviation:.1e}, {row.beyond} of {clips} clips)"
        for row in beyond.sort_values("deviation", ascending=False).itertuples()
    ]
    return {DOUBT: [f"More than a thousandth from librosa's: {', '.join(named)}."]}


def notes(clips: int, of: int, version: str) -> list[str]:
    """Explain the draw of `clips` among `of`, the comparison with a `version`, and its measure."""
    return [
        f"{clips} of {of:,} clips with sound, drawn at random, as the run describes them in "
        f"features.parquet and as librosa {version} describes them: it decodes the files again, "
        "resamples them and computes each feature by a call of its own.",
        "Deviations are relative to librosa's value, of MFCCs to 1 dB at least, because they cross "
        "zero.",
        "Tempo is the strongest of some dozens of tempi. Where two are equally strong, rounding "
        "decides, and the deviation is the distance between both.",
    ]
