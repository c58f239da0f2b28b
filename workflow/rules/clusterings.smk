# Spaces -> clusterings -> scores.
rule cluster_space:
    """Cluster a space by one method, for every number of clusters and every seed."""
    input:
        space=lambda wildcards: path_of_space(METHODS[wildcards.method]["space"]),
        catalogue=rules.list_tracks.output.catalogue,
        code=code_of_method,
    output:
        clustering="<results>/clusterings/{method}.parquet",
    log:
        "<logs>/cluster_space_{method}.log",
    benchmark:
        "<benchmarks>/cluster_space_{method}.tsv"
    wildcard_constraints:
        method=one_of(METHODS),
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        method=lambda wildcards: wildcards.method,
        clusterer=lambda wildcards: METHODS[wildcards.method]["clusterer"],
        settings=settings_of_method,
        k=config["k"],
        seeds=SEEDS,
    script:
        "../scripts/cluster_space.py"


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
        space_names=MEASURED,
        reference=configuration.REFERENCE_SPACE,
    script:
        "../scripts/score_clusterings.py"
