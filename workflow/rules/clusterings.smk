# Spaces -> clusterings.


rule choose_k:
    """Choose how many clusters a space has, by the clusters that other songs reproduce."""
    input:
        space=SPACE,
        graph=inputs.graph_of_choice,
        catalogue=CATALOGUE,
        code=code("choose_k"),
    output:
        choice=CHOICE,
        distances="<results>/choosing_k/distances/{space}.parquet",
    log:
        "<logs>/choose_k_{space}.log",
    benchmark:
        "<benchmarks>/choose_k_{space}.tsv"
    wildcard_constraints:
        space=one_of(plan.chosen),
    conda:
        "../envs/hybridmusic.yaml"
    params:
        space=lambda wildcards: wildcards.space,
        level=lambda wildcards: plan.level(wildcards.space),
        candidates=config["choosing_k"]["candidates"],
        subsamples=config["choosing_k"]["subsamples"],
        seeds=plan.seeds,
        exact_up_to=config["exact_up_to"],
    script:
        "../scripts/adapters/studies/choose_k.py"


rule cluster_space:
    """Cluster a space by one method, for every number of clusters and every seed."""
    input:
        space=inputs.space_of_method,
        graph=inputs.graph_of_method,
        choice=inputs.choice_of_method,
        catalogue=CATALOGUE,
        code=lambda wildcards: code(
            "cluster_space",
            kinds.module("clusterers", plan.methods[wildcards.method]["clusterer"]),
        ),
    output:
        clustering=CLUSTERING,
        resampled="<results>/clusterings/resampled/{method}.parquet",
    log:
        "<logs>/cluster_space_{method}.log",
    benchmark:
        "<benchmarks>/cluster_space_{method}.tsv"
    priority: AHEAD["clusterings"]
    conda:
        "../envs/hybridmusic.yaml"
    params:
        method=lambda wildcards: wildcards.method,
        clusterer=lambda wildcards: plan.methods[wildcards.method]["clusterer"],
        level=inputs.level_of_method,
        settings=inputs.settings_of_method,
        k=config["k"],
        seeds=plan.seeds,
        subsamples=config["statistics"]["subsamples"],
        exact_up_to=inputs.exact_up_to_of_method,
    script:
        "../scripts/adapters/clusterings/cluster_space.py"


CLUSTERINGS = expand(CLUSTERING, method=plan.methods)
