# Tables, settings and sentences of this run and of others -> both side by side.
COMPARED = [*config["compare"], config["run"]]


rule tabulate_comparison:
    """Write this run beside others and beside the paper's own figures, in every form."""
    input:
        published=os.path.relpath(WORKFLOW / "published" / "table2.csv"),
        table2=of_runs("compare", COMPARED, "tables/table2.csv"),
        agreement=of_runs("compare", COMPARED, "tables/agreement.csv"),
        internal=of_runs("compare", COMPARED, "tables/internal.csv"),
        sentences=of_runs("compare", COMPARED, "sentences.parquet"),
        settings=of_runs("compare", COMPARED, "config.yaml"),
        code=code("tabulate_comparison"),
    output:
        csv="<results>/tables/comparison.csv",
        md="<results>/tables/comparison.md",
        tex="<results>/tables/comparison.tex",
        words="<results>/tables/comparison.json",
        html=report(
            "<results>/tables/comparison.html",
            caption="../report/comparison.rst",
            category="1 Tables",
            labels={"table": "Table 2 as printed and as computed"},
        ),
    log:
        "<logs>/tabulate_comparison.log",
    benchmark:
        "<benchmarks>/tabulate_comparison.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        runs=COMPARED,
    script:
        "../scripts/adapters/tables/tabulate_comparison.py"


rule tabulate_text_block:
    """Write how many sentences the text block holds, in this run and in others."""
    input:
        sentences=of_runs("compare", COMPARED, "sentences.parquet"),
        settings=of_runs("compare", COMPARED, "config.yaml"),
        code=code("tabulate_text_block"),
    output:
        csv="<results>/tables/text_block.csv",
        md="<results>/tables/text_block.md",
        tex="<results>/tables/text_block.tex",
        words="<results>/tables/text_block.json",
        html=report(
            "<results>/tables/text_block.html",
            caption="../report/text_block.rst",
            category="1 Tables",
            labels={"table": "What the text block is made of"},
        ),
    log:
        "<logs>/tabulate_text_block.log",
    benchmark:
        "<benchmarks>/tabulate_text_block.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        runs=COMPARED,
    script:
        "../scripts/adapters/tables/tabulate_text_block.py"
