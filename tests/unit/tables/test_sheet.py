"""Tables in every form: the same cells, and nothing in them becomes markup."""

from scoring import METHODS, scores

from hybridmusic.tables import sheet as sheets
from hybridmusic.tables.methods import marked_labels
from hybridmusic.tables.scores import table
from hybridmusic.tables.sheet import DOUBT, Sheet


def test_markdown_latex_and_page_have_the_same_cells_and_no_markup():
    shown = marked_labels(table(scores(), METHODS, k=8, reference="hybrid"), METHODS)
    markdown = sheets.to_markdown(Sheet("T", shown, notes=["A note"]))
    assert markdown.splitlines()[0].count("|") == 9
    assert "| Two & <b>† | Hard_1 | 8.0000 |" in markdown
    assert "| Free | Medium | – | – | – | 0.0000 |" in markdown
    latex = sheets.to_latex(Sheet("A & B", shown, notes=["50 % of_it"]), "tab:x")
    assert r"Two \& <b>\textdagger{} & Hard\_1 & 8.0000" in latex
    assert r"50 \% of\_it" in latex
    page = sheets.to_page(Sheet("T", shown, {DOUBT: ["<script>alert(1)</script>"]}))
    assert "Two &amp; &lt;b&gt;†" in page
    assert "<script>" not in page


def test_deviations_over_seeds_follow_means():
    means = table(scores(), METHODS, k=8, reference="hybrid")
    deviations = table(scores(), METHODS, k=8, reference="hybrid", statistic="std")
    text = sheets.to_markdown(sheet := Sheet("T", means, deviations=deviations))
    assert "| 8.5000 ± 0.7071 |" in text
    assert "| 8.0000 |" in text  # one seed: nothing to vary
    assert r"8.5000 $\pm$ 0.7071" in sheets.to_latex(sheet, "l")
