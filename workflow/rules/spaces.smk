# Features and embeddings -> spaces: blocks, transforms of spaces, and networks trained on them.
BLOCKS, TRANSFORMS, NETWORKS = (
    [name for name in plan.every if plan.family(name) == family]
    for family in ("blocks", "transforms", "networks")
)
FUSIONS = [name for name in NETWORKS if plan.is_fusion(name)]


use rule fetch_text_model as fetch_audio_model with:
    output:
        record="resources/audio_models/{model}.json",
    log:
        "<logs>/fetch_audio_model_{model}.log",
    benchmark:
        "<benchmarks>/fetch_audio_model_{model}.tsv"
    params:
        model=inputs.named_audio_model,
        instead="the space's model to a folder",


rule embed_clips:
    """Embed the clips of one shard of the catalogue that are not known yet, by an audio model."""
    input:
        catalogue=CATALOGUE,
        features=FEATURES,
        model=inputs.audio_model,
        code=code("embed_clips"),
    output:
        vectors=EMBEDDED,
    log:
        "<logs>/embed_clips_{space}_{shard}.log",
    benchmark:
        "<benchmarks>/embed_clips_{space}_{shard}.tsv"
    wildcard_constraints:
        space=one_of(plan.audio_models),
    conda:
        "../envs/hybridmusic.yaml"
    resources:
        gpu=1,
    params:
        **CLIP,
        shards=len(SHARDS),
        model=lambda wildcards: plan.audio_models[wildcards.space],
        digest=inputs.digest_of_model,
        layer=lambda wildcards: plan.every[wildcards.space].get("layer"),
    script:
        "../scripts/adapters/spaces/embed_clips.py"


rule build_block:
    """Build a block, a space made of features alone."""
    input:
        features=inputs.table("features"),
        sentences=inputs.table("sentences"),
        embeddings=inputs.table("embeddings"),
        descriptors=inputs.descriptors,
        vectors=inputs.vectors,
        clips=inputs.clips,
        code=code_of_space("build_block"),
    output:
        space=SPACE,
    log:
        "<logs>/build_block_{space}.log",
    benchmark:
        "<benchmarks>/build_block_{space}.tsv"
    wildcard_constraints:
        space=one_of(BLOCKS),
    priority: AHEAD["spaces"]
    conda:
        "../envs/hybridmusic.yaml"
    params:
        kind=lambda wildcards: plan.kind(wildcards.space),
        settings=inputs.settings,
        seed=config["seed"],
    script:
        "../scripts/adapters/spaces/build_block.py"


rule transform_space:
    """Make a space from one or several others, seed by seed."""
    input:
        spaces=inputs.parents,
        graph=inputs.graph_of_space,
        catalogue=inputs.catalogue_of_transform,
        code=code_of_space("transform_space"),
    output:
        space=SPACE,
    log:
        "<logs>/transform_space_{space}.log",
    benchmark:
        "<benchmarks>/transform_space_{space}.tsv"
    wildcard_constraints:
        space=one_of(TRANSFORMS),
    priority: AHEAD["spaces"]
    conda:
        "../envs/hybridmusic.yaml"
    params:
        kind=lambda wildcards: plan.kind(wildcards.space),
        level=lambda wildcards: plan.level_of_parents(wildcards.space),
        settings=inputs.settings,
        seeds=inputs.seeds,
        exact_up_to=inputs.exact_up_to,
    script:
        "../scripts/adapters/spaces/transform_space.py"


rule find_neighbours:
    """Find the nearest neighbours of every track of a space, once for all rules that need them."""
    input:
        space=inputs.space_of_graph,
        catalogue=inputs.catalogue_of_graph,
        code=code("find_neighbours"),
    output:
        neighbours=GRAPH,
    log:
        "<logs>/find_neighbours_{graph}.log",
    benchmark:
        "<benchmarks>/find_neighbours_{graph}.tsv"
    priority: AHEAD["spaces"]
    conda:
        "../envs/hybridmusic.yaml"
    params:
        metric=inputs.search("metric"),
        balance=inputs.search("balance"),
        level=inputs.search("level"),
        neighbours=inputs.search("neighbours"),
        exact_up_to=config["exact_up_to"],
    script:
        "../scripts/adapters/spaces/find_neighbours.py"


rule train_network:
    """Train a network for all seeds, and encode and reconstruct every track with it."""
    input:
        space=inputs.parents,
        graph=inputs.graph_of_space,
        catalogue=CATALOGUE,
        code=code_of_space("train_network"),
    output:
        space=SPACE,
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
    resources:
        gpu=1,
    params:
        kind=lambda wildcards: plan.kind(wildcards.space),
        settings=inputs.settings,
        parents=lambda wildcards: plan.parents(wildcards.space),
        seeds=plan.seeds,
        exact_up_to=inputs.exact_up_to,
    script:
        "../scripts/adapters/spaces/train_network.py"


use rule train_network as train_fusion with:
    output:
        **{name: str(path) for name, path in rules.train_network.output.items()},
        attention="<results>/models/{space}/attention.parquet",
    wildcard_constraints:
        space=one_of(FUSIONS),
