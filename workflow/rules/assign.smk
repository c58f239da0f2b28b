# New songs -> their places in the spaces of a run that is done, and their clusters there.
# New tracks are described by the very rules that described the run's. Of the run nothing is made
# anew: its files are named by absolute paths, which are no rule's output, and stay as they are.
NEW = f"{RESULTS}/assign/{{name}}"


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
        sources=new_source,
        digests=lambda _: files.digest(ASSIGN["path"]),
        duplicates="keep",
        balance=False,


use rule extract_features as extract_new with:
    input:
        catalogue=rules.list_new.output.catalogue,
        code=code("extract_features", *modules_of_sets(ALSO)),
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
        corpus=of_run("features.parquet"),
        culture=f"{NEW}/descriptors/culture.parquet" if CULTURE else [],
        code=code("write_sentences"),
    output:
        sentences=f"{NEW}/sentences.parquet",
    log:
        "<logs>/write_new_sentences_{name}.log",
    benchmark:
        "<benchmarks>/write_new_sentences_{name}.tsv"


use rule embed_sentences as embed_new_sentences with:
    input:
        model=rules.fetch_text_model.output.record if ON_HUB else [],
        sentences=rules.write_new_sentences.output.sentences,
        code=code("embed_sentences"),
    output:
        embeddings=f"{NEW}/embeddings.parquet",
    log:
        "<logs>/embed_new_sentences_{name}.log",
    benchmark:
        "<benchmarks>/embed_new_sentences_{name}.tsv"


rule place_tracks:
    """Place new tracks in every space of the run that a method clusters, as the run made it."""
    input:
        catalogue=of_run("catalogue.parquet"),
        features=of_run("features.parquet"),
        sentences=of_run("sentences.parquet") if READ_FOR_PLACING["sentences"] else [],
        embeddings=of_run("embeddings.parquet") if READ_FOR_PLACING["embeddings"] else [],
        new_catalogue=rules.list_new.output.catalogue,
        new_features=rules.gather_new.output.features,
        new_sentences=(
            rules.write_new_sentences.output.sentences if READ_FOR_PLACING["sentences"] else []
        ),
        new_embeddings=(
            rules.embed_new_sentences.output.embeddings if READ_FOR_PLACING["embeddings"] else []
        ),
        descriptors=of_run(*(f"descriptors/{name}.parquet" for name in SETS_FOR_PLACING)),
        new_descriptors=expand(
            rules.gather_new_descriptors.output.descriptors,
            set=SETS_FOR_PLACING,
            allow_missing=True,
        ),
        spaces=of_run(*(f"spaces/{name}.parquet" for name in ORDERED)),
        weights=of_run(*(f"models/{name}/weights.safetensors" for name in ENCODERS)),
        settings=of_run(*(f"models/{name}/settings.json" for name in ENCODERS)),
        code=code_of_placing,
    output:
        placed=f"{NEW}/placed.parquet",
    log:
        "<logs>/place_tracks_{name}.log",
    benchmark:
        "<benchmarks>/place_tracks_{name}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        steps=steps_of_placing,
        encoders=ENCODERS,
        sets=SETS_FOR_PLACING,
    script:
        "../scripts/adapters/assign/place_tracks.py"


rule assign_tracks:
    """Tell of every new track its cluster, its nearest known tracks, and whether it lies outside."""
    input:
        catalogue=of_run("catalogue.parquet"),
        spaces=of_run(*(f"spaces/{name}.parquet" for name in ORDERED)),
        clusterings=of_run(*(f"clusterings/{name}.parquet" for name in METHODS)),
        new_catalogue=rules.list_new.output.catalogue,
        placed=rules.place_tracks.output.placed,
        moved=moved_centroids,
        code=code("assign_tracks", *CLUSTERERS),
    output:
        assigned=f"{NEW}.csv",
    log:
        "<logs>/assign_tracks_{name}.log",
    benchmark:
        "<benchmarks>/assign_tracks_{name}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        spaces=ORDERED,
        methods=list(METHODS),
        spaces_of=[method["space"] for method in config["methods"]],
        truths=[
            " ".join(configuration.truth(config, method["space"])) for method in config["methods"]
        ],
        clusterers=[method["clusterer"] for method in config["methods"]],
        settings=[
            json.dumps(settings_of_clusterer(method), sort_keys=True)
            for method in config["methods"]
        ],
        conditions=[condition_of_method(name) for name in METHODS],
        k=TABLE_K,
    script:
        "../scripts/adapters/assign/assign_tracks.py"


rule update_centroids:
    """Move the centroids of the run, or of an earlier batch, by the new tracks; tell how far."""
    input:
        spaces=of_run(*(f"spaces/{name}.parquet" for name in ORDERED)),
        clusterings=of_run(*(f"clusterings/{name}.parquet" for name in METHODS)),
        placed=rules.place_tracks.output.placed,
        moved=moved_centroids,
        code=code("update_centroids", *CLUSTERERS),
    output:
        centroids=f"{NEW}.centroids.parquet",
        drift=f"{NEW}.drift.csv",
    log:
        "<logs>/update_centroids_{name}.log",
    benchmark:
        "<benchmarks>/update_centroids_{name}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        spaces=ORDERED,
        methods=list(METHODS),
        spaces_of=[method["space"] for method in config["methods"]],
        clusterers=[method["clusterer"] for method in config["methods"]],
        k=TABLE_K,
    script:
        "../scripts/adapters/assign/update_centroids.py"


rule join_run:
    """Put the run's tracks and the new ones into one collection, for a page that shows both."""
    input:
        catalogue=of_run("catalogue.parquet"),
        features=of_run("features.parquet"),
        sentences=of_run("sentences.parquet"),
        spaces=of_run(*(f"spaces/{name}.parquet" for name in ORDERED)),
        clusterings=of_run(*(f"clusterings/{name}.parquet" for name in METHODS)),
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
        spaces=[f"{NEW}/joined/spaces/{name}.parquet" for name in ORDERED],
        clusterings=[f"{NEW}/joined/clusterings/{name}.parquet" for name in METHODS],
    log:
        "<logs>/join_run_{name}.log",
    benchmark:
        "<benchmarks>/join_run_{name}.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        spaces=ORDERED,
        methods=list(METHODS),
        k=TABLE_K,
    script:
        "../scripts/adapters/assign/join_run.py"


use rule measure_maps as measure_new_maps with:
    input:
        spaces=[f"{NEW}/joined/spaces/{name}.parquet" for name in SPACES],
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
        spaces=[f"{NEW}/joined/spaces/{name}.parquet" for name in SPACES],
        measures=of_run("spaces.parquet"),
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
