# New songs -> their places in the spaces of a run that is done, and their clusters there.
# New tracks are described by the rules that described the run's. Nothing of the run is made again:
# its files are named by absolute paths, which are no rule's output.
ASSIGN = config["assign"]
NEW = "<results>/assign/{name}"
# The run's spaces and clusterings that songs are placed in.
RUN = {
    "spaces": placing.of_run(*(f"spaces/{name}.parquet" for name in placing.spaces)),
    "clusterings": placing.of_run(*(f"clusterings/{name}.parquet" for name in plan.methods)),
}


use rule list_tracks as list_new with:
    input:
        code=code("list_tracks"),
    output:
        catalogue=f"{NEW}/catalogue.parquet",
        duplicates=f"{NEW}/duplicates.csv",
        features=f"{NEW}/features/tables.parquet",
        numbers=f"{NEW}/features/tables.numbers.parquet",
        unlisted=f"{NEW}/features/unlisted.rejected.csv",
    log:
        "<logs>/list_new_{name}.log",
    benchmark:
        "<benchmarks>/list_new_{name}.tsv"
    wildcard_constraints:
        name=one_of([ASSIGN["name"]]),
    params:
        sources=placing.source,
        digests=lambda _: files.digest(ASSIGN["path"]),
        duplicates="keep",
        balance=False,


use rule extract_features as extract_new with:
    input:
        catalogue=rules.list_new.output.catalogue,
        code=code("extract_features", *SETS),
    output:
        descriptors=[f"{NEW}/features/{name}/{{shard}}.parquet" for name in ALSO],
        features=f"{NEW}/features/{{shard}}.parquet",
        rejected=f"{NEW}/features/{{shard}}.rejected.csv",
    log:
        "<logs>/extract_new_{name}_{shard}.log",
    benchmark:
        "<benchmarks>/extract_new_{name}_{shard}.tsv"


use rule gather_features as gather_new with:
    input:
        catalogue=rules.list_new.output.catalogue,
        features=[
            rules.list_new.output.features,
            *expand(rules.extract_new.output.features, shard=SHARDS, allow_missing=True),
        ],
        rejected=[
            rules.list_new.output.unlisted,
            *expand(rules.extract_new.output.rejected, shard=SHARDS, allow_missing=True),
        ],
        code=code("gather_features"),
    output:
        features=f"{NEW}/features.parquet",
        rejected=f"{NEW}.rejected.csv",
    log:
        "<logs>/gather_new_{name}.log",
    benchmark:
        "<benchmarks>/gather_new_{name}.tsv"
    params:
        max_rejected=1,
        whole_languages=False,


use rule gather_descriptors as gather_new_descriptors with:
    input:
        features=rules.gather_new.output.features,
        numbers=lambda wildcards: (
            expand(rules.list_new.output.numbers, name=wildcards.name)
            if kinds.declared("descriptors", wildcards.set, "TABLES")
            else []
        ),
        shards=expand(f"{NEW}/features/{{set}}/{{shard}}.parquet", shard=SHARDS, allow_missing=True),
        code=code("gather_descriptors"),
    output:
        descriptors=f"{NEW}/descriptors/{{set}}.parquet",
    log:
        "<logs>/gather_new_descriptors_{name}_{set}.log",
    benchmark:
        "<benchmarks>/gather_new_descriptors_{name}_{set}.tsv"


use rule write_sentences as write_new_sentences with:
    input:
        features=rules.gather_new.output.features,
        catalogue=rules.list_new.output.catalogue,
        corpus=placing.of_run("features.parquet"),
        culture=f"{NEW}/descriptors/culture.parquet" if inputs.culture else [],
        code=code("write_sentences"),
    output:
        sentences=f"{NEW}/sentences.parquet",
    log:
        "<logs>/write_new_sentences_{name}.log",
    benchmark:
        "<benchmarks>/write_new_sentences_{name}.tsv"


use rule embed_sentences as embed_new_sentences with:
    input:
        model=inputs.text_model_record,
        sentences=rules.write_new_sentences.output.sentences,
        code=code("embed_sentences"),
    output:
        embeddings=f"{NEW}/embeddings.parquet",
    log:
        "<logs>/embed_new_sentences_{name}.log",
    benchmark:
        "<benchmarks>/embed_new_sentences_{name}.tsv"


# Tables that some block is made of, of the run and of the new tracks.
TEXT = {
    name: (
        {"run": placing.of_run(f"{name}.parquet"), "new": f"{NEW}/{name}.parquet"}
        if placing.reads(name)
        else {"run": [], "new": []}
    )
    for name in ("sentences", "embeddings")
}


rule place_tracks:
    """Place new tracks in every space of the run that a method clusters, as the run made it."""
    input:
        catalogue=placing.of_run("catalogue.parquet"),
        features=placing.of_run("features.parquet"),
        sentences=TEXT["sentences"]["run"],
        embeddings=TEXT["embeddings"]["run"],
        new_catalogue=rules.list_new.output.catalogue,
        new_features=rules.gather_new.output.features,
        new_sentences=TEXT["sentences"]["new"],
        new_embeddings=TEXT["embeddings"]["new"],
        descriptors=placing.of_run(*(f"descriptors/{name}.parquet" for name in placing.sets)),
        new_descriptors=expand(
            rules.gather_new_descriptors.output.descriptors, set=placing.sets, allow_missing=True
        ),
        spaces=RUN["spaces"],
        weights=placing.of_run(*(f"models/{n}/weights.safetensors" for n in placing.networks)),
        settings=placing.of_run(*(f"models/{n}/settings.json" for n in placing.networks)),
        code=code("place_tracks", *placing.modules()),
    output:
        placed=f"{NEW}/placed.parquet",
    log:
        "<logs>/place_tracks_{name}.log",
    benchmark:
        "<benchmarks>/place_tracks_{name}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        steps=placing.steps,
        encoders=placing.networks,
        sets=placing.sets,
    script:
        "../scripts/adapters/assign/place_tracks.py"


