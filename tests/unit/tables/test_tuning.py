"""The table of the tuning grid: best settings and notes."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.tables import sheet as sheets
from hybridmusic.tables.sheet import Sheet
from hybridmusic.tables.tuning import notes, table, verdicts


def grid(seeds=(0, 1)):
    settings = ((8, 1.0, 0.3), (16, 1.0, 0.5), (8, 4.0, 0.4), (16, 4.0, 0.2))
    rows = [
        (latent, beta, 0.001, seed, -60 * beta + 4 * seed - latent, nmi)
        for latent, beta, nmi in settings
        for seed in seeds
    ]
    names = ["latent", "beta", "learning_rate", "seed", "elbo", "nmi"]
    return pd.DataFrame(rows, columns=names).assign(
        n_tracks=79,
        n_features=52,
        log_likelihood=-50.0,
        kl=10.0,
        reconstruction=0.4,
        active_units=5,
        ami=0.1,
    )


def test_tuning_marks_the_best_elbo_of_each_beta_and_the_best_agreement():
    found = table(grid())
    assert found[["Latent", "β"]].to_numpy().tolist() == [[8, 1], [8, 4], [16, 1], [16, 4]]
    assert found["ELBO"].to_list() == [-66, -246, -74, -254]
    assert found["± ELBO"].to_list() == pytest.approx([8**0.5] * 4)
    assert found["Best"].to_list() == ["ELBO", "ELBO", "NMI†", ""]
    text = sheets.to_markdown(Sheet("T", found))
    assert "| 8 | 1 | 0.001 | -66.00 | 2.83 | -50.00 | 10.00 | 0.4000 | 5.0 | 0.3000 |" in text
    assert r"$\beta$" in sheets.to_latex(Sheet("T", found), "tab:x")
    elbo, nmi = verdicts(found)
    assert elbo == "Best ELBO on held-out songs, β 1: latent 8, β 4: latent 8."
    assert nmi.endswith("latent 16, β 1, 0.500.")


def test_tuning_notes_state_the_likelihood_and_who_saw_labels():
    said = " ".join(notes(grid(), k=8))
    assert "26 log π = 29.76 for 52 standardised features" in said
    assert "79 tracks" in said
    assert "k = 8" in said
    assert "† chosen by the genre labels" in said
    without = grid(seeds=(0,)).assign(nmi=np.nan, ami=np.nan)
    said = " ".join(notes(without, k=8))
    assert "One seed." in said
    assert "†" not in said
    assert table(without)["Best"].to_list() == ["ELBO", "ELBO", "", ""]
    assert len(verdicts(table(without))) == 1
    assert "| – |" in sheets.to_markdown(Sheet("T", table(without)))
