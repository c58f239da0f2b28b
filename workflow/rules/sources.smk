# Sources -> catalogue: which clips there are, drawn and balanced.


rule synthesise_demo:
    """Synthesise the embedded corpus of the demo, with the factors that generated each clip."""
    input:
        code=code("synthesise_demo"),
    output:
        english=directory("resources/demo/english"),
        bangla=directory("resources/demo/bangla"),
        factors="resources/demo/factors.parquet",
    log:
        "<logs>/synthesise_demo.log",
    benchmark:
        "<benchmarks>/synthesise_demo.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        seed=42,
    script:
        "../scripts/synthesise_demo.py"


rule list_tracks:
    """List the clips of all sources, draw the sample, and balance the languages."""
    input:
        datasets=[DATASETS[s["dataset"]] for s in config["sources"] if "dataset" in s],
        code=code("list_tracks"),
    output:
        catalogue="<results>/catalogue.parquet",
        features="<results>/features/tables.parquet",
        unlisted="<results>/features/unlisted.rejected.csv",
    log:
        "<logs>/list_tracks.log",
    benchmark:
        "<benchmarks>/list_tracks.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        sources=described_sources,
        digests=digests,
        balance=config["balance"],
        segments=config["audio"]["segments"],
        clip_seconds=config["audio"]["clip_seconds"],
        seed=config["seed"],
    script:
        "../scripts/list_tracks.py"
