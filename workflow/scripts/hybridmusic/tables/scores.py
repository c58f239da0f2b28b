"""Tables of scores, tracks and networks, and what they say in words."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import member, of_k
from hybridmusic.evaluation.degeneracy import FEW_DISTINCT, LARGEST, NOISY, flags, one_dimension
from hybridmusic.tables.marks import MARK, MARKS, discovers, notes_on_marks
from hybridmusic.tables.sheet import DOUBT, FAILS, SEPARATES, UNDEFINED
from hybridmusic.terms import ELSEWHERE, SUPERVISED
from hybridmusic.tracks.conditions import effective

# Column of the paper's Table 2, metric, and whether it agrees with genre or tells of a space.
COLUMNS = (
    ("Silhouette", "silhouette", "space"),
    ("C-H Index", "calinski_harabasz", "space"),
    ("D-B Index", "davies_bouldin", "space"),
    ("ARI", "ari", "genre"),
    ("NMI", "nmi", "genre"),
    ("Purity", "purity", "genre"),
)
# Behind every label of what agrees better with genre than any plain baseline, beyond doubt.
AHEAD = "*"
# Column of the table of agreement, and where it comes from.
SURROUNDINGS = {
    "NMI": "value",
    "NMI low": "low",
    "NMI high": "high",
    "Chance": "chance",
    "Chance in language": "chance_in_language",
    "p": "p",
    "Difference": "difference",
    "Difference low": "difference_low",
    "Difference high": "difference_high",
}
# And of the internal one.
DEGENERATE = {
    "Distinct rows": "distinct_share",
    "Effective dim.": "effective_dimension",
    "Largest cluster": "largest_share",
    "Noise": "noise_share",
}
SURE = 0.05  # a larger p is no evidence


def table1(
    catalogue: pd.DataFrame,
    features: pd.DataFrame,
    sentences: pd.DataFrame,
    embeddings: pd.DataFrame,
    clusterings: dict[str, pd.DataFrame],
    k: int,
) -> pd.DataFrame:
    """The paper's Table 1 and `song`: one row per track that has features.

    `cluster_<method>` is the first seed's cluster, for `k` clusters where the method takes k.
    """
    tracks = catalogue.set_index("id").loc[features["id"]].reset_index()
    vectors = embeddings.set_index("sentence")["vector"]
    genres = sorted(tracks["genre"].dropna().unique())
    code = tracks["genre"].map({genre: number for number, genre in enumerate(genres)})
    table = pd.DataFrame(
        {
            "id": tracks["id"],
            "title": tracks["title"],
            "language": tracks["language"],
            "genre": tracks["genre"],
            "song": tracks["song"],
            "file_path": tracks["file_path"],
            "audio_features": features["mfcc"].to_list(),
            "audio_description": sentences["sentence"].to_list(),
            "text_embeddings": vectors.loc[sentences["sentence"]].to_list(),
            "genre_encoded": code.astype("Int64"),
        }
    )
    for method, clustering in clusterings.items():
        table[f"cluster_{method}"] = (
            member(clustering, k).reindex(tracks["id"]).astype("Int64").array
        )
    return table


def described(
    names: list[str], labels: list[str], tasks: list[str], conditions: list[str], tracks
) -> pd.DataFrame:
    """The configured methods as a frame, as most functions here want them, one row each.

    `condition` is the label that a method's space is to be told, and `effective` the one that
    `tracks`, with `genre` and `language`, allow.
    """
    asked = ["genre" if condition == SUPERVISED else condition for condition in conditions]
    columns = {"name": names, "label": labels, "task": tasks, "condition": asked}
    real = [effective(condition, tracks) for condition in conditions]
    return pd.DataFrame(columns | {"effective": real})


def table2(
    scores: pd.DataFrame, methods: pd.DataFrame, k: int, space: str | None, statistic: str = "mean"
) -> pd.DataFrame:
    """The paper's Table 2 from the tidy `scores`: means over seeds, one row per method.

    `methods` has `name`, `label` and `task`. Rows are for `k` clusters, or for the number that a
    method finds by itself; internal scores are those measured in `space`, or in each method's own
    where that is None. What is not defined, such as the Silhouette of one cluster, is NaN.
    """
    scores = of_k(scores, k)
    table = pd.DataFrame({"Method": methods["label"], "Task": methods["task"]})
    for column, metric, kind in COLUMNS:
        measured_in = (space or scores["space"]) if kind == "space" else kind
        chosen = scores[(scores["metric"] == metric) & (scores["measured_in"] == measured_in)]
        # A mean that left out undefined seeds would speak of other clusterings than its row.
        over_seeds = chosen.groupby("method")["value"].agg(
            lambda values: getattr(values, statistic)(skipna=False)
        )
        table[column] = methods["name"].map(over_seeds).astype(float).to_numpy()
    return table


def agreement(
    uncertainty: pd.DataFrame, stability: pd.DataFrame, methods: pd.DataFrame, k: int
) -> pd.DataFrame:
    """NMI with genre of every method and what surrounds it, one row per method.

    Intervals are of 90 % over songs; `Difference` is from the strongest plain baseline. Stability
    is the mean adjusted Rand index between seeds, and between resamples of songs.
    """
    rows = uncertainty[(uncertainty["k"] == k) & (uncertainty["metric"] == "nmi")]
    rows = rows.set_index("method").reindex(methods["name"])
    stable = of_k(stability, k).set_index("method").reindex(methods["name"])
    table = {"Method": methods["label"].to_numpy(), "Task": methods["task"].to_numpy()}
    for column, name in SURROUNDINGS.items():
        table[column] = rows[name].to_numpy(dtype=float)
    table["Stability (seeds)"] = stable["seeds"].to_numpy(dtype=float)
    table["Stability (songs)"] = stable["songs"].to_numpy(dtype=float)
    return pd.DataFrame(table)


def internal(
    scores: pd.DataFrame, spaces: pd.DataFrame, methods: pd.DataFrame, k: int, reference: str
) -> pd.DataFrame:
    """Internal scores in each method's own space and in the reference, and what is degenerate.

    `spaces` is the tidy table of what was measured of spaces. All are means over seeds.
    """
    scores = of_k(scores, k)
    own = scores.drop_duplicates("method").set_index("method")["space"].reindex(methods["name"])
    means = scores.groupby(["method", "metric", scores["measured_in"].fillna("")])["value"].mean()
    of_space = spaces.groupby(["space", "metric"])["value"].mean()
    rows = []
    for name, label, space in zip(methods["name"], methods["label"], own, strict=True):
        row = {"Method": label, "Space": space}
        for column, metric, kind in COLUMNS:
            for place, measured_in in places(space, reference) if kind == "space" else ():
                row[f"{column} ({place})"] = means.get((name, metric, measured_in), np.nan)
        measured = {
            metric: of_space.get((space, metric), np.nan)
            for metric in ("dimensions", "distinct_share", "effective_dimension")
        }
        for metric in ("largest_share", "noise_share"):
            measured[metric] = means.get((name, metric, ""), np.nan)
        row |= {column: measured[metric] for column, metric in DEGENERATE.items()}
        rows.append(row | {"Flags": ", ".join(flags(measured)) or UNDEFINED})
    indices = [column for column, _, kind in COLUMNS if kind == "space"]
    measures = [f"{column} ({of})" for column in indices for of, _ in places("", reference)]
    return pd.DataFrame(rows, columns=["Method", "Space", *measures, *DEGENERATE, "Flags"])


def places(space: str, reference: str | None) -> list[tuple[str, str]]:
    """Return the name in columns and the space of each place that internal scores are measured in."""
    return [("own", space), *([(reference, reference)] if reference else [])]


def better(uncertainty: pd.DataFrame, k: int) -> set[str]:
    """Names of methods whose NMI is above the strongest plain baseline's by a whole interval."""
    rows = uncertainty[(uncertainty["k"] == k) & (uncertainty["metric"] == "nmi")]
    return set(rows.loc[rows["difference_low"] > 0, "method"])


