"""The table of the tuning grid: best settings and notes."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.studies.tuning import PATIENCE
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
        plateau_elbo=np.nan,
        plateau_epochs=np.nan,
        plateau_reached=None,
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
    elbo, nmi = verdicts(found, n_seeds=2)
    assert elbo == "Best ELBO on held-out songs, β 1: latent 8, β 4: latent 8."
    assert nmi.endswith("latent 16, β 1, 0.500.")


def to_a_plateau():
    """Latent 16 is best of beta 1 by far more than its spread, and of beta 4 by less."""
    trained = grid(seeds=(0, 1, 2))
    means = {(8, 1.0): -58.0, (16, 1.0): -56.0, (8, 4.0): -60.2, (16, 4.0): -60.0}
    elbo = [
        means[row.latent, row.beta] + (0.4 if row.beta == 4 else 0.2) * (row.seed - 1)
        for row in trained.itertuples()
    ]
    return trained.assign(
        plateau_elbo=elbo, plateau_epochs=120.5, plateau_reached=trained["seed"] > 0
    )


def test_tuning_compares_plateaus_beside_the_papers_epochs():
    trained = to_a_plateau()
    found = table(trained)
    assert list(found)[3:8] == ["ELBO", "± ELBO", "Plateau ELBO", "± Plateau", "Epochs"]
    assert found["Best"].to_list() == ["ELBO", "ELBO", "Plateau, NMI†", "Plateau"]
    assert found["± Plateau"].to_list() == pytest.approx([0.2, 0.4, 0.2, 0.4])
    paper, plateau, _ = verdicts(found, n_seeds=3)
    assert "β 1: latent 8, β 4: latent 8." in paper
    assert "β 1: latent 16, β 4: latent 16 (not clearly better than 8)." in plateau
    assert "clearly" not in verdicts(found, n_seeds=1)[1]
    said = " ".join(notes(trained, k=8))
    assert f"until {PATIENCE} epochs did not improve" in said
    assert "Still improving when training ended: 4 of 12 networks." in said
    assert "Plateau ELBO" not in table(grid())


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
    assert len(verdicts(table(without), n_seeds=1)) == 1
    assert "| – |" in sheets.to_markdown(Sheet("T", table(without)))
