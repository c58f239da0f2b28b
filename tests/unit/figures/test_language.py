"""Agreement with genre across languages against agreement with language."""

import numpy as np
import pandas as pd
import pytest
from drawing import NASTY, rendered, texts

from hybridmusic.figures import language
from hybridmusic.tables.language import NOT_SHARED, ONE_LANGUAGE


def compared(**columns):
    table = {"label": NASTY, "family": "plain", "remedy": ""}
    for name, scale in (("shared_nmi", 0.05), ("language_nmi", 0.01)):
        values = scale * np.arange(len(NASTY))
        table |= {name: values, f"{name}_low": values - 0.01, f"{name}_high": values + 0.01}
    return pd.DataFrame(table | columns)


def test_the_language_tradeoff_has_a_labelled_point_for_each_method():
    table = compared(
        label=[*NASTY[:4], "Short", *NASTY[5:]],
        family=["learned", "shown the genres", *["plain"] * 5],
        remedy=["scaled", "", "independent", "scaled, conditioned", *[""] * 3],
    )
    figure = rendered(language.draw(table))
    ax = figure.axes[0]
    found = [tuple(c.get_offsets()[0]) for c in ax.collections if len(c.get_offsets()) == 1]
    for point in table[["language_nmi", "shared_nmi"]].itertuples(index=False, name=None):
        assert any(np.allclose(point, one) for one in found)
    said = texts(figure)
    assert set(table["label"]) <= set(said)
    assert {"scaled within languages", "several remedies", "not learned"} <= set(said)
    assert "conditioned on language" not in said
    assert language.IDEAL in said


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (compared().iloc[:0], ONE_LANGUAGE),
        (compared(shared_nmi=np.nan), NOT_SHARED),
    ],
)
def test_the_language_tradeoff_says_why_it_is_empty(table, sentence):
    assert sentence in texts(rendered(language.draw(table)))
