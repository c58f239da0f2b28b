"""Tables say what the scores say, and nothing in them becomes markup."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.tables import scores as tables
from hybridmusic.tables import sheet as sheets
from hybridmusic.tables.sheet import DOUBT, FAILS, SEPARATES, Sheet

METHODS = pd.DataFrame(
    {
        "name": ["one", "two", "free"],
        "label": ["One", "Two & <b>", "Free"],
        "task": ["Easy", "Hard_1", "Medium"],
        "condition": ["none", "genre", "none"],
        "effective": ["none", "genre", "none"],
    }
)


def scores():
    rows = []
    for method, k, seeds in (("one", 8, (0, 1)), ("two", 8, (0,)), ("one", 3, (0,))):
        for seed in seeds:
            for _, metric, kind in tables.COLUMNS:
                where = "hybrid" if kind == "space" else "genre"
                rows.append((method, "audio", "kmeans", k, seed, metric, where, k + seed))
            rows.append((method, "audio", "kmeans", k, seed, "silhouette", "audio", 99.0))
    for _, metric, kind in tables.COLUMNS:
        value = np.nan if kind == "space" else 0.0
        where = "hybrid" if kind == "space" else "genre"
        rows.append(("free", "audio", "dbscan", None, 0, metric, where, value))
    rows.append(("free", "audio", "dbscan", None, 0, "n_clusters", None, 0.0))
    rows.append(("free", "audio", "dbscan", None, 0, "noise_share", None, 1.0))
    names = ["method", "space", "clusterer", "k", "seed", "metric", "measured_in", "value"]
    return pd.DataFrame(rows, columns=names).astype({"k": "Int64"})


def test_table2_has_the_papers_columns_and_means_over_seeds():
    table = tables.table2(scores(), METHODS, k=8, space="hybrid")
    columns = ["Method", "Task", "Silhouette", "C-H Index", "D-B Index", "ARI", "NMI", "Purity"]
    assert list(table) == columns
    assert table["Silhouette"].to_list()[:2] == [8.5, 8.0]
    assert np.isnan(table["Silhouette"][2])
    assert table["NMI"].to_list() == [8.5, 8.0, 0.0]
    assert tables.table2(scores(), METHODS, k=3, space="hybrid")["ARI"][0] == 3


def test_an_undefined_seed_makes_the_mean_undefined():
    table = scores()
    hit = (table["method"] == "one") & (table["seed"] == 1) & (table["measured_in"] == "hybrid")
    table.loc[hit, "value"] = np.nan
    assert np.isnan(tables.table2(table, METHODS, k=8, space="hybrid")["Silhouette"][0])


def test_notes_name_what_a_reader_must_know():
    found = " ".join(tables.notes(scores(), METHODS, k=8, space="hybrid"))
    assert "measured in the hybrid space" in found
    assert "itself: 0, and 100.0% of the tracks as noise, one cluster more." in found
    assert "– Free has no internal score" in found
    without = scores().query("measured_in != 'genre'")
    said = " ".join(tables.notes(without, METHODS, k=8, space="hybrid"))
    assert "no genres to agree with" in said


def test_methods_without_a_condition_to_go_by_are_left_out_with_a_word():
    methods = METHODS.assign(effective=["none", "none", "none"])
    assert tables.left_out(methods).to_list() == ["two"]
    said = " ".join(tables.notes(scores(), methods, k=8, space="hybrid"))
    assert "Two & <b> is left out, for there is nothing to condition on." in said
    assert "†" not in said
    methods = METHODS.assign(effective=["none", "language", "none"])
    said = " ".join(tables.notes(scores(), methods, k=8, space="hybrid"))
    assert "Two & <b> is conditioned on language, for there are no genres." in said


def test_markdown_latex_and_page_carry_the_same_cells_and_no_markup():
    table = tables.table2(scores(), METHODS, k=8, space="hybrid")
    table = tables.marked_labels(table, METHODS)
    markdown = sheets.to_markdown(Sheet("T", table, notes=["A note"]))
    assert markdown.splitlines()[0].count("|") == 9
    assert "| Two & <b>† | Hard_1 | 8.0000 |" in markdown
    assert "| Free | Medium | – | – | – | 0.0000 |" in markdown
    latex = sheets.to_latex(Sheet("A & B", table, notes=["50 % of_it"]), "tab:x")
    assert r"Two \& <b>\textdagger{} & Hard\_1 & 8.0000" in latex
    assert r"50 \% of\_it" in latex
    page = sheets.to_page(Sheet("T", table, {DOUBT: ["<script>alert(1)</script>"]}))
    assert "Two &amp; &lt;b&gt;†" in page
    assert "<script>" not in page


def test_reconstruction_means_over_seeds():
    held_out = pd.DataFrame(
        {
            "seed": [0, 1, 0, 1],
            "part": ["training", "training", "held_out", "held_out"],
            "reconstruction": [0.1, 0.3, 0.5, 0.7],
            "mean_prediction": [1.0, 1.0, 1.1, 1.3],
            "kl": [1.0, 1.0, 2.0, 4.0],
            "active_units": [4, 6, 3, 3],
        }
    )
    table = tables.reconstruction({"vae": held_out}, {"vae": "audio"})
    row = table.iloc[0]
    assert (row["Network"], row["Input"]) == ("vae", "audio")
    assert row.to_list()[2:] == pytest.approx([0.2, 0.6, 1.2, 3.0, 5.0])


def surrounded(method, value, low, high, difference=(np.nan, np.nan, np.nan), k=8):
    names = ("difference", "difference_low", "difference_high")
    row = {"method": method, "k": k, "metric": "nmi", "value": value, "low": low, "high": high}
    row |= {"chance": 0.1, "chance_in_language": 0.2, "p": 0.01, "baseline": "one"}
    row |= {"seeds": 2, "shuffled": "songs"}
    return row | dict(zip(names, difference, strict=True))


def test_deviations_over_seeds_stand_beside_means():
    table = tables.table2(scores(), METHODS, k=8, space="hybrid")
    deviations = tables.table2(scores(), METHODS, k=8, space="hybrid", statistic="std")
    assert deviations["NMI"].to_list()[0] == pytest.approx(np.sqrt(0.5))
    text = sheets.to_markdown(sheet := Sheet("T", table, deviations=deviations))
    assert "| 8.5000 ± 0.7071 |" in text
    assert "| 8.0000 |" in text  # one seed: nothing to vary
    latex = sheets.to_latex(sheet, "l")
    assert r"8.5000 $\pm$ 0.7071" in latex


def test_what_beats_the_baseline_is_marked_and_told():
    found = pd.DataFrame(
        [
            surrounded("one", 0.4, 0.35, 0.45),
            surrounded("two", 0.6, 0.55, 0.65, (0.2, 0.15, 0.25)),
            surrounded("free", 0.45, 0.4, 0.5, (0.05, -0.01, 0.11)),
        ]
    )
    assert tables.better(found, 8) == {"two"}
    assert tables.better(found, 9) == set()
    told = tables.verdicts(found, METHODS, 8, vaes=["two", "free"])
    best, baseline, ahead = told[SEPARATES]
    assert "Free agrees best with them: NMI 0.450" in best  # two saw them
    assert "strongest plain baseline is One: NMI 0.400" in baseline
    assert ahead.endswith("Two & <b>.")
    alone = tables.verdicts(found[:1], METHODS, 8, vaes=[])[SEPARATES]
    assert alone[1] == "It is the strongest plain baseline."
    assert told[FAILS] == ["No VAE that saw no genres is better than the plain baseline."]
    assert "those of other songs: Two & <b>." in told[DOUBT][0]
    unseen = METHODS.assign(effective="none")
    told = tables.verdicts(found, unseen, 8, vaes=["two"])
    assert told[SEPARATES][-1].endswith("saw no genres: Two & <b>.")
    assert told[FAILS] == told[DOUBT] == []


def test_what_fails_is_told():
    lower = surrounded("two", 0.2, 0.15, 0.25, (-0.2, -0.25, -0.15)) | {"p": 0.3, "seeds": 1}
    found = pd.DataFrame([surrounded("one", 0.4, 0.35, 0.45) | {"seeds": 1}, lower])
    told = tables.verdicts(found, METHODS.assign(effective="none"), 8, vaes=[])
    assert [sentence.rpartition(": ")[2] for sentence in told[FAILS]] == ["Two & <b>."] * 2
    assert "chance (p > 0.05)" in told[FAILS][1]
    assert told[DOUBT] == ["One seed: differences between networks may be luck."]

    table = tables.marked_labels(tables.table2(scores(), METHODS, 8, "hybrid"), METHODS, {"two"})
    assert table["Method"].to_list() == ["One", "Two & <b>† *", "Free"]


def test_agreement_shows_intervals_in_one_column_for_readers():
    found = pd.DataFrame([surrounded("one", 0.4, 0.35, 0.45)])
    stability = pd.DataFrame({"method": ["one"], "k": [8], "seeds": [0.5], "songs": [0.25]})
    table = tables.agreement(found, stability, METHODS, 8)
    assert table.loc[0, ["NMI", "NMI low", "NMI high"]].to_list() == [0.4, 0.35, 0.45]
    assert table.loc[0, "Stability (songs)"] == 0.25
    assert table.loc[1, "NMI":].isna().all()
    shown = sheets.joined(table)
    assert shown["NMI 90 %"].to_list() == ["0.350 to 0.450", "–", "–"]
    assert "| 0.350 to 0.450 |" in sheets.to_markdown(Sheet("T", shown))


def test_degenerate_spaces_and_clusterings_are_flagged():
    rows = scores()
    extra = [("one", "audio", "kmeans", 8, 0, "largest_share", None, 0.95)]
    extra += [("free", "audio", "dbscan", None, 0, "largest_share", None, 0.0)]
    rows = pd.concat([rows, pd.DataFrame(extra, columns=rows.columns)], ignore_index=True)
    measures = pd.DataFrame(
        [("audio", 0, "distinct_share", 0.01), ("audio", 0, "effective_dimension", 1.2)],
        columns=["space", "seed", "metric", "value"],
    )
    table = tables.internal(rows, measures, METHODS, 8, "hybrid").set_index("Method")
    assert table.loc["One", "Silhouette (own)"] == 99
    assert table.loc["One", "Silhouette (hybrid)"] == 8.5
    assert table.loc["One", "Flags"] == "few distinct rows, nearly one dimension, one cluster"
    assert table.loc["Free", "Flags"].endswith("mostly noise")
    none = tables.internal(rows, measures, METHODS.iloc[:0], 8, "hybrid")
    assert list(none) == ["Method", *table.columns]


def grid(seeds=(0, 1)):
    rows = [
        (
            latent,
            beta,
            0.001,
            seed,
            79,
            52,
            -60 * beta + 4 * seed - latent,
            -50.0,
            10.0,
            0.4,
            5,
            nmi,
        )
        for latent, beta, nmi in ((8, 1.0, 0.3), (16, 1.0, 0.5), (8, 4.0, 0.4), (16, 4.0, 0.2))
        for seed in seeds
    ]
    names = ["latent", "beta", "learning_rate", "seed", "n_tracks", "n_features", "elbo"]
    names += ["log_likelihood", "kl", "reconstruction", "active_units", "nmi"]
    return pd.DataFrame(rows, columns=names).assign(ami=0.1)


def test_tuning_marks_the_best_elbo_of_each_beta_and_the_best_agreement():
    table = tables.tuning(grid())
    assert table[["Latent", "β"]].to_numpy().tolist() == [[8, 1], [8, 4], [16, 1], [16, 4]]
    assert table["ELBO"].to_list() == [-66, -246, -74, -254]
    assert table["± ELBO"].to_list() == pytest.approx([8**0.5] * 4)
    assert table["Best"].to_list() == ["ELBO", "ELBO", "NMI†", ""]
    text = sheets.to_markdown(Sheet("T", table))
    assert "| 8 | 1 | 0.001 | -66.00 | 2.83 | -50.00 | 10.00 | 0.4000 | 5.0 | 0.3000 |" in text
    assert r"$\beta$" in sheets.to_latex(Sheet("T", table), "tab:x")


def test_tuning_notes_state_the_likelihood_and_who_saw_labels():
    said = " ".join(tables.tuning_notes(grid(), k=8))
    assert "26 log π = 29.76 for 52 standardised features" in said
    assert "79 tracks" in said
    assert "k = 8" in said
    assert "† chosen by the genre labels" in said
    without = grid(seeds=(0,)).assign(nmi=np.nan, ami=np.nan)
    said = " ".join(tables.tuning_notes(without, k=8))
    assert "One seed." in said
    assert "†" not in said
    assert tables.tuning(without)["Best"].to_list() == ["ELBO", "ELBO", "", ""]
    assert "| – |" in sheets.to_markdown(Sheet("T", tables.tuning(without)))