rule assign_tracks:
    """Assign every new track to a cluster, with its nearest known tracks and whether it is far."""
    input:
        **RUN,
        catalogue=placing.of_run("catalogue.parquet"),
        new_catalogue=rules.list_new.output.catalogue,
        placed=rules.place_tracks.output.placed,
        moved=placing.moved_centroids,
        code=code("assign_tracks", *placing.clusterers),
    output:
        assigned=f"{NEW}.csv",
    log:
        "<logs>/assign_tracks_{name}.log",
    benchmark:
        "<benchmarks>/assign_tracks_{name}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_methods("spaces_of", "clusterers", "conditions"),
        spaces=placing.spaces,
        truths=placing.truths(),
        settings=[line(plan.settings_of_method(name)) for name in plan.methods],
        k=plan.k,
    script:
        "../scripts/adapters/assign/assign_tracks.py"


rule update_centroids:
    """Move the centroids of the run, or of an earlier batch, by the new tracks; say how far."""
    input:
        **RUN,
        placed=rules.place_tracks.output.placed,
        moved=placing.moved_centroids,
        code=code("update_centroids", *placing.clusterers),
    output:
        centroids=f"{NEW}.centroids.parquet",
        drift=f"{NEW}.drift.csv",
    log:
        "<logs>/update_centroids_{name}.log",
    benchmark:
        "<benchmarks>/update_centroids_{name}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_methods("spaces_of", "clusterers"),
        spaces=placing.spaces,
        k=plan.k,
    script:
        "../scripts/adapters/assign/update_centroids.py"


rule join_run:
    """Join the run's tracks and the new ones to one collection, for a page that shows both."""
    input:
        **RUN,
        catalogue=placing.of_run("catalogue.parquet"),
        features=placing.of_run("features.parquet"),
        sentences=placing.of_run("sentences.parquet"),
        new_catalogue=rules.list_new.output.catalogue,
        new_features=rules.gather_new.output.features,
        new_sentences=rules.write_new_sentences.output.sentences,
        placed=rules.place_tracks.output.placed,
        assigned=rules.assign_tracks.output.assigned,
        code=code("join_run"),
    output:
        catalogue=f"{NEW}/joined/catalogue.parquet",
        features=f"{NEW}/joined/features.parquet",
        sentences=f"{NEW}/joined/sentences.parquet",
        spaces=[f"{NEW}/joined/spaces/{name}.parquet" for name in placing.spaces],
        clusterings=[f"{NEW}/joined/clusterings/{name}.parquet" for name in plan.methods],
    log:
        "<logs>/join_run_{name}.log",
    benchmark:
        "<benchmarks>/join_run_{name}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_methods(),
        spaces=placing.spaces,
        k=plan.k,
    script:
        "../scripts/adapters/assign/join_run.py"


use rule measure_maps as measure_new_maps with:
    input:
        spaces=[f"{NEW}/joined/spaces/{name}.parquet" for name in plan.spaces],
        code=code("measure_maps"),
    output:
        maps=f"{NEW}/joined/maps.parquet",
    log:
        "<logs>/measure_new_maps_{name}.log",
    benchmark:
        "<benchmarks>/measure_new_maps_{name}.tsv"


use rule encode_clips as encode_new_clips with:
    input:
        catalogue=rules.join_run.output.catalogue,
        features=rules.join_run.output.features,
        code=code("encode_clips"),
    output:
        folder=directory(f"{NEW}/clips/{{shard}}"),
    log:
        "<logs>/encode_new_clips_{name}_{shard}.log",
    benchmark:
        "<benchmarks>/encode_new_clips_{name}_{shard}.tsv"


use rule build_explorer as build_new_explorer with:
    input:
        catalogue=rules.join_run.output.catalogue,
        features=rules.join_run.output.features,
        sentences=rules.join_run.output.sentences,
        spaces=rules.measure_new_maps.input.spaces,
        measures=placing.of_run("spaces.parquet"),
        maps=rules.measure_new_maps.output.maps,
        clusterings=rules.join_run.output.clusterings,
        clips=(
            expand(rules.encode_new_clips.output.folder, shard=SHARDS, allow_missing=True)
            if EXPLORER["audio"]
            else []
        ),
        page=PAGE,
        code=code("build_explorer"),
    output:
        [f"{NEW}/{Path(path).name}" for path in PAGE[1:]],
        page=f"{NEW}/index.html",
        data=f"{NEW}/data.js",
        library=f"{NEW}/plotly.min.js",
    log:
        "<logs>/build_new_explorer_{name}.log",
    benchmark:
        "<benchmarks>/build_new_explorer_{name}.tsv"
    params:
        label_columns=["source", "genre", "language"],
