"""Download a model from the Hugging Face hub, and record it once it is complete."""

from hybridmusic.downloads import hub
from shared import downloads, job


def main(snakemake) -> None:
    model, record = snakemake.params.model, snakemake.output.record
    place = f"put its files into {record.removesuffix('.json')}, or set {snakemake.params.instead}"
    downloads.arrive(
        record,
        about={"model": model},
        fetch=lambda cache: hub.download(model, cache, place),
    )


if __name__ == "__main__":
    job.run(main, snakemake)
