# Catalogue -> features: every clip is decoded once, in a fixed number of shards.
# Descriptions are kept in <results>/features/known/, which is no output: see the script.
ALSO = config["audio"]["also"]
SETS = [kinds.module("descriptors", name) for name in ALSO]
WITH_CONDA = DeploymentMethod.CONDA in workflow.deployment_settings.deployment_method


rule extract_features:
    """Describe the clips of one shard of the catalogue, decoding those that are not known yet."""
    input:
        catalogue=CATALOGUE,
        code=code("extract_features", *SETS),
    output:
        descriptors=[f"<results>/features/{name}/{{shard}}.parquet" for name in ALSO],
        features="<results>/features/{shard}.parquet",
        fingerprints="<results>/features/{shard}.fingerprints.parquet",
        rejected="<results>/features/{shard}.rejected.csv",
    log:
        "<logs>/extract_features_{shard}.log",
    benchmark:
        "<benchmarks>/extract_features_{shard}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **CLIP,
        shards=len(SHARDS),
        also=ALSO,
    script:
        "../scripts/adapters/features/extract_features.py"


rule gather_features:
    """Put the shards together, list the rejected files, and fail if they are too many."""
    input:
        catalogue=CATALOGUE,
        features=[
            "<results>/features/tables.parquet",
            *expand("<results>/features/{shard}.parquet", shard=SHARDS),
        ],
        rejected=[
            "<results>/features/unlisted.rejected.csv",
            *expand("<results>/features/{shard}.rejected.csv", shard=SHARDS),
        ],
        code=code("gather_features"),
    output:
        features=FEATURES,
        rejected="<results>/rejected.csv",
    log:
        "<logs>/gather_features.log",
    benchmark:
        "<benchmarks>/gather_features.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        max_rejected=config["max_rejected"],
        whole_languages=True,
    script:
        "../scripts/adapters/features/gather_features.py"


rule gather_descriptors:
    """Put the shards of one set of descriptors together, with the numbers of feature tables."""
    input:
        features=FEATURES,
        numbers=lambda wildcards: (
            ["<results>/features/tables.numbers.parquet"]
            if kinds.declared("descriptors", wildcards.set, "TABLES")
            else []
        ),
        shards=expand("<results>/features/{{set}}/{shard}.parquet", shard=SHARDS),
        code=code("gather_descriptors"),
    output:
        descriptors=DESCRIPTORS,
    log:
        "<logs>/gather_descriptors_{set}.log",
    benchmark:
        "<benchmarks>/gather_descriptors_{set}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    script:
        "../scripts/adapters/features/gather_descriptors.py"


rule check_features:
    """Compare the features of twenty random clips with librosa's own; a target by name."""
    input:
        features=inputs.features_to_check(with_conda=WITH_CONDA),
        catalogue=CATALOGUE,
        code=code("check_features"),
    output:
        **sheet("check_features", "Features against librosa's"),
    log:
        "<logs>/check_features.log",
    benchmark:
        "<benchmarks>/check_features.tsv"
    conda:
        "../envs/librosa.yaml"
    params:
        clip_seconds=CLIP["clip_seconds"],
        seed=config["seed"],
    script:
        "../scripts/adapters/features/check_features.py"
