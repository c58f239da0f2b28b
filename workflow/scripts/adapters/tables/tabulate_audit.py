"""Write what depends on genre, and whether it says so."""

from hybridmusic.studies import audit
from hybridmusic.tables.sheet import ABSENT, CHECKED, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    found = job.read_table(snakemake.input.audit)
    table = audit.tabulated(found)
    verdicts = {ABSENT if found.empty else CHECKED: audit.verdicts(found)}
    sheet = Sheet("What depends on genre", table, verdicts, audit.notes(found))
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