def verdicts(
    uncertainty: pd.DataFrame, methods: pd.DataFrame, k: int, vaes: list[str]
) -> dict[str, list[str]]:
    """In words, what agrees with genre and what does not, and whether one of `vaes` does better.

    Better means: than the strongest plain baseline, by more than the interval of the difference.
    """
    rows = uncertainty[(uncertainty["k"] == k) & (uncertainty["metric"] == "nmi")]
    rows = rows[rows["method"].isin(methods["name"])].set_index("method")
    elsewhere = methods.loc[methods["effective"] == ELSEWHERE, "name"]
    # Whatever is said of such methods, it is said that they are such.
    marks = np.where(methods["name"].isin(elsewhere), MARKS[ELSEWHERE], "")
    labels = (methods["label"] + marks).set_axis(methods["name"])
    unseen = rows[rows.index.isin(methods.loc[discovers(methods), "name"])]
    doubt = notes_on_marks(methods)
    if unseen.empty:
        return {DOUBT: doubt}
    best = unseen.loc[unseen["value"].idxmax()]
    only = " and learned from these tracks alone" if len(elsewhere) else ""
    separates = [
        f"With k = {k}, of the methods that saw no genres{only} {labels[best.name]} agrees best "
        f"with them: NMI {_around(best)}, where shuffled genres give {best['chance']:.3f}."
    ]
    brought = rows[rows.index.isin(elsewhere)]
    if len(brought):
        top = brought.loc[brought["value"].idxmax()]
        separates.append(
            "What a model brings along that was trained on other data is no discovery in these: "
            f"the best of such, {labels[top.name]}, has NMI {_around(top)}."
        )
    fails = []
    if rows["baseline"].notna().any():
        baseline = rows["baseline"].dropna().iloc[0]
        ahead = [name for name in rows.index if name in better(uncertainty, k)]
        told = ", ".join(labels[name] for name in ahead) or "no method"
        separates += [
            "It is the strongest plain baseline."
            if best.name == baseline
            else f"The strongest plain baseline is {labels[baseline]}: NMI "
            f"{_around(rows.loc[baseline])}.",
            "Better than that baseline, by more than the interval of the paired difference "
            f"({AHEAD}): {told}.",
        ]
        if present := [name for name in vaes if name in unseen.index]:
            winners = [labels[name] for name in present if name in ahead]
            if winners:
                separates.append(f"VAEs among them that saw no genres: {', '.join(winners)}.")
            else:
                fails.append("No VAE that saw no genres is better than the plain baseline.")
        if behind := [labels[name] for name in rows.index[rows["difference_high"] < 0]]:
            fails.append(f"Worse than that baseline beyond the interval: {', '.join(behind)}.")
    if chance := [labels[name] for name in rows.index[rows["p"] > SURE]]:
        fails.append(f"Not beyond chance (p > {SURE}): {', '.join(chance)}.")
    if rows["seeds"].max() == 1:
        doubt.append("One seed: differences between networks may be luck.")
    if rows["shuffled"].eq("tracks").any():
        doubt.append("Some songs have several genres, so chance levels take clips as independent.")
    return {SEPARATES: separates, FAILS: fails, DOUBT: doubt}


