# Features -> sentences -> embeddings.


rule write_sentences:
    """Write the sentence of every track from its features."""
    input:
        features=rules.gather_features.output.features,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("write_sentences"),
    output:
        sentences="<results>/sentences.parquet",
    log:
        "<logs>/write_sentences.log",
    benchmark:
        "<benchmarks>/write_sentences.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        thresholds=config["text"]["thresholds"],
        wording=config["text"]["wording"],
    script:
        "../scripts/write_sentences.py"


rule embed_sentences:
    """Embed every distinct sentence once."""
    input:
        sentences=rules.write_sentences.output.sentences,
        code=code("embed_sentences"),
    output:
        embeddings="<results>/embeddings.parquet",
    log:
        "<logs>/embed_sentences.log",
    benchmark:
        "<benchmarks>/embed_sentences.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        model=config["text"]["model"],
    script:
        "../scripts/embed_sentences.py"
