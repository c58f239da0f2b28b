"""The table of reconstruction: errors of networks on songs that they were not trained on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.evaluation.convergence import projected_falls
from hybridmusic.tables.sheet import UNDEFINED

# In nats: a mean KL below the first cannot tell two groups of tracks apart; a posterior with a mean
# KL below the second is its prior in effect.
ONE_BIT, COLLAPSED = np.log(2), 0.05


def table(
    held_out: dict[str, pd.DataFrame], losses: dict[str, pd.DataFrame], inputs: dict[str, str]
) -> pd.DataFrame:
    """Tabulate errors and training of networks, means over seeds.

    Parameters
    ----------
    held_out : of each network, of the kind `held_out`
    losses : of each network, (epochs, seeds), in training on all songs
    inputs : names of each network's parents
    """
    rows = []
    for network, scores in held_out.items():
        part = scores.groupby("part").mean(numeric_only=True)
        falls, falling = projected_falls(losses[network].to_numpy())
        decided = not np.isnan(falls).any()
        rows.append(
            {
                "Network": network,
                "Input": inputs[network],
                "Training MSE": part.loc["training", "reconstruction"],
                "Held-out MSE": part.loc["held_out", "reconstruction"],
                "Mean MSE": part.loc["held_out", "mean_prediction"],
                "Held-out KL": part.loc["held_out", "kl"],
                "Training KL": part.loc["training", "kl"],
                "Active units": part.loc["training", "active_units"],
                "Units by KL": part.loc["training", "informative_units"],
                "Projected fall": falls.mean(),
                "Still falling": f"{falling.sum()} of {len(falling)}" if decided else UNDEFINED,
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


def doubts(table: pd.DataFrame) -> list[str]:
    """Name the networks whose training ended early, and those whose latents say next to nothing."""
    sentences = []
    falling = table[table["Still falling"].str.match("[1-9]")]
    if len(falling):
        in_all = falling["Still falling"].str.fullmatch(r"(\d+) of \1")
        seeds = (" (" + falling["Still falling"] + " seeds)").mask(in_all, "")
        listed = falling["Network"] + seeds
        sentences.append(
            f"These networks were still learning at their last epoch: {', '.join(listed)}. Their "
            "scores measure speed of learning too."
        )
    few = table[table["Training KL"] < ONE_BIT]
    if len(few):
        listed = [
            f"{row['Network']} ({row['Training KL']:.2f} nats; {row['Active units']:.1f} units are "
            f"active, {row['Units by KL']:.1f} by KL)"
            + (", collapsed" if row["Training KL"] < COLLAPSED else "")
            for _, row in few.iterrows()
        ]
        sentences.append(
            "A draw from q(z | x) of these networks has less than one bit of information about a "
            f"track: {'; '.join(listed)}."
        )
    return sentences


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
        "The mean KL bounds the information that a draw from q(z | x) has about a track: below one "
        "bit, 0.69 nats, it cannot tell two equally large groups of tracks apart for certain, and "
        f"below {COLLAPSED:g} nats the posterior has collapsed. Clusters are of the means of "
        "q(z | x), which then differ by less than its noise. A unit is active if the variance of "
        "its mean over tracks exceeds 0.01 (Burda et al. 2016), which needs hardly any "
        "information; Units by KL counts those with a mean KL above 0.05 nats, whose mean varies "
        "by a third of the posterior's standard deviation or more. Both are of the training songs.",
        "Projected fall is by how much of itself the training loss would fall over as many epochs "
        "again at the pace of the last fifth of the epochs. The loss is still falling where this "
        "is above 1 % and the slope is below 0 by a t test at 5 %. Both are of the networks that "
        "the spaces come from, which are trained on all songs. A falling training loss does not "
        "mean that more epochs help on other songs.",
    ]
