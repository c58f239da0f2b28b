# New songs -> their places in the spaces of a run that is done, and their clusters there.
# New tracks are described by the rules that described the run's, in folders of their own. Nothing of
# the run is made again: its files are named by absolute paths, which are no rule's output.
ASSIGN = config["assign"]
FOLDERS = {
    "results": f"{plan.results}/assign/{ASSIGN['name']}",
    "logs": f"{plan.results}/logs/assign/{ASSIGN['name']}",
    "benchmarks": f"{plan.results}/benchmarks/assign/{ASSIGN['name']}",
}
JOINED = FOLDERS | {"results": f"{FOLDERS['results']}/joined"}
NEW = FOLDERS["results"]
# What of the run and of the new songs is read, by whatever joins or compares them.
TABLES_OF_RUN = {
    name: placing.of_run(f"{name}.parquet") for name in ("catalogue", "features", "sentences")
}
SPACES_OF_RUN = placing.of_run(*(f"spaces/{name}.parquet" for name in placing.spaces))
CLUSTERINGS_OF_RUN = placing.of_run(*(f"clusterings/{name}.parquet" for name in plan.methods))


use rule list_tracks as list_new with:
    input:
        code=code("list_tracks"),
    pathvars:
        **FOLDERS,
    params:
        sources=placing.source,
        digests=lambda _: files.digest(ASSIGN["path"]),
        duplicates="keep",
        balance=False,


use rule extract_features as extract_new with:
    pathvars:
        **FOLDERS,


use rule gather_features as gather_new with:
    output:
        features=FEATURES,
        rejected=f"{NEW}.rejected.csv",
    pathvars:
        **FOLDERS,
    params:
        max_rejected=1,
        whole_languages=False,


use rule gather_descriptors as gather_new_descriptors with:
    pathvars:
        **FOLDERS,


use rule write_sentences as write_new_sentences with:
    input:
        features=FEATURES,
        catalogue=CATALOGUE,
        corpus=placing.of_run("features.parquet"),
        culture=inputs.culture,
        code=code("write_sentences"),
    pathvars:
        **FOLDERS,


use rule embed_sentences as embed_new_sentences with:
    pathvars:
        **FOLDERS,


rule place_tracks:
    """Place new tracks in every space of the run that a method clusters, as the run made it."""
    input:
        **placing.tables(),
        catalogue=placing.of_run("catalogue.parquet"),
        features=placing.of_run("features.parquet"),
        new_catalogue=CATALOGUE,
        new_features=FEATURES,
        descriptors=placing.of_run(*(f"descriptors/{name}.parquet" for name in placing.sets)),
        new_descriptors=expand(DESCRIPTORS, set=placing.sets),
        spaces=SPACES_OF_RUN,
        weights=placing.of_run(*(f"models/{n}/weights.safetensors" for n in placing.networks)),
        settings=placing.of_run(*(f"models/{n}/settings.json" for n in placing.networks)),
        code=code("place_tracks", *placing.modules()),
    output:
        placed="<results>/placed.parquet",
    log:
        "<logs>/place_tracks.log",
    benchmark:
        "<benchmarks>/place_tracks.tsv"
    pathvars:
        **FOLDERS,
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
        catalogue=placing.of_run("catalogue.parquet"),
        spaces=SPACES_OF_RUN,
        clusterings=CLUSTERINGS_OF_RUN,
        new_catalogue=CATALOGUE,
        placed="<results>/placed.parquet",
        moved=placing.moved_centroids,
        code=code("assign_tracks", *placing.clusterers),
    output:
        assigned=f"{NEW}.csv",
    log:
        "<logs>/assign_tracks.log",
    benchmark:
        "<benchmarks>/assign_tracks.tsv"
    pathvars:
        **FOLDERS,
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
        spaces=SPACES_OF_RUN,
        clusterings=CLUSTERINGS_OF_RUN,
        placed="<results>/placed.parquet",
        moved=placing.moved_centroids,
        code=code("update_centroids", *placing.clusterers),
    output:
        centroids=f"{NEW}.centroids.parquet",
        drift=f"{NEW}.drift.csv",
    log:
        "<logs>/update_centroids.log",
    benchmark:
        "<benchmarks>/update_centroids.tsv"
    pathvars:
        **FOLDERS,
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
        **TABLES_OF_RUN,
        spaces=SPACES_OF_RUN,
        clusterings=CLUSTERINGS_OF_RUN,
        new_catalogue=CATALOGUE,
        new_features=FEATURES,
        new_sentences=SENTENCES,
        placed="<results>/placed.parquet",
        assigned=f"{NEW}.csv",
        code=code("join_run"),
    output:
        **{name: f"<results>/joined/{name}.parquet" for name in TABLES_OF_RUN},
        spaces=[f"<results>/joined/spaces/{name}.parquet" for name in placing.spaces],
        clusterings=[f"<results>/joined/clusterings/{name}.parquet" for name in plan.methods],
    log:
        "<logs>/join_run.log",
    benchmark:
        "<benchmarks>/join_run.tsv"
    pathvars:
        **FOLDERS,
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_methods(),
        spaces=placing.spaces,
        k=plan.k,
    script:
        "../scripts/adapters/assign/join_run.py"


use rule measure_maps as measure_new_maps with:
    pathvars:
        **JOINED,


use rule encode_clips as encode_new_clips with:
    output:
        folder=directory(f"{NEW}/clips/{{shard}}"),
    pathvars:
        **JOINED,


use rule build_explorer as build_new_explorer with:
    input:
        **{name: f"<results>/{name}.parquet" for name in (*TABLES_OF_RUN, "maps")},
        spaces=expand(SPACE, space=plan.spaces),
        measures=placing.of_run("spaces.parquet"),
        clusterings=CLUSTERINGS,
        clips=expand(f"{NEW}/clips/{{shard}}", shard=SHARDS) if EXPLORER["audio"] else [],
        page=rules.build_explorer.input.page,
        code=code("build_explorer"),
    output:
        [f"{NEW}/{path.name}" for path in PAGE if path.suffix != ".html"],
        page=f"{NEW}/index.html",
        data=f"{NEW}/data.js",
        library=f"{NEW}/plotly.min.js",
    pathvars:
        **JOINED,
    params:
        label_columns=["source", "genre", "language"],
