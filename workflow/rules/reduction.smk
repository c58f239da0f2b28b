# Spaces -> reduced -> clustered: whether that raises agreement with genre or only the Silhouette.
REDUCTION = config["reduction"]
REDUCED_CONDITIONS = [configuration.condition(config, space) for space in REDUCTION["spaces"]]


rule reduce_and_cluster:
    """Reduce a space by PCA and by UMAP, and cluster it as it is and reduced in every way."""
    input:
        space="<results>/spaces/{space}.parquet",
        made=reductions_made,
        catalogue=rules.list_tracks.output.catalogue,
        graphs=lambda wildcards: list(graphs_of_reductions(wildcards).values()),
        code=code("reduce_and_cluster", *MODULES_OF_REDUCTION),
    output:
        table="<results>/reduction/{space}.parquet",
    log:
        "<logs>/reduce_and_cluster_{space}.log",
    benchmark:
        "<benchmarks>/reduce_and_cluster_{space}.tsv"
    wildcard_constraints:
        space=one_of(REDUCTION["spaces"]),
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        reductions=configuration.REDUCTIONS,
        made=kinds_of_reductions_made,
        level=lambda wildcards: configuration.level(config, wildcards.space),
        graphs=lambda wildcards: list(graphs_of_reductions(wildcards)),
        neighbours=lambda wildcards: max(
            graphs.of_reduction(config, wildcards.space).values(), default=0
        ),
        clusterers=REDUCTION["clusterers"],
        k=TABLE_K,
        seeds=SEEDS,
        exact_up_to=config["exact_up_to"],
    script:
        "../scripts/adapters/studies/reduce_and_cluster.py"


rule compare_reductions:
    """Compare clusterings of reduced spaces with those of the same spaces as they are."""
    input:
        clusterings=expand(rules.reduce_and_cluster.output.table, space=REDUCTION["spaces"]),
        catalogue=rules.list_tracks.output.catalogue,
        code=code("compare_reductions"),
    output:
        scores="<results>/reduction.parquet",
        changes="<results>/reduction_changes.parquet",
    log:
        "<logs>/compare_reductions.log",
    benchmark:
        "<benchmarks>/compare_reductions.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        spaces=REDUCTION["spaces"],
        conditions=REDUCED_CONDITIONS,
        resamples=config["statistics"]["resamples"],
        seed=config["seed"],
    script:
        "../scripts/adapters/studies/compare_reductions.py"


rule tabulate_reduction:
    """Write what reducing a space before clustering changes, in every form."""
    input:
        scores=rules.compare_reductions.output.scores,
        changes=rules.compare_reductions.output.changes,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("tabulate_reduction"),
    output:
        csv="<results>/tables/reduction.csv",
        md="<results>/tables/reduction.md",
        tex="<results>/tables/reduction.tex",
        words="<results>/tables/reduction.json",
        html=report(
            "<results>/tables/reduction.html",
            caption="../report/reduction_table.rst",
            category="1 Tables",
            labels={"table": "Reduce, then cluster"},
        ),
    log:
        "<logs>/tabulate_reduction.log",
    benchmark:
        "<benchmarks>/tabulate_reduction.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        spaces=REDUCTION["spaces"],
        conditions=REDUCED_CONDITIONS,
        clusterers=REDUCTION["clusterers"],
        k=TABLE_K,
    script:
        "../scripts/adapters/tables/tabulate_reduction.py"


rule draw_reduction:
    """Draw what reducing a space before clustering does to agreement and to the Silhouette."""
    input:
        scores=rules.compare_reductions.output.scores,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("draw_reduction"),
    output:
        png=report(
            "<results>/figures/reduction.png",
            caption="../report/reduction.rst",
            category="2 Figures",
            labels={"figure": "Reduction: agreement against the Silhouette"},
        ),
        pdf="<results>/figures/reduction.pdf",
    log:
        "<logs>/draw_reduction.log",
    benchmark:
        "<benchmarks>/draw_reduction.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        spaces=REDUCTION["spaces"],
        conditions=REDUCED_CONDITIONS,
        dpi=config["figures"]["dpi"],
    script:
        "../scripts/adapters/figures/draw_reduction.py"
