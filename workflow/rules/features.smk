# Catalogue -> features: every clip is decoded once, in a fixed number of shards.
# Descriptions are remembered in <results>/features/known/, which is no output: see the script.
SHARDS = range(config["audio"]["shards"])
# Sets of descriptors that clips have beside their features, from the same spectra.
ALSO = config["audio"]["also"]


rule extract_features:
    """Describe the clips of one shard of the catalogue, decoding those that are not known yet."""
    input:
        catalogue=rules.list_tracks.output.catalogue,
        code=code("extract_features", *modules_of_sets(ALSO)),
    output:
        descriptors=[f"<results>/features/{name}/{{shard}}.parquet" for name in ALSO],
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
        also=ALSO,
        clip_seconds=config["audio"]["clip_seconds"],
        min_seconds=config["audio"]["min_seconds"],
        decode_seconds=config["audio"]["decode_seconds"],
        decode_megabytes=config["audio"]["decode_megabytes"],
    script:
        "../scripts/adapters/features/extract_features.py"


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
        whole_languages=True,
    script:
        "../scripts/adapters/features/gather_features.py"


rule gather_descriptors:
    """Put the shards of one set of descriptors together, with the numbers of feature tables."""
    input:
        features=rules.gather_features.output.features,
        numbers=lambda wildcards: (
            [rules.list_tracks.output.numbers]
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
    wildcard_constraints:
        set=one_of(ALSO),
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    script:
        "../scripts/adapters/features/gather_descriptors.py"