def _around(row: pd.Series) -> str:
    return f"{row['value']:.3f} (90 % interval over songs {row['low']:.3f} to {row['high']:.3f})"


def reconstruction(held_out: dict[str, pd.DataFrame], inputs: dict[str, str]) -> pd.DataFrame:
    """One row per network from its `held_out` table: means over seeds of errors and KL.

    `inputs` names the space that each network reconstructs.
    """
    rows = []
    for network, table in held_out.items():
        part = table.groupby("part").mean(numeric_only=True)
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


def reconstruction_verdicts(table: pd.DataFrame) -> list[str]:
    """In words, which networks of `reconstruction` have learned something that carries over."""
    worse = table.loc[table["Held-out MSE"] >= table["Mean MSE"], "Network"]
    return [
        f"Songs held out are reconstructed no better than by their mean by: {', '.join(worse)}."
        if len(worse)
        else "Every network reconstructs songs held out better than their mean does."
    ]


def tuning(grid: pd.DataFrame) -> pd.DataFrame:
    """One row per latent size, beta and learning rate of the `grid`: means over seeds.

    `grid` is of the kind `tuning`; columns after ± are standard deviations over seeds. `Best` names
    what a row is best by: the ELBO among the rows of its beta, NMI among all.
    """
    groups = grid.groupby(["latent", "beta", "learning_rate"])
    means, deviations = groups.mean(), groups.std()
    by_elbo = means.index.isin(means.groupby("beta")["elbo"].idxmax())
    by_nmi = means["nmi"] == means["nmi"].max()
    best = [
        ", ".join(name for name, is_best in (("ELBO", elbo), (f"NMI{MARK}", nmi)) if is_best)
        for elbo, nmi in zip(by_elbo, by_nmi, strict=True)
    ]
    table = pd.DataFrame(
        {
            "ELBO": means["elbo"],
            "± ELBO": deviations["elbo"],
            "Log-likelihood": means["log_likelihood"],
            "KL": means["kl"],
            "MSE": means["reconstruction"],
            "Active units": means["active_units"],
            "NMI": means["nmi"],
            "± NMI": deviations["nmi"],
            "AMI": means["ami"],
            "Best": best,
        }
    )
    return table.rename_axis(["Latent", "β", "Learning rate"]).reset_index()


