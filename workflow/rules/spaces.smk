# Features and embeddings -> spaces: blocks, transforms of spaces, and networks trained on them.
rule build_block:
    """Build a block, a space made of features alone."""
    input:
        features=table_for_block("features"),
        sentences=table_for_block("sentences"),
        embeddings=table_for_block("embeddings"),
        descriptors=descriptors_for_block,
        vectors=vectors_for_block,
        clips=clips_for_block,
        code=code_of_space("build_block", "blocks"),
    output:
        space="<results>/spaces/{space}.parquet",
    log:
        "<logs>/build_block_{space}.log",
    benchmark:
        "<benchmarks>/build_block_{space}.tsv"
    wildcard_constraints:
        space=one_of(BLOCKS),
    priority: AHEAD["spaces"]
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        kind=kind_of,
        settings=settings_of_space,
        seed=config["seed"],
    script:
        "../scripts/adapters/spaces/build_block.py"


rule transform_space:
    """Make a space from one or several others, seed by seed."""
    input:
        spaces=parents_of,
        graph=graph_for_space,
        catalogue=catalogue_for_transform,
        code=code_of_space("transform_space", "transforms"),
    output:
        space="<results>/spaces/{space}.parquet",
    log:
        "<logs>/transform_space_{space}.log",
    benchmark:
        "<benchmarks>/transform_space_{space}.tsv"
    wildcard_constraints:
        space=one_of(TRANSFORMS),
    priority: AHEAD["spaces"]
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        kind=kind_of,
        level=lambda wildcards: level_of_parents(wildcards.space),
        settings=settings_of_space,
        seeds=lambda wildcards: SEEDS if wildcards.space in REPEATED else SEEDS[:1],
        exact_up_to=config["exact_up_to"],
    script:
        "../scripts/adapters/spaces/transform_space.py"


rule find_neighbours:
    """Find the nearest neighbours of every track of a space, once for all that need them."""
    input:
        space=lambda wildcards: path_of_space(GRAPHS[wildcards.graph][0].space),
        catalogue=catalogue_for_graph,
        code=code("find_neighbours"),
    output:
        neighbours=GRAPH,
    log:
        "<logs>/find_neighbours_{graph}.log",
    benchmark:
        "<benchmarks>/find_neighbours_{graph}.tsv"
    wildcard_constraints:
        graph=one_of(GRAPHS),
    priority: AHEAD["spaces"]
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        metric=lambda wildcards: GRAPHS[wildcards.graph][0].metric,
        balance=lambda wildcards: GRAPHS[wildcards.graph][0].balance,
        level=lambda wildcards: level_of_graph(wildcards.graph),
        neighbours=lambda wildcards: GRAPHS[wildcards.graph][1],
        exact_up_to=config["exact_up_to"],
    script:
        "../scripts/adapters/spaces/find_neighbours.py"


rule train_network:
    """Train a network for all seeds, and encode and reconstruct every track with it."""
    input:
        space=parents_of,
        graph=graph_for_space,
        catalogue=rules.list_tracks.output.catalogue,
        code=code_of_space("train_network", "networks"),
    output:
        space="<results>/spaces/{space}.parquet",
        weights="<results>/models/{space}/weights.safetensors",
        settings="<results>/models/{space}/settings.json",
        history="<results>/models/{space}/history.parquet",
        reconstructions="<results>/models/{space}/reconstructions.parquet",
    log:
        "<logs>/train_network_{space}.log",
    benchmark:
        "<benchmarks>/train_network_{space}.tsv"
    wildcard_constraints:
        space=one_of([name for name in NETWORKS if name not in FUSIONS]),
    priority: AHEAD["spaces"]
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    resources:
        gpu=1,
    params:
        kind=kind_of,
        settings=settings_of_space,
        parents=lambda wildcards: configuration.parents(config, wildcards.space),
        seeds=SEEDS,
        exact_up_to=config["exact_up_to"],
    script:
        "../scripts/adapters/spaces/train_network.py"


use rule train_network as train_fusion with:
    output:
        space="<results>/spaces/{space}.parquet",
        weights="<results>/models/{space}/weights.safetensors",
        settings="<results>/models/{space}/settings.json",
        history="<results>/models/{space}/history.parquet",
        reconstructions="<results>/models/{space}/reconstructions.parquet",
        attention="<results>/models/{space}/attention.parquet",
    wildcard_constraints:
        space=one_of(FUSIONS),


rule hold_out_songs:
    """Train a network without a fifth of the songs, and measure how it reconstructs them."""
    input:
        space=parents_of,
        catalogue=rules.list_tracks.output.catalogue,
        code=code_of_space("hold_out_songs", "networks"),
    output:
        table="<results>/models/{space}/held_out.parquet",
    log:
        "<logs>/hold_out_songs_{space}.log",
    benchmark:
        "<benchmarks>/hold_out_songs_{space}.tsv"
    wildcard_constraints:
        space=one_of(NETWORKS),
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    resources:
        gpu=1,
    params:
        kind=kind_of,
        settings=settings_of_space,
        seeds=SEEDS,
        exact_up_to=config["exact_up_to"],
        share=0.2,
    script:
        "../scripts/adapters/spaces/hold_out_songs.py"
