"""Download a published data set, and record it once it is complete."""

import logging

from hybridmusic.downloads import kaggle, transfer
from hybridmusic.tracks.datasets import DATASETS
from shared import downloads, job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    name, record = snakemake.wildcards.dataset, snakemake.output.record
    dataset = DATASETS[name]
    logger.info("%s; licence: %s; to cite: %s", dataset.page, dataset.licence, dataset.citation)
    folder = record.removesuffix(".json")
    place = f"unpack {dataset.page} into {folder}, or set the source's path to where it is"
    downloads.arrive(
        record,
        about={
            "name": name,
            "page": dataset.page,
            "licence": dataset.licence,
            "citation": dataset.citation,
        },
        fetch=lambda cache: kaggle.download(dataset.handle, cache, place),
        check=lambda clips: transfer.check_clips(clips, dataset.audio, dataset.clips, folder),
    )


if __name__ == "__main__":
    job.run(main, snakemake)
