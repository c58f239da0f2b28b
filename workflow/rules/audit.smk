# What may mislead: words that go with genre, labels in what should not tell them, equal tracks.
rule tabulate_associations:
    """Write whether the words of the sentences go together with genre and with language."""
    input:
        sentences=rules.write_sentences.output.sentences,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("tabulate_associations"),
    output:
        csv="<results>/tables/associations.csv",
        md="<results>/tables/associations.md",
        tex="<results>/tables/associations.tex",
        html=report(
            "<results>/tables/associations.html",
            caption="../report/associations.rst",
            category="1 Tables",
            labels={"table": "Words against genre and language"},
        ),
    log:
        "<logs>/tabulate_associations.log",
    benchmark:
        "<benchmarks>/tabulate_associations.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        permutations=config["statistics"]["permutations"],
        seed=config["seed"],
    script:
        "../scripts/tabulate_associations.py"
