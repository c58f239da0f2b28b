"""The table of reconstruction: errors of networks on songs that they were not trained on."""

from __future__ import annotations

import pandas as pd


def table(held_out: dict[str, pd.DataFrame], inputs: dict[str, str]) -> pd.DataFrame:
    """Tabulate the `held_out` errors of networks and their inputs, means over seeds."""
    rows = []
    for network, scores in held_out.items():
        part = scores.groupby("part").mean(numeric_only=True)
        rows.append(
            {
                "Network": network,
                "Input": inputs[network],
                "Training MSE": part.loc["training", "reconstruction"],
                "Held-out MSE": part.loc["held_out", "reconstruction"],
                "Mean MSE": part.loc["held_out", "mean_prediction"],
                "Held-out KL": part.loc["held_out", "kl"],
                "Active units": part.loc["training", "active_units"],
            }
        )
    return pd.DataFrame(rows)


def verdicts(table: pd.DataFrame) -> list[str]:
    """Name the networks that reconstruct held-out songs no better than the mean does."""
    worse = table.loc[table["Held-out MSE"] >= table["Mean MSE"], "Network"]
    return [
        f"Held-out songs are reconstructed no better than by their mean by: {', '.join(worse)}."
        if len(worse)
        else "Every network reconstructs held-out songs better than their mean does."
    ]


def notes(held_out: dict[str, pd.DataFrame]) -> list[str]:
    """Explain the table, one sentence each; all networks have the same held-out songs."""
    scores = next(iter(held_out.values()))
    songs = scores.drop_duplicates("part").set_index("part")
    n_tracks, n_songs = songs.loc["held_out", ["n_tracks", "n_songs"]]
    share = n_songs / songs["n_songs"].sum()
    return [
        f"Networks trained without {share:.0%} of the songs: {n_tracks} tracks of {n_songs} songs "
        "are held out. MSE per standardised feature, decoded from the mean of q(z | x); KL in nats "
        "per track.",
        "Mean MSE is the error of predicting the training songs' mean for every track. A network "
        "with a higher error has learned nothing that carries over to other songs.",
    ]
