"""The label audit: shuffled genres, ancestors, and a planted leak."""

import json
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pytest

from adapters.studies import audit_labels
from hybridmusic.errors import LeakError
from hybridmusic.studies import audit
from shared import job

# It declares no use of genre by its setting, and uses genre.
LEAKY = """
import numpy as np

SEVERAL = False
RANDOM = False
NEEDS = ("genre",)
SETTINGS = {"by": {"enum": ["none", "genre"], "default": "none"}}


def transform(x, seed, *, genre, by):
    return np.hstack([x, 1e-6 * (genre == "metal")[:, None]])
"""


def test_genres_are_shuffled_among_tracks_that_have_one():
    genres = ["pop"] * 20 + ["rock"] * 20 + [None] * 10
    catalogue = pd.DataFrame({"id": range(50), "language": "bangla", "genre": genres})
    result = audit.permuted(catalogue, 7)
    assert result["genre"].value_counts().to_dict() == {"pop": 20, "rock": 20}
    assert result["genre"].isna().equals(catalogue["genre"].isna())
    assert (result["genre"] != catalogue["genre"])[:40].sum() > 8
    assert result[["id", "language"]].equals(catalogue[["id", "language"]])
    assert catalogue["genre"][:40].to_list() == genres[:40]


def test_genres_reach_the_descendants_of_a_step_that_differs():
    differs = {"audio": False, "leak": True, "map": False, "plain": False}
    parents = {"audio": [], "leak": ["audio"], "map": ["plain", "leak"], "plain": ["audio"]}
    assert audit.reached(differs, parents) == {
        "audio": False,
        "leak": True,
        "map": True,
        "plain": False,
    }


def step(noun, name, claims, sees, parents, family="transforms"):
    return {
        **{"noun": noun, "name": name, "claims": claims, "sees": sees, "of": parents},
        **{"family": family, "settings": {"epochs": 30}},
    }


STEPS = [
    step("space", "cond", "genre", True, [], "networks"),
    step("space", "pca", "genre", False, [["space", "cond"]]),
    step("clustering", "mine", "language", True, [["space", "pca"]], "clusterers"),
    step("space", "mfcc", "none", True, []),
]


def test_results_that_depend_on_genre_undeclared_are_leaks():
    differs = dict.fromkeys(map(audit.key, STEPS), False)
    table = audit.audited(STEPS, differs)
    assert not table["differs"].any()
    assert table["compared"].to_list() == [
        *("computed again", "handed no labels", "computed again", "computed again")
    ]
    assert audit.leaks(table) == []
    table = audit.audited(STEPS, differs | {("space", "cond"): True})
    assert table["differs"].to_list() == [True, True, True, False]
    assert audit.leaks(table) == ["clustering mine"]
    assert audit.audited([], {}).empty


def test_only_networks_are_trained_for_fewer_epochs():
    assert [audit.shortened(one)["epochs"] for one in STEPS] == [audit.EPOCHS, 30, 30, 30]


def run(folder, monkeypatch, claims, policy):
    """Audit one step for each case of a result that is computed again, and return the table."""
    # Value of the run, value computed again, and value with shuffled genres.
    cases = {"leak": (1, 1, 2), "rounded": (1, 2, 2), "same": (1, 1, 1), "blind": (1, 1, 2)}
    catalogue = {"id": list("abcd"), "title": "x", "language": "x", "genre": ["pop", "rock"] * 2}
    catalogue |= {
        "song": list("abcd"),
        "unit": list("abcd"),
        **dict.fromkeys(("artist", "fold")),
        "file_path": "x",
        "source": "x",
        "start": 0.0,
        "content": "x",
    }
    job.write_table(pd.DataFrame(catalogue), "catalogue", folder / "catalogue.parquet")
    for name, (value, *_) in cases.items():
        pd.DataFrame({"seed": [1, 2], "value": [value, 9]}).to_parquet(folder / f"{name}.parquet")
    params = {"seed": 1, "policy": policy}
    params["steps"] = [
        json.dumps(step("space", name, claims, name != "blind", [])) for name in cases
    ]
    made = [folder / f"{name}.parquet" for name in cases]
    inputs = {"catalogue": folder / "catalogue.parquet", "made": made}
    output = SimpleNamespace(audit=folder / "audit.parquet", permuted=folder / "shuffled.parquet")

    def again(one, sources, catalogue, snakemake):
        value = cases[one["name"]][1 + (catalogue == output.permuted)]
        return pa.table({"seed": [1], "value": [value]})

    monkeypatch.setattr(audit_labels, "again", again)
    fields = {"params": SimpleNamespace(**params), "input": SimpleNamespace(**inputs)}
    audit_labels.main(SimpleNamespace(**fields, output=output))
    return pd.read_parquet(output.audit)


def test_a_step_differs_only_beyond_what_another_machine_rounds(tmp_path, monkeypatch):
    table = run(tmp_path, monkeypatch, "genre", "strict").set_index("what")
    assert table.index[table["differs"]].to_list() == ["leak"]


def test_a_leak_fails_a_strict_audit_and_warns_otherwise(tmp_path, monkeypatch):
    with pytest.raises(LeakError, match="without declaring it: space leak; set `audit: warn`"):
        run(tmp_path, monkeypatch, "none", "strict")
    assert not (tmp_path / "audit.parquet").exists()
    assert run(tmp_path, monkeypatch, "none", "warn")["differs"].sum() == 1


def test_a_run_depends_on_genre_only_where_it_declares_it(computed):
    table = pd.read_parquet(computed.results / "audit.parquet").set_index(["kind", "what"])
    declared = set(table[table["claims"] == "genre"].index)
    assert declared == {("space", "cond_vae"), ("clustering", "cond_vae_kmeans")}
    assert set(table[table["differs"]].index) == declared
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
    copied.write_config(balance=False, audit="strict", spaces=spaces, show=["leaky_pca"])
    done = copied.snakemake("results/tiny/audit.parquet")
    assert done.returncode != 0
    log = (copied.results / "logs/audit_labels.log").read_text()
    assert (
        "results that depend on genre without declaring it: space leaky, space leaky_pca; "
        "set `audit: warn` to continue with a warning"
    ) in log
    assert "Traceback" not in log
    assert not (copied.results / "audit.parquet").exists()
