"""Write how well each network reconstructs songs that it was not trained on."""

from hybridmusic.tables import scores
from hybridmusic.tables.sheet import LEARNED, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    params = snakemake.params
    rows = {
        network: job.read_table(path)
        for network, path in zip(params.networks, snakemake.input.held_out, strict=True)
    }
    inputs = dict(zip(params.networks, params.inputs, strict=True))
    table = scores.reconstruction(rows, inputs)
    first = next(iter(rows.values()))
    held_out = first[first["part"] == "held_out"].iloc[0]
    notes = [
        f"Networks trained without a fifth of the songs: {held_out['n_tracks']} tracks of "
        f"{held_out['n_songs']} songs held out. MSE per standardised feature, decoded from the "
        "mean of q(z | x); KL in nats per track.",
        "Mean MSE is that of predicting the training songs' mean for every track: a network "
        "above it has learned nothing that carries over.",
    ]
    verdicts = {LEARNED: scores.reconstruction_verdicts(table)}
    sheet = Sheet("Reconstruction of held-out songs", table, verdicts, notes)
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
