"""Tabulate which results depend on genre, and whether they declare it."""

from hybridmusic.tables import audit
from hybridmusic.tables.sheet import Sheet
from shared import job, sheets


def main(snakemake) -> None:
    audited = job.read_table(snakemake.input.audit)
    table = audit.table(audited)
    shown = table.rename(columns={"Told": "Declares"})
    sheet = Sheet("What depends on genre", shown, audit.verdicts(audited), audit.notes(audited))
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
