# Scores, uncertainty and measures -> Table 2, agreement, internal scores; all that is known of tracks.
TITLES = {
    "scores": "Clustering metrics across methods and tasks",
    "agreement": "Agreement with genre, its uncertainty and its chance level",
    "internal": "Internal scores by the space they are measured in",
}
# What each kind of table is made of.
SOURCES = {
    "scores": rules.score_clusterings.output.scores,
    "uncertainty": rules.estimate_uncertainty.output.uncertainty,
    "stability": rules.estimate_uncertainty.output.stability,
    "spaces": MEASURES,
}
READ = {
    "scores": ("scores", "uncertainty"),
    "agreement": ("uncertainty", "stability"),
    "internal": ("scores", "uncertainty", "spaces"),
}


def source_of_table(name):
    """The function of an input of a table of scores, if its kind reads it."""
    return lambda wildcards: SOURCES[name] if name in READ[plan.tables[wildcards.table][0]] else []


def label_of_table(wildcards):
    """The name of a table of scores in the report."""
    kind, k = plan.tables[wildcards.table]
    return f"{'Table 2' if kind == 'scores' else TITLES[kind]}, k = {k}"


rule tabulate_scores:
    """Write a table of scores, for one number of clusters, in every form."""
    input:
        **{name: source_of_table(name) for name in SOURCES},
        catalogue=CATALOGUE,
        code=code("tabulate_scores"),
    output:
        **sheet("{table}", label_of_table, caption="scores"),
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
        title=lambda wildcards: TITLES[plan.tables[wildcards.table][0]],
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
