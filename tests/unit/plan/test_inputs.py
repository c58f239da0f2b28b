"""Inputs that need what is not there are refused with a sentence, before any job."""

import importlib.util

import pytest
from planning import plan

from hybridmusic.errors import ConfigError
from hybridmusic.plan.inputs import Inputs


def test_features_are_compared_only_with_librosa_and_sound(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    here, silent = Inputs(plan()), Inputs(plan(sound=False))
    assert here.features_to_check(with_conda=False)(None) == "<results>/features.parquet"
    with pytest.raises(ConfigError, match="no source of the run has sound"):
        silent.features_to_check(with_conda=False)(None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"python -m pip install 'librosa>=0.11,<1'"):
        here.features_to_check(with_conda=False)(None)
    assert here.features_to_check(with_conda=True)(None)
    # A table that is made can be in a report where librosa is missing.
    table = tmp_path / here.plan.results / "tables" / "check_features.csv"
    table.parent.mkdir(parents=True)
    table.touch()
    assert here.features_to_check(with_conda=False)(None)
