# Catalogue -> features: every clip is decoded once, in a fixed number of shards.
# Descriptions are remembered in <results>/features/known/, which is no output: see the script.
SHARDS = range(config["audio"]["shards"])


rule extract_features:
    """Describe the clips of one shard of the catalogue, decoding those that are not known yet."""
    input:
        catalogue=rules.list_tracks.output.catalogue,
        code=code("extract_features"),
    output:
        features="<results>/features/{shard}.parquet",
        rejected="<results>/features/{shard}.rejected.csv",
    log:
        "<logs>/extract_features_{shard}.log",
    benchmark:
        "<benchmarks>/extract_features_{shard}.tsv"
    wildcard_constraints:
        shard=r"\d+",
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        shards=len(SHARDS),
        clip_seconds=config["audio"]["clip_seconds"],
        min_seconds=config["audio"]["min_seconds"],
        decode_seconds=config["audio"]["decode_seconds"],
        decode_megabytes=config["audio"]["decode_megabytes"],
    script:
        "../scripts/extract_features.py"


rule gather_features:
    """Put the shards together, list what was rejected, and fail if that is too much."""
    input:
        catalogue=rules.list_tracks.output.catalogue,
        features=[
            rules.list_tracks.output.features,
            *expand(rules.extract_features.output.features, shard=SHARDS),
        ],
        rejected=[
            rules.list_tracks.output.unlisted,
            *expand(rules.extract_features.output.rejected, shard=SHARDS),
        ],
        code=code("gather_features"),
    output:
        features="<results>/features.parquet",
        rejected="<results>/rejected.csv",
    log:
        "<logs>/gather_features.log",
    benchmark:
        "<benchmarks>/gather_features.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        max_rejected=config["max_rejected"],
    script:
        "../scripts/gather_features.py"
