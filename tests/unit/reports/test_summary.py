"""A run in plain words."""

import pandas as pd
from docutils.core import publish_parts

from hybridmusic.reports import summary
from hybridmusic.tables.sheet import DOUBT, SEPARATES
from hybridmusic.tracks import debris

TRACKS = pd.DataFrame(
    {
        "language": ["bangla", "bangla", "english"],
        "genre": ["Folk", None, "folk"],
        "song": ["a", "a", "b"],
        "unit": ["a", "a", "b"],
    }
)


def test_the_collection_is_counted():
    described, units, rejected = summary.collection(TRACKS, 0, {})
    assert described == "3 tracks of 2 songs (2 bangla, 1 english), of 2 genres."
    assert units == "What statistics take as independent: songs."
    assert rejected == "No file was rejected."
    described, _, rejected, ignored = summary.collection(
        TRACKS.assign(genre=None), 4, {debris.HIDDEN: 2, debris.PARTIAL: 1}
    )
    assert ignored == "3 files were ignored: 2 hidden, 1 partial downloads."
    assert "without genres: scores measure how compact" in described
    assert rejected.startswith("4 files")
    known = TRACKS.assign(unit=["artist x", "artist x", "b"])
    assert "3 tracks of 2 songs by 1 artist (2" in summary.collection(known, 0, {})[0]


def test_verdicts_come_in_the_order_of_headings_and_once():
    words = [{DOUBT: ["d"]}, {SEPARATES: ["s"], DOUBT: ["d", "e"]}, {}]
    parts = summary.summary(["c"], words)
    assert parts == {summary.COLLECTION: ["c"], SEPARATES: ["s"], DOUBT: ["d", "e"]}
    assert list(parts)[1:] == [SEPARATES, DOUBT]
    assert "## Caveats\n\n- d\n- e\n" in summary.to_markdown("T", parts)


def test_names_never_become_markup_of_the_report():
    name = ".. raw:: html\n\n   <b>x</b> *y* `z`_ |s| a_ [1]_ \\ {{ 7 * 7 }} – 90 %"
    page = publish_parts(summary.to_rst({DOUBT: [f"{name} wins", "2. second"]}), writer="html")
    body = page["html_body"]
    assert "<b>" not in body
    assert "&lt;b&gt;x&lt;/b&gt; *y* `z`_ |s| a_ [1]_ \\ {{ 7 * 7 }} – 90 % wins" in body
    assert "<li>2. second</li>" in body
    assert "system-message" not in body