def tuning_verdicts(table: pd.DataFrame) -> list[str]:
    """In words, which settings of `tuning` do best by what needs no labels, and by what needs."""
    best = table[table["Best"].str.contains("ELBO")]
    told = [f"β {row['β']:g}: latent {row['Latent']}" for _, row in best.iterrows()]
    found = [f"Best ELBO on songs held out, {', '.join(told)}."]
    if table["NMI"].notna().any():
        top = table.loc[table["NMI"].idxmax()]
        found.append(
            "Best NMI there, which no method without labels can choose by: "
            f"latent {top['Latent']}, β {top['β']:g}, {top['NMI']:.3f}."
        )
    return found


def tuning_notes(grid: pd.DataFrame, k: int) -> list[str]:
    """What a reader of `tuning` has to know, one sentence each; K-Means was given `k`."""
    n_tracks, n_features = grid[["n_tracks", "n_features"]].iloc[0]
    n_seeds = grid["seed"].nunique()
    found = [
        f"Trained without a fifth of the songs, and scored on them: {n_tracks} tracks, the same "
        "for every row. "
        + (
            f"Means over {n_seeds} seeds, ± their standard deviation."
            if n_seeds > 1
            else "One seed."
        ),
        "ELBO = log-likelihood - KL, in nats per track, whatever β was trained with. The "
        "likelihood is Gaussian of variance 1/2, so its log is minus the squared error, and minus "
        f"{n_features / 2:g} log π = {n_features / 2 * np.log(np.pi):.2f} for {n_features} "
        "standardised features. Training with β maximises the ELBO of variance β/2 instead, so the "
        "best ELBO is marked for each β by itself.",
        "The best of many is flattered, for these songs chose it. MSE is per standardised feature, "
        "decoded from the mean of q(z | x).",
    ]
    if grid["nmi"].isna().all():
        return [*found, "NMI and AMI are left out, for want of genres or of tracks held out."]
    return [
        *found,
        f"NMI and AMI with genre are of K-Means, k = {k}, on the latents of the songs held out. "
        "NMI is above 0 by chance, and more so for few tracks; AMI is not.",
        f"{MARK} chosen by the genre labels that it is scored on: no choice that a method without "
        "labels could make.",
    ]


def left_out(methods: pd.DataFrame) -> pd.Series:
    """Names of methods that are conditioned on labels of which there are none.

    `methods` has `condition`, what is asked for, and `effective`, what there is.
    """
    return methods.loc[methods["condition"].ne("none") & methods["effective"].eq("none"), "name"]


