# Spaces, clusterings and sound -> a page to see and hear the tracks, opened from disk.
EXPLORER = config["explorer"]
CLIPS = "<results>/explorer/clips/{shard}"
PAGE = sorted((WORKFLOW / "explorer").glob("[!.]*"))


rule encode_clips:
    """Encode the clips of one shard to listen to, within the bound on all of them."""
    input:
        catalogue=CATALOGUE,
        features=FEATURES,
        code=code("encode_clips"),
    output:
        folder=directory(CLIPS),
    log:
        "<logs>/encode_clips_{shard}.log",
    benchmark:
        "<benchmarks>/encode_clips_{shard}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **CLIP,
        shards=len(SHARDS),
        bitrate=EXPLORER["bitrate"],
        megabytes=EXPLORER["megabytes"],
    script:
        "../scripts/adapters/explorer/encode_clips.py"


rule measure_maps:
    """Find each track's true neighbours behind every map, and the trustworthiness of the map."""
    input:
        spaces=expand(SPACE, space=plan.spaces),
        code=code("measure_maps"),
    output:
        maps="<results>/maps.parquet",
    log:
        "<logs>/measure_maps.log",
    benchmark:
        "<benchmarks>/measure_maps.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_spaces("parents"),
    script:
        "../scripts/adapters/explorer/measure_maps.py"


rule build_explorer:
    """Build the page that shows and plays the tracks."""
    input:
        catalogue=CATALOGUE,
        features=FEATURES,
        sentences=SENTENCES,
        spaces=expand(SPACE, space=plan.spaces),
        measures=MEASURES,
        maps="<results>/maps.parquet",
        clusterings=CLUSTERINGS,
        clips=expand(CLIPS, shard=SHARDS) if EXPLORER["audio"] else [],
        page=[local(os.path.relpath(path)) for path in PAGE],
        code=code("build_explorer"),
    output:
        [f"<results>/explorer/{path.name}" for path in PAGE if path.suffix != ".html"],
        page="<results>/explorer/index.html",
        data="<results>/explorer/data.js",
        library="<results>/explorer/plotly.min.js",
    log:
        "<logs>/build_explorer.log",
    benchmark:
        "<benchmarks>/build_explorer.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_spaces("parents", "conditions"),
        **plan.of_methods("labels", "spaces_of"),
        run=config["run"],
        label_columns=["genre", "language"],
    script:
        "../scripts/adapters/explorer/build_explorer.py"
