"""The audit of labels: what it shuffles, what it follows, and a leak that is planted."""

import pandas as pd

from hybridmusic.studies import audit

LEAKY = """
import numpy as np

SEVERAL = False
RANDOM = False
NEEDS = ("genre",)
COMPILES = False
SETTINGS = {}


def transform(x, seed, *, genre):
    return np.hstack([x, 1e-6 * (genre == "metal")[:, None]])
"""


def test_genres_are_shuffled_among_tracks_that_have_one():
    genres = ["pop"] * 20 + ["rock"] * 20 + [None] * 10
    catalogue = pd.DataFrame({"id": range(50), "language": "bangla", "genre": genres})
    found = audit.permuted(catalogue, 7)
    assert found["genre"].value_counts().to_dict() == {"pop": 20, "rock": 20}
    assert found["genre"].isna().equals(catalogue["genre"].isna())
    assert (found["genre"] != catalogue["genre"])[:40].sum() > 8
    assert found[["id", "language"]].equals(catalogue[["id", "language"]])
    assert catalogue["genre"][:40].to_list() == genres[:40]


def test_what_is_made_from_what_differs_is_reached():
    differs = {"audio": False, "leak": True, "map": False, "plain": False}
    of = {"audio": [], "leak": ["audio"], "map": ["plain", "leak"], "plain": ["audio"]}
    assert audit.reached(differs, of) == {
        "audio": False,
        "leak": True,
        "map": True,
        "plain": False,
    }


def test_only_what_was_not_told_leaks():
    rows = [
        ("cond", "space", "genre", "computed again", True),
        ("pca", "space", "none", "handed no labels", False),
    ]
    table = pd.DataFrame(rows, columns=["what", "kind", "claims", "compared", "differs"])
    assert audit.leaks(table) == []
    assert audit.verdicts(table)[0] == "No genre reaches what claims not to have seen any."
    table.loc[len(table)] = ("mine", "clustering", "language", "computed again", True)
    assert audit.leaks(table) == ["clustering mine"]
    assert audit.verdicts(table)[0].endswith("claims not to have seen them: clustering mine.")
    assert audit.tabulated(table)["Depends on genre"].to_list() == ["yes", "no", "yes"]
    assert "fewer than two genres" in audit.verdicts(table[:0])[0]


def test_a_run_depends_on_genre_where_it_says_so_and_nowhere_else(computed):
    table = pd.read_parquet(computed.results / "audit.parquet").set_index(["kind", "what"])
    told = table[table["claims"] == "genre"].index
    assert set(told) == {("space", "cond_vae"), ("clustering", "cond_vae_kmeans")}
    assert set(table[table["differs"]].index) == set(told)
    for folder, kind in (("spaces", "space"), ("clusterings", "clustering")):
        made = {path.stem for path in (computed.results / folder).glob("*.parquet")}
        assert set(table.loc[kind].index) == made
    assert table["compared"]["space", "conv_vae"] == "computed again"
    assert table["compared"]["space", "umap_audio"] == "handed no labels"
    real, shuffled = (
        pd.read_parquet(computed.results / name) for name in ("catalogue.parquet", AUDITED)
    )
    assert sorted(real["genre"]) == sorted(shuffled["genre"])
    assert not real["genre"].equals(shuffled["genre"])


AUDITED = "audit/catalogue.parquet"


def test_a_planted_leak_fails_a_strict_run(copied):
    transforms = copied.folder / "workflow/scripts/hybridmusic/transforms"
    (transforms / "leaky.py").write_text(LEAKY)
    spaces = {
        "leaky": {"kind": "leaky", "of": "audio"},
        "leaky_pca": {"kind": "pca", "of": "leaky"},
    }
    copied.write_config(balance=False, audit="strict", spaces=spaces)
    done = copied.snakemake("results/tiny/audit.parquet")
    assert done.returncode != 0
    log = (copied.results / "logs/audit_labels.log").read_text()
    assert (
        "Genres reach what claims not to have seen them: space leaky, space leaky_pca "
        "(audit: warn would go on)"
    ) in log
    assert "Traceback" not in log
    assert not (copied.results / "audit.parquet").exists()
