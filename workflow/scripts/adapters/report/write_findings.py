"""Write the findings of runs, each sentence with its figure, interval and source."""

from hybridmusic.reports import findings
from shared import job

TABLES = ("scores", "spaces", "uncertainty", "language", "changes")


def main(snakemake) -> None:
    inputs, runs = snakemake.input, []
    for number, name in enumerate(snakemake.params.runs):
        tracks = job.read_table(inputs.catalogue[number])
        described = job.read_table(inputs.features[number], ["id"])["id"]
        runs.append(
            findings.Run(
                name=name,
                settings=job.read_yaml(inputs.settings[number]),
                tracks=tracks[tracks["id"].isin(described)],
                **{table: job.read_table(inputs[table][number]) for table in TABLES},
            )
        )
    job.write_text(findings.document(runs), snakemake.output.md)


if __name__ == "__main__":
    job.run(main, snakemake)
