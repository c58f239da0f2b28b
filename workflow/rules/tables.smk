# Scores, spaces and clusterings -> tables.
# Each table's kind, title, and number of clusters: the paper's, or as many as there are genres.
TABLE_K = configuration.table_k(config)
TITLES = {
    "scores": "Clustering metrics across methods and tasks",
    "agreement": "Agreement with genre, and what surrounds it",
    "internal": "Internal scores by the space they are measured in",
}
FILES = {"scores": "table2", "agreement": "agreement", "internal": "internal"}
TABLES = {
    file + ending: {"kind": kind, "k": k}
    for kind, file in FILES.items()
    for ending, k in (("", TABLE_K), ("_genres", "genres"))
}


rule tabulate_scores:
    """Write a table of scores, for one number of clusters, in every form."""
    input:
        scores=rules.score_clusterings.output.scores,
        uncertainty=rules.estimate_uncertainty.output.uncertainty,
        stability=rules.estimate_uncertainty.output.stability,
        spaces=rules.measure_spaces.output.measures,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("tabulate_scores"),
    output:
        csv="<results>/tables/{table}.csv",
        md="<results>/tables/{table}.md",
        tex="<results>/tables/{table}.tex",
        words="<results>/tables/{table}.json",
        html=report(
            "<results>/tables/{table}.html",
            caption="../report/scores.rst",
            category="1 Tables",
            labels=lambda wildcards: {"table": label_of_table(wildcards)},
        ),
    log:
        "<logs>/tabulate_scores_{table}.log",
    benchmark:
        "<benchmarks>/tabulate_scores_{table}.tsv"
    wildcard_constraints:
        table=one_of(TABLES),
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        methods=list(METHODS),
        labels=[method["label"] for method in METHODS.values()],
        tasks=[method["task"] for method in config["methods"]],
        conditions=[condition_of_method(name) for name in METHODS],
        levels=levels_of_methods(),
        vaes=[name for name, method in METHODS.items() if is_vae(method["space"])],
        kind=lambda wildcards: TABLES[wildcards.table]["kind"],
        title=lambda wildcards: TITLES[TABLES[wildcards.table]["kind"]],
        k=lambda wildcards: TABLES[wildcards.table]["k"],
        reference=configuration.REFERENCE_SPACE,
        exact_up_to=config["exact_up_to"],
        clusterers=[method["clusterer"] for method in config["methods"]],
    script:
        "../scripts/adapters/tables/tabulate_scores.py"


rule tabulate_reconstruction:
    """Write how well each network reconstructs songs that it was not trained on."""
    input:
        held_out=expand(rules.hold_out_songs.output.table, space=NETWORKS),
        code=code("tabulate_reconstruction"),
    output:
        csv="<results>/tables/reconstruction.csv",
        md="<results>/tables/reconstruction.md",
        tex="<results>/tables/reconstruction.tex",
        words="<results>/tables/reconstruction.json",
        html=report(
            "<results>/tables/reconstruction.html",
            caption="../report/reconstruction.rst",
            category="1 Tables",
            labels={"table": "Reconstruction of held-out songs"},
        ),
    log:
        "<logs>/tabulate_reconstruction.log",
    benchmark:
        "<benchmarks>/tabulate_reconstruction.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        networks=NETWORKS,
        inputs=[" + ".join(configuration.parents(config, name)) for name in NETWORKS],
    script:
        "../scripts/adapters/tables/tabulate_reconstruction.py"


rule assemble_tracks:
    """Assemble the paper's Table 1: everything known of each track, one row each."""
    input:
        catalogue=rules.list_tracks.output.catalogue,
        features=rules.gather_features.output.features,
        sentences=rules.write_sentences.output.sentences,
        embeddings=rules.embed_sentences.output.embeddings,
        clusterings=expand(rules.cluster_space.output.clustering, method=METHODS),
        code=code("assemble_tracks"),
    output:
        tracks="<results>/tracks.parquet",
    log:
        "<logs>/assemble_tracks.log",
    benchmark:
        "<benchmarks>/assemble_tracks.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        methods=list(METHODS),
        k=TABLE_K,
    script:
        "../scripts/adapters/tables/assemble_tracks.py"


rule record_settings:
    """Write down the configuration in effect and the versions of the software."""
    input:
        code=code("record_settings"),
    output:
        config=report(
            "<results>/config.yaml",
            caption="../report/settings.rst",
            category="3 Settings",
            labels={"file": "Configuration in effect"},
        ),
        software=report(
            "<results>/software.csv",
            caption="../report/settings.rst",
            category="3 Settings",
            labels={"file": "Software versions"},
        ),
    log:
        "<logs>/record_settings.log",
    benchmark:
        "<benchmarks>/record_settings.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        config=yaml.safe_dump(
            {key: value for key, value in config.items() if key != "assign"},
            allow_unicode=True,
            sort_keys=False,
        ),
    script:
        "../scripts/adapters/report/record_settings.py"
