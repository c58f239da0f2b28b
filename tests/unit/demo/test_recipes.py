"""Recipes name instruments, drums, modes and chords that exist."""

from hybridmusic.demo import recipes, synthesis


def test_theka_sets_bols_on_matras():
    groove = recipes.theka("dha tin ka")
    assert groove.cycle == 3
    assert groove.strokes["na"] == "x..........."
    assert groove.strokes["tin"] == "....x......."
    assert groove.strokes["ge"] == "x..........."
    cycles = [recipes.TEENTAL, recipes.KEHERWA, recipes.DADRA, recipes.JHAPTAL]
    assert [taal.cycle for taal in cycles] == [16, 8, 6, 10]


def test_recipes_are_playable():
    for genres in recipes.RECIPES.values():
        for genre in genres.values():
            assert {d for g in genre.grooves for d in (*g.strokes, g.fill)} <= set(recipes.DRUMS)
            for mode, chords in genre.harmony:
                assert mode in recipes.MODES
                assert all(synthesis.chord(symbol) for symbol in chords.split())
            for part in genre.parts:
                assert set(part.instruments.split()) <= set(recipes.INSTRUMENTS)
                lines = part.role in ("bass", "drone")
                assert set(part.rhythms) <= set("135678. " if lines else "Xxo. ")
