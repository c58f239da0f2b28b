# Features -> sentences -> embeddings.


rule write_sentences:
    """Write the sentence of every track from its features."""
    input:
        features=rules.gather_features.output.features,
        catalogue=rules.list_tracks.output.catalogue,
        culture=CULTURE,
        code=code("write_sentences"),
    output:
        sentences="<results>/sentences.parquet",
    log:
        "<logs>/write_sentences.log",
    benchmark:
        "<benchmarks>/write_sentences.tsv"
    priority: AHEAD["sentences"]
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        thresholds=config["text"]["thresholds"],
        wording=config["text"]["wording"],
        descriptors=config["text"]["descriptors"],
    script:
        "../scripts/adapters/text/write_sentences.py"


rule fetch_text_model:
    """Download the text model and verify it, so that what follows needs no network."""
    input:
        code=code("fetch_text_model"),
    output:
        record=FETCHED_MODEL,
    log:
        "<logs>/fetch_text_model.log",
    benchmark:
        "<benchmarks>/fetch_text_model.tsv"
    localrule: True
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        model=TEXT_MODEL,
        instead="text.model to a folder or to 'bundled'",
    script:
        "../scripts/adapters/text/fetch_text_model.py"


rule embed_sentences:
    """Embed every distinct sentence once."""
    input:
        model=rules.fetch_text_model.output.record if ON_HUB else [],
        sentences=rules.write_sentences.output.sentences,
        code=code("embed_sentences"),
    output:
        embeddings="<results>/embeddings.parquet",
    log:
        "<logs>/embed_sentences.log",
    benchmark:
        "<benchmarks>/embed_sentences.tsv"
    priority: AHEAD["sentences"]
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        model=TEXT_MODEL,
    script:
        "../scripts/adapters/text/embed_sentences.py"
