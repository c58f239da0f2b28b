# Spaces -> reduced -> clustered: whether that raises agreement with genre or only the Silhouette.
REDUCTION = config["reduction"]
REDUCED = {"spaces": plan.reduced, "conditions": [plan.condition(name) for name in plan.reduced]}


rule reduce_and_cluster:
    """Reduce a space by PCA and by UMAP, and cluster it as it is and reduced in every way."""
    input:
        space=SPACE,
        made=inputs.reductions,
        catalogue=CATALOGUE,
        graphs=lambda wildcards: list(inputs.graphs_of_reductions(wildcards.space).values()),
        code=code(
            "reduce_and_cluster",
            *(kinds.module("transforms", kind) for kind in facts.REDUCTIONS),
            *(kinds.module("clusterers", kind) for kind in REDUCTION["clusterers"]),
        ),
    output:
        table="<results>/reduction/{space}.parquet",
    log:
        "<logs>/reduce_and_cluster_{space}.log",
    benchmark:
        "<benchmarks>/reduce_and_cluster_{space}.tsv"
    wildcard_constraints:
        space=one_of(plan.reduced),
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        reductions=facts.REDUCTIONS,
        made=inputs.kinds_of_reductions,
        level=lambda wildcards: plan.level(wildcards.space),
        graphs=lambda wildcards: list(inputs.graphs_of_reductions(wildcards.space)),
        neighbours=inputs.neighbours_of_reduction,
        clusterers=REDUCTION["clusterers"],
        k=plan.k,
        seeds=plan.seeds,
        exact_up_to=config["exact_up_to"],
    script:
        "../../scripts/adapters/studies/reduce_and_cluster.py"


rule compare_reductions:
    """Compare clusterings of reduced spaces with those of the same spaces as they are."""
    input:
        clusterings=expand(rules.reduce_and_cluster.output.table, space=plan.reduced),
        catalogue=CATALOGUE,
        code=code("compare_reductions"),
    output:
        scores="<results>/reduction.parquet",
        changes="<results>/reduction_changes.parquet",
    log:
        "<logs>/compare_reductions.log",
    benchmark:
        "<benchmarks>/compare_reductions.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        **REDUCED,
        resamples=config["statistics"]["resamples"],
        seed=config["seed"],
    script:
        "../../scripts/adapters/studies/compare_reductions.py"


rule tabulate_reduction:
    """Tabulate the changes by reducing a space before clustering."""
    input:
        scores=rules.compare_reductions.output.scores,
        changes=rules.compare_reductions.output.changes,
        catalogue=CATALOGUE,
        code=code("tabulate_reduction"),
    output:
        **sheet("reduction", "Reduce, then cluster"),
    log:
        "<logs>/tabulate_reduction.log",
    benchmark:
        "<benchmarks>/tabulate_reduction.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        **REDUCED,
        clusterers=REDUCTION["clusterers"],
        k=plan.k,
    script:
        "../../scripts/adapters/tables/tabulate_reduction.py"


rule draw_reduction:
    """Draw the changes in agreement and in the Silhouette by reducing a space before clustering."""
    input:
        scores=rules.compare_reductions.output.scores,
        catalogue=CATALOGUE,
        code=code("draw_reduction"),
    output:
        **figure("reduction", "Reduction: agreement against the Silhouette"),
    log:
        "<logs>/draw_reduction.log",
    benchmark:
        "<benchmarks>/draw_reduction.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        **REDUCED,
        dpi=DPI,
    script:
        "../../scripts/adapters/figures/draw_reduction.py"
