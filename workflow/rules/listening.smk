# Catalogue -> embeddings of clips by audio models that somebody else has trained.
use rule fetch_text_model as fetch_audio_model with:
    output:
        record="resources/audio_models/{model}.json",
    log:
        "<logs>/fetch_audio_model_{model}.log",
    benchmark:
        "<benchmarks>/fetch_audio_model_{model}.tsv"
    params:
        model=lambda wildcards: next(
            m for m in AUDIO_MODELS.values() if configuration.slug(m) == wildcards.model
        ),
        instead="the space's model to a folder",


rule embed_clips:
    """Embed the clips of one shard of the catalogue that are not known yet."""
    input:
        catalogue=rules.list_tracks.output.catalogue,
        features=rules.gather_features.output.features,
        model=record_for_listening,
        code=code("embed_clips"),
    output:
        vectors=EMBEDDED,
    log:
        "<logs>/embed_clips_{space}_{shard}.log",
    benchmark:
        "<benchmarks>/embed_clips_{space}_{shard}.tsv"
    wildcard_constraints:
        space=one_of(AUDIO_MODELS),
        shard=r"\d+",
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    resources:
        gpu=1,
    params:
        shards=len(SHARDS),
        model=lambda wildcards: AUDIO_MODELS[wildcards.space],
        # A folder as input would not tell of new weights.
        digest=lambda wildcards: files.digest(AUDIO_MODELS[wildcards.space]),
        layer=lambda wildcards: SPACES[wildcards.space].get("layer"),
        clip_seconds=config["audio"]["clip_seconds"],
        min_seconds=config["audio"]["min_seconds"],
        decode_seconds=config["audio"]["decode_seconds"],
        decode_megabytes=config["audio"]["decode_megabytes"],
    script:
        "../scripts/adapters/spaces/embed_clips.py"
