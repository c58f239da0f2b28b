"""Published data sets that a source can name, with licence, citation and size.

The workflow imports this whenever it is parsed, so it needs nothing but the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dataset:
    """A data set on Kaggle."""

    handle: str  # `<owner>/<name>`, with `/versions/<n>` where only one version fits
    licence: str
    citation: str
    audio: str  # path of the folder of `<genre>/<clip>.wav` in its archive
    clips: dict[str, int]  # how many clips each genre has

    @property
    def page(self) -> str:
        """Address of its page."""
        return f"https://www.kaggle.com/datasets/{self.handle.split('/versions/')[0]}"


GTZAN_GENRES = (
    *("blues", "classical", "country", "disco", "hiphop"),
    *("jazz", "metal", "pop", "reggae", "rock"),
)
DATASETS = {
    "gtzan": Dataset(
        handle="andradaolteanu/gtzan-dataset-music-genre-classification/versions/1",
        licence="none stated by its author; collected for research, not for redistribution",
        citation="G. Tzanetakis and P. Cook: Musical genre classification of audio signals. IEEE "
        "Transactions on Speech and Audio Processing 10(5), 293-302, 2002.",
        audio="Data/genres_original",
        clips=dict.fromkeys(GTZAN_GENRES, 100),
    ),
    "banglabeats": Dataset(
        handle="thisisjibon/banglabeats3sec",
        licence="as its page states it",
        citation="BanglaBeats: A Comprehensive Dataset of Bengali Songs for Music Genre "
        "Classification Tasks. International Conference on Computer and Information Technology "
        "(ICCIT), 2023.",
        audio="wavs3sec",
        # Ten clips from each of 1,617 songs.
        clips={
            "Adhunik": 2230,
            "Folk": 2350,
            "Hiphop": 1730,
            "Indie": 2020,
            "Islamic": 2050,
            "Metal": 1920,
            "Pop": 1960,
            "Rock": 1910,
        },
    ),
}
