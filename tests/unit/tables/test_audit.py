"""The table and the verdict of the label audit."""

import pandas as pd

from hybridmusic.tables import audit
from hybridmusic.tables.sheet import ABSENT, CHECKED

ROWS = [
    ("cond", "space", "genre", "computed again", True),
    ("pca", "space", "none", "handed no labels", False),
    ("mine", "clustering", "language", "computed again", True),
]
AUDIT = pd.DataFrame(ROWS, columns=["what", "kind", "claims", "compared", "differs"])


def test_the_table_has_the_columns_for_readers():
    table = audit.table(AUDIT)
    assert list(table) == ["What", "Kind", "Told", "Compared", "Depends on genre"]
    assert table["Depends on genre"].to_list() == ["yes", "no", "yes"]


def test_the_verdict_names_leaks_and_the_notes_what_declares_genre():
    (leakage,) = audit.verdicts(AUDIT)[CHECKED]
    assert leakage == "Label leakage, results that depend on genre undeclared: clustering mine."
    assert audit.verdicts(AUDIT[:2])[CHECKED][0].startswith("No label leakage")
    assert "fewer than two genres" in audit.verdicts(AUDIT[:0])[ABSENT][0]
    assert "expected to depend on it: cond." in audit.notes(AUDIT)[0]
    assert "expected to depend on it: none." in audit.notes(AUDIT[1:])[0]
