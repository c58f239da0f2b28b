"""Steps and tables of the fits to halves, and baselines that are cut for other methods."""

import json

from planning import NOTHING, PAPER, method, plan

from hybridmusic.plan.inputs import Inputs
from hybridmusic.plan.refits import Refits

HEARD = {"heard": {"kind": "external", "path": "x.npz"}, "near": {"kind": "pca", "of": "heard"}}


def refits(*layers) -> Refits:
    return Refits(Inputs(plan(*layers)))


def test_every_step_of_a_method_is_made_after_its_parents():
    of = refits(NOTHING, {"methods": [method("pca"), method("audio_quantile", "other")]})
    steps = [json.loads(step) for step in of.steps(None)]
    assert [step["name"] for step in steps] == ["audio", "pca", "audio_quantile"]
    assert steps[1]["of"] == ["audio"]
    assert of.tables == {"sentences": [], "embeddings": []}
    assert [json.loads(line)["name"] for line in of.methods(None)] == ["m", "other"]
    assert refits(NOTHING, {"methods": [method("hybrid")]}).tables["embeddings"]


def test_vectors_of_other_models_are_given_and_so_is_what_is_made_of_them():
    rows = [method("heard", "a"), method("near", "b"), method("audio", "c")]
    of = refits(NOTHING, {"spaces": HEARD, "methods": rows})
    assert of.given == ["heard"]
    assert of.of_given == ["a", "b"]


def test_baselines_are_cut_where_a_method_finds_its_number():
    rows = [method("audio", "plain"), method("pca", "free", "dbscan")]
    statistics = PAPER["statistics"] | {"baselines": ["plain", "absent"]}
    of = refits(NOTHING, {"methods": rows, "statistics": statistics})
    assert (of.baselines, of.find_numbers) == (["plain"], ["free"])
    auto = refits(NOTHING, {"methods": rows[:1], "statistics": statistics, "k": [8, "auto"]})
    assert auto.find_numbers == ["plain"]
    own = {"statistics": statistics | {"baselines": ["plain", "free"]}}
    assert refits(NOTHING, {"methods": rows}, own).baselines == ["plain"]
    none = refits(NOTHING, {"methods": rows[1:], "statistics": statistics})
    assert none.find_numbers == []
