"""Findings state what made-up tables hold, and nothing else."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest
import yaml
from project import REPOSITORY, merged

from hybridmusic.reports import findings
from hybridmusic.reports.findings import Run
from hybridmusic.tables.language import NOT_SHARED, ONE_LANGUAGE
from hybridmusic.tables.sheet import to_markdown
from hybridmusic.terms import SONG

PAPER = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())
ROWS = {
    "plain": ("audio", "kmeans"),
    "weak": ("audio_quantile", "kmeans"),
    "net": ("basic_vae", "kmeans"),
    "shown": ("cond_vae", "kmeans"),
    "graph": ("audio", "spectral"),
    "songs": ("pooled", "kmeans"),
    "luck": ("audio", "random"),
}
LAYER = {
    "k": [8, "genres"],
    "spaces": {"pooled": {"kind": "pool_songs", "of": "audio"}},
    "methods": [
        {"name": name, "label": name.upper(), "task": "T", "space": space, "clusterer": clusterer}
        for name, (space, clusterer) in ROWS.items()
    ],
    "sources": [{"name": "a", "path": "x"}],
}
SETTINGS = merged(PAPER, LAYER)
NMI = {"plain": 0.4, "weak": 0.3, "net": 0.35, "shown": 0.9, "graph": 0.45, "songs": 0.5}
NMI |= {"luck": 0.05}
SHARED = {"plain": 0.2, "net": 0.4, "shown": 0.9, "graph": 0.1, "luck": 0.7}
OF_LANGUAGE = {"plain": 0.22, "net": 0.05, "shown": 0.0, "graph": 0.6, "luck": 0.8}
SILHOUETTES = {"plain": 0.1, "net": 0.3, "shown": 0.9}


def around(name, value, by=0.01):
    return {name: value, f"{name}_low": value - by, f"{name}_high": value + by}


def tracks(genres=("Pop", "rock", "pop", "Rock"), languages="xxyy"):
    n = 3 * len(genres)
    columns = {"id": [f"t{number}" for number in range(n)], "genre": [*genres] * 3}
    columns |= {"language": [*languages] * 3, "song": [f"s{number // 2}" for number in range(n)]}
    return pd.DataFrame(columns | {"unit": columns["song"]})


def uncertainty(nmi=NMI, baseline="plain", sure=0.02):
    """Make intervals of a hundredth on both sides, and of `sure` around differences."""
    rows = []
    for method, value in nmi.items():
        for metric, at in (("nmi", value), ("ami", value), ("ari", value / 2)):
            row = {"method": method, "k": 8, "finds_k": False, "metric": metric, "value": at}
            row |= {"low": at - 0.01, "high": at + 0.01, "baseline": baseline}
            row |= {"chance": 0.1, "chance_in_language": 0.2, "p": 0.01}
            row |= around("difference", np.nan)
            if baseline and method != baseline:
                row |= around("difference", value - nmi[baseline], sure)
            row |= {f"difference_{end}_all": row[f"difference_{end}"] for end in ("low", "high")}
            rows.append(row)
    # Rows of another number of clusters, which findings leave out.
    return pd.DataFrame([*rows, *({**row, "k": 4, "value": 0.99} for row in rows)])


def language(shared=SHARED, of_language=OF_LANGUAGE):
    rows = [
        {"method": method, "k": 8}
        | around("shared_nmi", value, 0.05)
        | around("language_nmi", of_language[method], 0.05)
        for method, value in shared.items()
    ]
    return pd.DataFrame([*rows, *({**row, "k": 2, "shared_nmi": 0.99} for row in rows)])


def scores(silhouettes=SILHOUETTES):
    rows = [
        (name, *ROWS[name], k, seed, "silhouette", where, silhouettes.get(name, 0) + seed / 100)
        for name in ROWS
        for seed in (0, 2)
        for k in (4, 8)
        for where in (ROWS[name][0], "hybrid")
    ]
    names = ["method", "space", "clusterer", "k", "seed", "metric", "measured_in", "value"]
    return pd.DataFrame(rows, columns=names).astype({"k": "Int64"})


def changes(**found):
    rows = [
        {"reduction": "umap", "clusterers": "kmeans, ward", "space": space, "metric": metric}
        | {"change": change, "change_low": change - 0.02, "change_high": change + 0.02}
        for metric, change in found.items()
        for space in ("audio", "hybrid")
    ]
    names = ["reduction", "clusterers", "space", "metric", "change", "change_low", "change_high"]
    return pd.DataFrame(rows, columns=names)


def spaces():
    """Make measures of spaces, one of which has few distinct rows."""
    rows = [
        (space, metric, value)
        for space in {space for space, _ in ROWS.values()}
        for metric, value in {
            "dimensions": 20.0,
            "distinct_share": 0.01 if space == "basic_vae" else 1.0,
            "effective_dimension": 9.0,
        }.items()
    ]
    return pd.DataFrame(rows, columns=["space", "metric", "value"])


def run(**changed):
    given = {"name": "mine", "settings": SETTINGS, "tracks": tracks()}
    given |= {"scores": scores(), "spaces": spaces(), "uncertainty": uncertainty()}
    given |= {"language": language(), "changes": changes(nmi=0.0, ari=0.01, silhouette=0.3)}
    return Run(**given | changed)


def said(section, **changed):
    one = run(**changed)
    return section(one, findings.methods(one))


def unlabelled():
    """Make the tables of a collection without genres."""
    given = {"tracks": tracks().assign(genre=None), "uncertainty": uncertainty().iloc[:0]}
    nothing = language().assign(shared_nmi=np.nan, shared_nmi_low=np.nan, shared_nmi_high=np.nan)
    return given | {"language": nothing, "changes": changes()}


def test_methods_are_described_by_what_they_are():
    of = findings.methods(run())
    assert of.index[~of["unseen"]].to_list() == ["shown", "luck"]
    assert of.index[of["learned"]].to_list() == ["net", "shown"]
    assert of.index[of["level"] == SONG].to_list() == ["songs"]
    assert of["label"][["songs", "shown"]].to_list() == ["SONGS (song level)", "SHOWN†"]
    assert of["nmi"].to_dict() == NMI
    assert of.loc["net", ["shared", "language", "ari"]].to_list() == [0.4, 0.05, 0.175]


def test_the_best_is_stated_with_the_baseline():
    weak = {"uncertainty": uncertainty(NMI | {"weak": 0.44})}
    found = said(findings.separates, **weak)
    assert found == [
        "Of 4 methods that saw neither genres nor other data, GRAPH agrees best with the 4 genres: "
        "NMI 0.450 (0.440 to 0.460); shuffled genres have 0.100. [agreement]",
        "The strongest plain baseline, PLAIN, has 0.400 (0.390 to 0.410); GRAPH differs by +0.050 "
        "(+0.030 to +0.070), which is better. [agreement]",
        "Better than that baseline beyond the interval: GRAPH +0.050 (+0.030 to +0.070); WEAK "
        "+0.040 (+0.020 to +0.060). [agreement]",
        "Of methods on learned spaces, NET agrees best: NMI 0.350 (0.340 to 0.360); it differs "
        "from that baseline by -0.050 (-0.070 to -0.030), which is worse. [agreement]",
        "Of methods at song level, SONGS (song level) agrees best: NMI 0.500 (0.490 to 0.510); "
        "it differs from that baseline by +0.100 (+0.080 to +0.120), which is better. [agreement]",
        "Methods that saw genre labels (†): SHOWN† 0.900 (0.890 to 0.910). [agreement]",
    ]


def test_methods_trained_on_other_data_are_separate():
    spaces = {"theirs": {"kind": "external", "path": "x.npz", "pretrained": True}}
    changed = {"graph": {"space": "theirs"}}
    rows = [row | changed.get(row["name"], {}) for row in SETTINGS["methods"]]
    settings = merged(SETTINGS, {"spaces": spaces, "methods": rows})
    found = said(findings.separates, settings=settings)
    assert "other data, PLAIN, itself the strongest" in found[0]
    assert (
        found[-1]
        == "Methods with a model that was trained on other data (‡): GRAPH‡ 0.450 (0.440 to "
        "0.460). [agreement]"
    )
    table = said(findings.selection, settings=settings)
    assert table.table.set_index("Method")["Saw"]["GRAPH‡"] == "other data"
    assert table.notes[2].startswith("‡ made with a model that was trained on other data")


def test_where_all_is_of_songs_they_come_first():
    rows = [row | {"space": "pooled"} for row in SETTINGS["methods"]]
    found = said(findings.separates, settings=SETTINGS | {"methods": rows})
    assert found[0].startswith("Of 6 methods that saw neither genres nor other data, SHOWN (song")
    assert not any("at song level" in sentence for sentence in found)


def test_a_baseline_that_is_not_beaten_is_the_best():
    low = NMI | {"graph": 0.39, "songs": 0.2}
    found = said(findings.separates, uncertainty=uncertainty(low))
    assert "other data, PLAIN, itself the strongest plain baseline, agrees best" in found[0]
    assert found[1] == (
        "The next best, GRAPH, differs by -0.010 (-0.030 to +0.010), which may be chance. "
        "[agreement]"
    )
    assert not any("Better" in sentence for sentence in found)


def test_a_difference_within_its_interval_is_none():
    found = said(findings.separates, uncertainty=uncertainty(sure=0.2))
    assert "differs by +0.050 (-0.150 to +0.250), which may be chance." in found[1]
    assert not any("Better" in sentence for sentence in found)
    found = said(findings.separates, uncertainty=uncertainty(baseline=None))
    assert found[1] == f"{findings.NO_BASELINE} [agreement]"
    assert found[2].endswith("NMI 0.350 (0.340 to 0.360). [agreement]")


def test_genre_is_compared_with_language():
    found = said(findings.across_languages)
    assert found[0] == (
        "With the 2 genres that all languages share (pop, rock), NET agrees best: NMI 0.400 "
        "(0.350 to 0.450), with language 0.050 (0.000 to 0.100). [language]"
    )
    # PLAIN is in between: neither is beyond the other's interval.
    assert found[1].endswith("intervals: NET 0.400 (0.350 to 0.450). [language]")
    found = said(findings.only_languages)
    assert found[0].startswith("GRAPH agrees best with language: NMI 0.600 (0.550")
    assert found[1].endswith("intervals: GRAPH 0.600 (0.550 to 0.650). [language]")
    assert "0.450 (0.440 to 0.460). Genres shuffled within each language have 0.200" in found[2]


def test_one_language_or_no_shared_genre_is_said():
    alone = {"tracks": tracks(languages="xxxx"), "language": language().iloc[:0]}
    assert said(findings.across_languages, **alone) == []
    assert said(findings.only_languages, **alone) == [ONE_LANGUAGE]
    apart = {"tracks": tracks(genres="abcd"), "language": unlabelled()["language"]}
    assert said(findings.across_languages, **apart) == [NOT_SHARED]
    assert len(said(findings.only_languages, **apart)) == 2


def test_the_highest_silhouette_is_stated_with_its_agreement():
    reduced, highest, degenerate = said(findings.only_silhouettes)
    assert reduced.startswith("UMAP before kmeans, ward raises the Silhouette and does not")
    assert "Silhouette +0.300 (2 of 2 rise, 0 fall). [reduction]" in reduced
    assert highest == (
        "NET has the highest Silhouette in its own space, 0.310 (over seeds 0.300 to 0.320); its "
        "NMI with genre is 0.350 (0.340 to 0.360) and differs from the plain baseline's by -0.050 "
        "(-0.070 to -0.030), which is worse. Silhouettes of different spaces do not compare. "
        "[internal]"
    )
    assert "scores: NET (few distinct rows). [internal]" in degenerate


def test_without_genres_the_rest_is_stated():
    one = run(**unlabelled())
    of = findings.methods(one)
    assert findings.separates(one, of) == [findings.NO_GENRES]
    assert [sentence.split()[0] for sentence in findings.only_languages(one, of)] == ["GRAPH"]
    (highest, *_) = findings.only_silhouettes(one, of)
    assert highest.startswith("SHOWN has the highest Silhouette in its own space")
    assert highest.endswith(". Silhouettes of different spaces do not compare. [internal]")
    # Without genres, the network that is conditioned on them is conditioned on language.
    assert findings.selection(one, of).table.set_index("Method")["Saw"]["SHOWN"] == "language"
    assert findings.NO_GENRES in findings.document([one])


def test_the_table_has_the_best_and_rows_to_compare_them_with():
    sheet = said(findings.selection)
    table = sheet.table.set_index("Method")
    assert table.index.to_list()[:3] == ["SHOWN†", "SONGS (song level)", "GRAPH"]
    assert table["Level"].to_dict() == dict.fromkeys(table.index, "clip") | {
        "SONGS (song level)": "song"
    }
    assert table.loc["SHOWN†", "Saw"] == "genre"
    assert table.loc["NET", "Flags"] == "few distinct rows"
    assert table.loc["PLAIN", "Against baseline"] == "–"
    assert table.loc["GRAPH", "Language NMI"] == "0.600 (0.550 to 0.650)"
    assert sheet.notes[1].startswith("† saw genre labels")
    assert sheet.notes[1].endswith(": SHOWN.")
    assert "each song is clustered and scored as one row" in sheet.notes[2]
    # With many methods those of no interest are left out, but not what others are compared with.
    more = [f"more{number}" for number in range(9)]
    rows = [SETTINGS["methods"][0] | {"name": name, "label": name} for name in more]
    settings = SETTINGS | {"methods": SETTINGS["methods"] + rows}
    added = scores().query("method == 'plain'")
    added = [scores(), *(added.assign(method=name) for name in more)]
    nmi = NMI | {name: 0.6 + number / 100 for number, name in enumerate(more)}
    changed = {"settings": settings, "scores": pd.concat(added), "uncertainty": uncertainty(nmi)}
    names = said(findings.selection, **changed).table["Method"].to_list()
    best = ["SHOWN†", "more8", "more7", "more6", "more5", "more4"]
    assert names == [*best, "SONGS (song level)", "PLAIN", "NET", "LUCK"]


def test_a_page_of_several_runs():
    low = {"uncertainty": uncertainty(NMI | {"graph": 0.39, "songs": 0.2})}
    demo = merged(SETTINGS, {"sources": [{"name": "d", "dataset": "demo_english"}]})
    runs = [run(), run(name="second", settings=demo, **low), run(name="third", **unlabelled())]
    text = findings.document(runs)
    assert '`make findings RUNS="mine second third"`' in text
    assert "best plain baseline in 1 of 2 runs." in text
    glance = findings.glance(runs, {one.name: findings.methods(one) for one in runs}).table
    assert glance["Best without genres"].to_list() == ["GRAPH", "PLAIN", "–"]
    assert glance["Best of songs"].to_list() == [
        "SONGS (song level) 0.500 (0.490 to 0.510)",
        "SONGS (song level) 0.200 (0.190 to 0.210)",
        "–",
    ]
    assert glance["Difference"].to_list() == [
        "+0.050 (+0.030 to +0.070), which is better",
        *("–", "–"),
    ]
    assert text.count("The music is synthetic") == 1
    command = "snakemake results/second/tables/{agreement,internal,language,reduction}.md"
    assert f"\n\n    {command} --cores 8 --configfile results/second/config.yaml\n" in text
    for line in re.findall(r"^- .*\d\.\d{3}.*$", text, re.M):
        assert re.search(r"\. \[(agreement|internal|language|reduction)\]$", line), line


def test_a_run_without_methods_has_a_page():
    nothing = {"settings": SETTINGS | {"methods": []}, "scores": scores().iloc[:0]}
    nothing |= {"uncertainty": uncertainty().iloc[:0], "language": language().iloc[:0]}
    text = findings.document([run(**nothing, changes=changes())])
    assert findings.NO_GENRES in text
    assert "0 of 0 methods" in text


def test_methods_that_find_their_number_of_clusters_are_not_ranked_by_nmi():
    columns = {"unseen": True, "level": "clip", "nmi": [0.6, 0.5], "difference": [0.1, 0.0]}
    table = pd.DataFrame(columns | {"finds_k": [True, False]}, index=["free", "fixed"])
    assert list(findings.ranked(table, "nmi")[0].index) == ["fixed"]
    assert list(findings.ranked(table, "difference")[0].index) == ["free", "fixed"]


def test_names_never_become_markup():
    nasty = ["<b>Pop", "_a_b", "<b>pop", "_A_B"]
    found = said(findings.across_languages, tracks=tracks(genres=nasty))[0]
    assert r"(\<b\>pop, \_a_b)" in found
    rows = [row | {"label": "`a` | *b*"} for row in SETTINGS["methods"]]
    found = said(findings.selection, settings=SETTINGS | {"methods": rows})
    assert r"| \`a\` \| \*b\*† | cond_vae |" in to_markdown(found)


@pytest.mark.parametrize("absent", [False, True])
def test_findings_of_finished_runs_compute_nothing(copied, absent):
    target = "results/other/findings.md"
    copied.write_config(run="other", findings=["tiny", "absent"] if absent else ["tiny"])
    if absent:
        done = copied.snakemake(target)
        message = "findings names the run 'absent', but there is no results/absent/"
        assert done.returncode != 0
        assert message in done.stdout + done.stderr
        return
    assert copied.planned(target) == {"write_findings"}
    copied.succeed(target)
    text = (copied.folder / target).read_text()
    # The command that it names makes these tables, and nothing differs.
    made, of = re.search(r"^    snakemake (\S+) --cores 8 --configfile (\S+)$", text, re.M).groups()
    first, last = re.split(r"\{.*\}", made)
    names = re.search(r"\{(.*)\}", made)[1].split(",")
    shutil.copy2(copied.folder / of, copied.folder / "tiny.yaml")
    assert copied.planned(*(first + name + last for name in names)) == set()
    table = pd.read_csv(copied.results / "tables/table2.csv").set_index("Method")["NMI"]
    assert f"with the 6 genres: NMI {table.drop('Cond VAE').max():.3f} (" in text
