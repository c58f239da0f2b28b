# Spaces -> clusterings; and those of every method fitted again, for the uncertainty of scores.
# Jobs that fit methods again.
REFITS = range(2)


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
        exact_up_to=inputs.exact_up_to_of_method,
    script:
        "../scripts/adapters/clusterings/cluster_space.py"


CLUSTERINGS = expand(CLUSTERING, method=plan.methods)


rule cut_baselines:
    """Cluster the baselines at the numbers of clusters that methods found by themselves."""
    input:
        clusterings=expand(CLUSTERING, method=refits.find_numbers),
        spaces=expand(SPACE, space=[plan.methods[n]["space"] for n in refits.baselines]),
        catalogue=CATALOGUE,
        code=code("cut_baselines", *refits.clusterers(refits.baselines)),
    output:
        cut="<results>/clusterings/cut/baselines.parquet",
    log:
        "<logs>/cut_baselines.log",
    benchmark:
        "<benchmarks>/cut_baselines.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        baselines=refits.lines_of_baselines,
        k=config["k"],
        seeds=plan.seeds,
        exact_up_to=config["exact_up_to"],
    script:
        "../scripts/adapters/clusterings/cut_baselines.py"


rule refit_methods:
    """Fit every method again on some of the random halves of the songs."""
    input:
        **refits.tables,
        catalogue=CATALOGUE,
        features=FEATURES,
        descriptors=expand(DESCRIPTORS, set=refits.sets),
        given=expand(SPACE, space=refits.given),
        choices=expand(CHOICE, space=plan.chosen),
        code=code("refit_methods", *refits.modules()),
    output:
        halves="<results>/clusterings/halves/{shard}.parquet",
    log:
        "<logs>/refit_methods_{shard}.log",
    benchmark:
        "<benchmarks>/refit_methods_{shard}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        shard=lambda wildcards: int(wildcards.shard),
        shards=len(REFITS),
        halves=config["statistics"]["halves"],
        refit_up_to=config["statistics"]["refit_up_to"],
        steps=refits.steps,
        methods=refits.methods,
        baselines=refits.baselines,
        given=refits.given,
        sets=refits.sets,
        chosen=plan.chosen,
        k=config["k"],
        seeds=plan.seeds,
        exact_up_to=config["exact_up_to"],
    script:
        "../scripts/adapters/scores/refit_methods.py"


HALVES = expand(rules.refit_methods.output.halves, shard=REFITS)
