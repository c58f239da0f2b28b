"""Write what depends on genre, and whether it says so."""

import job
from hybridmusic import audit, tables


def main(snakemake) -> None:
    found = job.read_table(snakemake.input.audit)
    table, verdicts = audit.tabulated(found), audit.verdicts(found)
    title = "What depends on genre"
    job.write_text(table.to_csv(index=False), snakemake.output.csv)
    for ending, text in tables.forms(table, verdicts, title, "tab:audit").items():
        job.write_text(text, snakemake.output[ending])


if __name__ == "__main__":
    job.run(main, snakemake)
