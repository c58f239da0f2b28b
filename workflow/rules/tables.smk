# Scores, uncertainty and measures -> Table 2, agreement, internal scores; all that is known of tracks.
SOURCES = {
    "scores": rules.score_clusterings.output.scores,
    "uncertainty": rules.estimate_uncertainty.output.uncertainty,
    "stability": rules.estimate_uncertainty.output.stability,
    "spaces": MEASURES,
    "clusterings": CLUSTERINGS,
}


rule tabulate_scores:
    """Write a table of scores, for one number of clusters, in every form."""
    input:
        **{name: inputs.of_table(name, path) for name, path in SOURCES.items()},
        catalogue=CATALOGUE,
        code=code("tabulate_scores"),
    output:
        **sheet("{table}", inputs.label_of_table, caption="scores"),
    log:
        "<logs>/tabulate_scores_{table}.log",
    benchmark:
        "<benchmarks>/tabulate_scores_{table}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_methods("labels", "tasks", "conditions", "levels", "clusterers"),
        vaes=plan.vaes,
        kind=lambda wildcards: plan.tables[wildcards.table][0],
        title=inputs.title_of_table,
        k=lambda wildcards: plan.tables[wildcards.table][1],
        reference=plan.reference,
        exact_up_to=config["exact_up_to"],
    script:
        "../scripts/adapters/tables/tabulate_scores.py"


rule assemble_tracks:
    """Assemble the paper's Table 1: everything known of each track, one row each."""
    input:
        catalogue=CATALOGUE,
        features=FEATURES,
        sentences=SENTENCES,
        embeddings=EMBEDDINGS,
        clusterings=CLUSTERINGS,
        code=code("assemble_tracks"),
    output:
        tracks="<results>/tracks.parquet",
    log:
        "<logs>/assemble_tracks.log",
    benchmark:
        "<benchmarks>/assemble_tracks.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_methods(),
        k=plan.k,
    script:
        "../scripts/adapters/tables/assemble_tracks.py"
