# Spaces -> clusterings -> scores.
rule choose_k:
    """Choose how many clusters a space has, by what comes out again from other songs."""
    input:
        space="<results>/spaces/{space}.parquet",
        graph=lambda wildcards: path_of_graph(graphs.of_choice(wildcards.space)),
        catalogue=rules.list_tracks.output.catalogue,
        code=code("choose_k"),
    output:
        choice="<results>/choosing/{space}.parquet",
        distances="<results>/choosing/distances/{space}.parquet",
    log:
        "<logs>/choose_k_{space}.log",
    benchmark:
        "<benchmarks>/choose_k_{space}.tsv"
    wildcard_constraints:
        space=one_of(CHOSEN),
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        space=lambda wildcards: wildcards.space,
        level=lambda wildcards: configuration.level(config, wildcards.space),
        candidates=config["choosing"]["candidates"],
        subsamples=config["choosing"]["subsamples"],
        seeds=SEEDS,
        exact_up_to=config["exact_up_to"],
    script:
        "../scripts/adapters/studies/choose_k.py"


rule cluster_space:
    """Cluster a space by one method, for every number of clusters and every seed."""
    input:
        space=lambda wildcards: path_of_space(METHODS[wildcards.method]["space"]),
        graph=graph_for_method,
        choice=choice_for_method,
        catalogue=rules.list_tracks.output.catalogue,
        code=code_of_method,
    output:
        clustering="<results>/clusterings/{method}.parquet",
        resampled="<results>/clusterings/resampled/{method}.parquet",
    log:
        "<logs>/cluster_space_{method}.log",
    benchmark:
        "<benchmarks>/cluster_space_{method}.tsv"
    wildcard_constraints:
        method=one_of(METHODS),
    priority: AHEAD["clusterings"]
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        method=lambda wildcards: wildcards.method,
        clusterer=lambda wildcards: METHODS[wildcards.method]["clusterer"],
        level=lambda wildcards: configuration.level(config, METHODS[wildcards.method]["space"]),
        settings=settings_of_method,
        k=config["k"],
        seeds=SEEDS,
        subsamples=config["statistics"]["subsamples"],
        exact_up_to=config["exact_up_to"],
    script:
        "../scripts/adapters/clusterings/cluster_space.py"


# The spaces that scores are measured in: each method's own, and the reference.
MEASURED = list(
    dict.fromkeys(
        [configuration.REFERENCE_SPACE, *(method["space"] for method in config["methods"])]
    )
)


rule score_clusterings:
    """Score every clustering: in its own space, in the reference, against genre and language."""
    input:
        clusterings=expand(rules.cluster_space.output.clustering, method=METHODS),
        spaces=expand(SPACE, space=MEASURED),
        catalogue=rules.list_tracks.output.catalogue,
        code=code("score_clusterings"),
    output:
        scores="<results>/scores.parquet",
    log:
        "<logs>/score_clusterings.log",
    benchmark:
        "<benchmarks>/score_clusterings.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        methods=list(METHODS),
        spaces=[method["space"] for method in config["methods"]],
        clusterers=[method["clusterer"] for method in config["methods"]],
        levels=levels_of_methods(),
        space_names=MEASURED,
        reference=configuration.REFERENCE_SPACE,
        exact_up_to=config["exact_up_to"],
        seed=config["seed"],
    script:
        "../scripts/adapters/scores/score_clusterings.py"


rule measure_spaces:
    """Measure every space: how much of it is used, and whether languages mix in it."""
    input:
        spaces=expand(SPACE, space=SPACES),
        catalogue=rules.list_tracks.output.catalogue,
        code=code("measure_spaces"),
    output:
        measures="<results>/spaces.parquet",
    log:
        "<logs>/measure_spaces.log",
    benchmark:
        "<benchmarks>/measure_spaces.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        spaces=list(SPACES),
        levels=[configuration.level(config, name) for name in SPACES],
        exact_up_to=config["exact_up_to"],
        seed=config["seed"],
    script:
        "../scripts/adapters/scores/measure_spaces.py"


rule estimate_uncertainty:
    """Surround every agreement with its interval over songs, its chance and its baseline."""
    input:
        clusterings=expand(rules.cluster_space.output.clustering, method=METHODS),
        resampled=expand(rules.cluster_space.output.resampled, method=METHODS),
        catalogue=rules.list_tracks.output.catalogue,
        code=code("estimate_uncertainty"),
    output:
        uncertainty="<results>/uncertainty.parquet",
        stability="<results>/stability.parquet",
    log:
        "<logs>/estimate_uncertainty.log",
    benchmark:
        "<benchmarks>/estimate_uncertainty.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        methods=list(METHODS),
        levels=levels_of_methods(),
        baselines=config["statistics"]["baselines"],
        resamples=config["statistics"]["resamples"],
        permutations=config["statistics"]["permutations"],
        seed=config["seed"],
    script:
        "../scripts/adapters/scores/estimate_uncertainty.py"
