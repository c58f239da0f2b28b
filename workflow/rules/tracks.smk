# Sources -> catalogue: which clips there are, drawn and balanced.


rule synthesise_demo:
    """Synthesise the embedded corpus of the demo, with the factors that generated each clip."""
    input:
        code=code("synthesise_demo"),
    output:
        english=directory(SYNTHESISED["demo_english"]),
        bangla=directory(SYNTHESISED["demo_bangla"]),
        factors="resources/demo/factors.parquet",
    log:
        "<logs>/synthesise_demo.log",
    benchmark:
        "<benchmarks>/synthesise_demo.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        seed=42,
    script:
        "../scripts/adapters/tracks/synthesise_demo.py"


rule fetch_dataset:
    """Download a published data set and verify it; its record is written once it is whole."""
    input:
        code=code("fetch_dataset"),
    output:
        record="resources/{dataset}.json",
    log:
        "<logs>/fetch_dataset_{dataset}.log",
    benchmark:
        "<benchmarks>/fetch_dataset_{dataset}.tsv"
    localrule: True
    conda:
        "../envs/hybridmusic.yaml"
    script:
        "../scripts/adapters/tracks/fetch_dataset.py"


rule list_tracks:
    """List the clips of all sources, find duplicates, draw the sample, balance the languages."""
    input:
        datasets=inputs.datasets,
        code=code("list_tracks"),
    output:
        catalogue=CATALOGUE,
        duplicates="<results>/duplicates.csv",
        ignored="<results>/ignored.csv",
        features="<results>/features/tables.parquet",
        numbers="<results>/features/tables.numbers.parquet",
        unlisted="<results>/features/unlisted.rejected.csv",
    log:
        "<logs>/list_tracks.log",
    benchmark:
        "<benchmarks>/list_tracks.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        sources=inputs.sources,
        digests=inputs.digests,
        duplicates=config["duplicates"],
        balance=config["balance"],
        segments=config["audio"]["segments"],
        cut_from=config["audio"]["from"],
        clip_seconds=config["audio"]["clip_seconds"],
        decode_seconds=config["audio"]["decode_seconds"],
        decode_megabytes=config["audio"]["decode_megabytes"],
        seed=config["seed"],
    script:
        "../scripts/adapters/tracks/list_tracks.py"