def notes(scores: pd.DataFrame, methods: pd.DataFrame, k: int, space: str | None) -> list[str]:
    """What a reader of `table2` has to know, one sentence each.

    `methods` has `name`, `label`, `condition` and `effective` (see `left_out`).
    """
    scores = of_k(scores, k)
    n_seeds = scores["seed"].nunique()
    found = [
        f"k = {k}. Silhouette, C-H and D-B are measured in "
        + (
            f"the {space} space whatever space was clustered, as published"
            if space
            else "the space that was clustered, so those of different spaces do not compare"
        )
        + "; ARI, NMI and purity against genre. "
        + (f"Means over {n_seeds} seeds." if n_seeds > 1 else "One seed.")
    ]
    if not (scores["measured_in"] == "genre").any():
        found.append("There are no genres to agree with: ARI, NMI and purity are left out.")
    labels = methods.set_index("name")["label"]
    for row in methods[methods["condition"] != methods["effective"]].itertuples():
        found.append(
            f"{row.label} is conditioned on language, for there are no genres."
            if row.effective == "language"
            else f"{row.label} is left out, for there is nothing to condition on."
        )
    count = scores[scores["metric"] == "n_clusters"].groupby("method")["value"].mean()
    noise = scores[scores["metric"] == "noise_share"].groupby("method")["value"].mean()
    free = scores[scores["k"].isna()].groupby("method")["space"].first().index
    for name in methods["name"]:
        if name in free:
            told = f"{labels[name]} decides on the number of clusters itself: {count[name]:.3g}"
            if noise[name] > 0:
                told += f", and {noise[name]:.1%} of the tracks as noise, one cluster more"
            found.append(f"{told}.")
    places = scores["measured_in"].eq(space or scores["space"])
    undefined = scores[scores["metric"].eq("silhouette") & places]
    for name in undefined[undefined["value"].isna()]["method"].unique():
        found.append(f"{UNDEFINED} {labels[name]} has no internal score: it found a single group.")
    return found


def agreement_notes(k: int) -> list[str]:
    """What a reader of `agreement` has to know, one sentence each."""
    return [
        f"NMI with genre for k = {k}, means over seeds; the interval is over songs, for tracks of "
        "one song are not independent.",
        "Chance: the same clusters against shuffled genres; in language: genres shuffled only "
        "inside each language, which is what language alone explains. p is one-sided.",
        "Difference: from the strongest plain baseline on the same resamples of songs. It was "
        "chosen by the same labels, which favours it.",
        "Stability: mean adjusted Rand index between seeds, and between resamples of songs (in a "
        "space that stays; for the first of the configured k, and for methods that find theirs).",
    ]


def internal_verdicts(table: pd.DataFrame, uncertainty: pd.DataFrame, methods, k: int) -> dict:
    """In words, what of `internal` is degenerate, and what its highest Silhouette is worth."""
    own = table["Silhouette (own)"]
    doubt = []
    if own.notna().any():
        top = table.loc[own.idxmax(), "Method"]
        told = f"The highest Silhouette in its own space, {own.max():.3f}, has {top}"
        rows = uncertainty[(uncertainty["k"] == k) & (uncertainty["metric"] == "nmi")]
        rows = rows.set_index("method").reindex(methods.loc[methods["label"] == top, "name"])
        for row in rows.dropna(subset="value").itertuples():
            told += f": its NMI with genre is {row.value:.3f}, chance {row.chance:.3f}"
        doubt.append(f"{told}. Silhouettes of different spaces do not compare.")
    flagged = table[table["Flags"] != UNDEFINED]
    if len(flagged):
        named = [f"{row.Method} ({row.Flags})" for row in flagged.itertuples()]
        doubt.append(f"Degenerate, whatever their scores: {'; '.join(named)}.")
    return {DOUBT: doubt}


def internal_notes(reference: str | None) -> list[str]:
    """What a reader of `internal` has to know, one sentence each."""
    return [
        "Internal scores in the space that was clustered (own)"
        + (
            f", and in the {reference} space, which the paper measures everything in. "
            if reference
            else ". "
        )
        + "Scores in different spaces do not compare.",
        f"Flags: few distinct rows, below {FEW_DISTINCT:.0%}; nearly one dimension, a "
        f"participation ratio below {one_dimension(np.inf):g} ({one_dimension(2):g} of two "
        f"dimensions); one cluster, with over {LARGEST:.0%} of the tracks; mostly noise, over "
        f"{NOISY:.0%}.",
    ]


def marked_labels(
    table: pd.DataFrame, methods: pd.DataFrame, ahead: Collection[str] = ()
) -> pd.DataFrame:
    """The table with marks behind labels: what methods have seen, and which are `ahead`."""
    saw = methods["effective"].map(MARKS).fillna("")
    beats = np.where(methods["name"].isin(ahead), f" {AHEAD}", "")
    return table.assign(Method=table["Method"] + saw + beats)
