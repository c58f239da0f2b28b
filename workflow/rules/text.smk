# Features -> sentences -> embeddings.


rule write_sentences:
    """Write the sentence of every track from its features."""
    input:
        features=FEATURES,
        catalogue=CATALOGUE,
        culture=inputs.culture,
        code=code("write_sentences"),
    output:
        sentences=SENTENCES,
    log:
        "<logs>/write_sentences.log",
    benchmark:
        "<benchmarks>/write_sentences.tsv"
    priority: AHEAD["sentences"]
    conda:
        "../envs/hybridmusic.yaml"
    params:
        thresholds=config["text"]["thresholds"],
        wording=config["text"]["wording"],
        descriptors=config["text"]["descriptors"],
    script:
        "../scripts/adapters/text/write_sentences.py"


rule fetch_text_model:
    """Download the text model and verify it, so that later rules need no network."""
    input:
        code=code("fetch_text_model"),
    output:
        record=(inputs.text_model_record or ["resources/text_models/none.json"])[0],
    log:
        "<logs>/fetch_text_model.log",
    benchmark:
        "<benchmarks>/fetch_text_model.tsv"
    localrule: True
    conda:
        "../envs/hybridmusic.yaml"
    params:
        model=config["text"]["model"],
        instead="text.model to a folder or to 'bundled'",
    script:
        "../scripts/adapters/text/fetch_text_model.py"


rule embed_sentences:
    """Embed every distinct sentence once."""
    input:
        model=inputs.text_model_record,
        sentences=SENTENCES,
        code=code("embed_sentences"),
    output:
        embeddings=EMBEDDINGS,
    log:
        "<logs>/embed_sentences.log",
    benchmark:
        "<benchmarks>/embed_sentences.tsv"
    priority: AHEAD["sentences"]
    conda:
        "../envs/hybridmusic.yaml"
    params:
        model=config["text"]["model"],
    script:
        "../scripts/adapters/text/embed_sentences.py"
