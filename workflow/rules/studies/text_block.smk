# Sentences of this run and of others -> how much a text block can tell apart.
SENTENCES_OF = [*config["compare"], config["run"]]


rule tabulate_text_block:
    """Tabulate how many sentences the text block has, in this run and in others."""
    input:
        sentences=inputs.of_runs("compare", SENTENCES_OF, "sentences.parquet"),
        settings=inputs.of_runs("compare", SENTENCES_OF, "config.yaml"),
        code=code("tabulate_text_block"),
    output:
        **sheet("text_block", "Sentences of the text block"),
    log:
        "<logs>/tabulate_text_block.log",
    benchmark:
        "<benchmarks>/tabulate_text_block.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        runs=SENTENCES_OF,
    script:
        "../../scripts/adapters/tables/tabulate_text_block.py"
