"""A run decodes only files that are new to it, and all after an edit of the code."""

import re

import pandas as pd
from samples import RATE, tone
from soundfile import write


def logged(project) -> list[int]:
    """Return, over all shards, the clips that were known, all clips, and those decoded."""
    logs = sorted((project.results / "logs").glob("extract_features_*.log"))
    pattern = r"(\d+) of (\d+) clips known, (\d+) decoded"
    found = [re.search(pattern, log.read_text()).groups() for log in logs]
    return [sum(map(int, numbers)) for numbers in zip(*found, strict=True)]


def test_a_run_decodes_new_files_and_an_edit_decodes_all(copied):
    """Add, rename and copy a file; then edit the code that describes clips."""
    assert logged(copied) == [0, 26, 26]
    blues = copied.folder / "music/english/blues"
    write(blues / "new.wav", tone(1000), RATE)
    (blues / "0.wav").rename(blues / "renamed.wav")
    (blues / "copy.wav").write_bytes((blues / "1.wav").read_bytes())
    copied.succeed("features")
    # The new one, and the two of the collection that are rejected each time.
    assert logged(copied) == [25, 28, 3]
    features = (copied.results / "features.parquet").read_bytes()
    ids = set(pd.read_parquet(copied.results / "features.parquet")["id"])
    assert {f"en/blues/{name}.wav" for name in ("new", "renamed", "copy")} <= ids
    equal = pd.read_csv(copied.results / "duplicates.csv")
    assert equal["id"].to_list() == ["en/blues/1.wav", "en/blues/copy.wav"]

    module = copied.folder / "workflow/scripts/hybridmusic/sound/features.py"
    module.write_text(module.read_text() + "\n# edited\n")
    copied.succeed("features")
    assert logged(copied) == [0, 28, 28]
    assert (copied.results / "features.parquet").read_bytes() == features
