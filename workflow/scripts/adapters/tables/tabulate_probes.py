"""Write how well genre and language can be read from every space, and from what is no music."""

from hybridmusic.studies import probes
from hybridmusic.tables.marks import MARKS, MEANINGS, marked
from hybridmusic.tables.sheet import ABSENT, DOUBT, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    params = snakemake.params
    found = job.read_table(snakemake.input.probes)
    catalogue = job.read_table(snakemake.input.catalogue)
    told = zip(params.spaces, params.conditions, strict=True)
    names = {name: marked(name, condition, catalogue) for name, condition in told}
    notes = probes.notes(params.permutations)
    for seen, mark in MARKS.items():
        if any(shown.endswith(mark) for shown in names.values()):
            notes.append(f"{mark} {MEANINGS[seen]}.")
    sheet = Sheet(
        "Genre and language, read from spaces and from recordings",
        probes.tabulated(found, names),
        {DOUBT: probes.verdicts(found), ABSENT: probes.missing(found)},
        notes,
    )
    sheets.write(sheet, found, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
