"""Write how well genre and language can be read from every space, and from what is no music."""

import logging

import job
from hybridmusic import probes, tables
from hybridmusic.conditions import marked

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    found = job.read_table(snakemake.input.probes)
    catalogue = job.read_table(snakemake.input.catalogue)
    told = zip(params.spaces, params.conditions, strict=True)
    names = {name: marked(name, condition, catalogue) for name, condition in told}
    job.write_text(found.to_csv(index=False, float_format="%.6g"), snakemake.output.csv)
    verdicts = probes.verdicts(found)
    for verdict in verdicts:
        logger.info("%s", verdict)
    notes = [*verdicts, *probes.notes(params.permutations)]
    if any(name != shown for name, shown in names.items()):
        notes.append(f"{tables.MARK} was shown the genres.")
    title = "Genre and language, read from spaces and from recordings"
    table = probes.tabulated(found, names)
    for ending, text in tables.forms(table, notes, title, "tab:probes").items():
        job.write_text(text, snakemake.output[ending])


if __name__ == "__main__":
    job.run(main, snakemake)
