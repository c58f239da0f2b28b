"""Write the sentence of every track from its features."""

import logging

from hybridmusic.descriptors.culture import SAID
from hybridmusic.text import sentences
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    features = job.read_table(snakemake.input.features)
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    languages = catalogue.loc[features["id"], "language"].to_list()
    wordings = sentences.wordings_of(languages, snakemake.params.wording)
    if snakemake.params.wording == "own":
        for language in sorted(set(languages) - set(sentences.WORDINGS)):
            logger.warning("no wording for %r: its tracks are described in English", language)
    # Tracks that join a run are compared with the tertiles of the run's tracks.
    corpus = job.read_table(snakemake.input.get("corpus", snakemake.input.features))
    table = sentences.levels(features, snakemake.params.thresholds, corpus)
    table.insert(0, "id", features["id"])
    descriptors = snakemake.params.descriptors
    cultural = [name for name in descriptors if name in SAID]
    if cultural:
        culture = job.read_table(snakemake.input.culture)
        table = table.join(sentences.cultural_levels(culture, table["id"], cultural))
    table["sentence"] = sentences.write(table, wordings, descriptors)
    counts = table["sentence"].value_counts()
    logger.info(
        "%d distinct sentences; the three commonest cover %.0f %% of the tracks",
        len(counts),
        100 * counts.iloc[:3].sum() / len(table),
    )
    columns = dict.fromkeys(cultural, "integer")
    job.write_table(table, "sentences", snakemake.output.sentences, columns)


if __name__ == "__main__":
    job.run(main, snakemake)
