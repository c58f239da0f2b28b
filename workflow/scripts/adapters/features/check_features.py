"""Compare the features of random clips with those that librosa computes from the same files."""

import logging

import librosa
import pandas as pd

from hybridmusic.sound import by_librosa
from hybridmusic.studies.check_features import deviations, drawn
from hybridmusic.tables import check_features
from hybridmusic.tables.sheet import Sheet
from shared import job, sheets

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    features = job.read_table(snakemake.input.features)
    catalogue = job.read_table(snakemake.input.catalogue)
    clips = drawn(catalogue, features["id"], params.seed)
    rows = []
    for clip in job.counted(clips.itertuples(), len(clips), "clips described by librosa"):
        fields = by_librosa.describe_file(clip.file_path, clip.start, params.clip_seconds)
        rows.append({"id": clip.id, **fields})
    theirs = pd.DataFrame(rows)
    ours = features.set_index("id").loc[clips["id"]].reset_index()[list(theirs)]
    compared = deviations(ours, theirs)
    with_sound = catalogue["id"].isin(features["id"]) & catalogue["start"].notna()
    sheet = Sheet(
        "Features of this run against librosa's",
        check_features.table(compared),
        check_features.verdicts(compared, len(clips)),
        check_features.notes(len(clips), with_sound.sum(), librosa.__version__),
    )
    sheets.write(sheet, compared, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
