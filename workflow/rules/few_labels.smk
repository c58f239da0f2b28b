# A space and the genres of few songs -> what a VAE makes of them -> its table and figure.
FEW_LABELS = config["few_labels"]


rule learn_from_few_labels:
    """Train a VAE with the genres of few songs, for every share of them, and score it on others."""
    input:
        space=[path_of_space(FEW_LABELS["space"])] if FEW_LABELS["space"] else [],
        catalogue=rules.list_tracks.output.catalogue,
        code=code("learn_from_few_labels", "hybridmusic.networks.semi_supervised_vae"),
    output:
        scores="<results>/few_labels.parquet",
    log:
        "<logs>/learn_from_few_labels.log",
    benchmark:
        "<benchmarks>/learn_from_few_labels.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    resources:
        gpu=1,
    params:
        kind="semi_supervised_vae",
        settings=settings_of_few_labels,
        shares=FEW_LABELS["shares"],
        seeds=SEEDS,
        exact_up_to=config["exact_up_to"],
        held_out=0.2,
        resamples=config["statistics"]["resamples"],
    script:
        "../scripts/adapters/studies/learn_from_few_labels.py"


rule tabulate_few_labels:
    """Write what is learned from few labels, in every form."""
    input:
        scores=rules.learn_from_few_labels.output.scores,
        code=code("tabulate_few_labels"),
    output:
        csv="<results>/tables/few_labels.csv",
        md="<results>/tables/few_labels.md",
        tex="<results>/tables/few_labels.tex",
        words="<results>/tables/few_labels.json",
        html=report(
            "<results>/tables/few_labels.html",
            caption="../report/few_labels_table.rst",
            category="1 Tables",
            labels={"table": "Learning from few labels"},
        ),
    log:
        "<logs>/tabulate_few_labels.log",
    benchmark:
        "<benchmarks>/tabulate_few_labels.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    script:
        "../scripts/adapters/tables/tabulate_few_labels.py"


rule draw_few_labels:
    """Draw what is learned from few labels."""
    input:
        scores=rules.learn_from_few_labels.output.scores,
        code=code("draw_few_labels"),
    output:
        png=report(
            "<results>/figures/few_labels.png",
            caption="../report/few_labels.rst",
            category="2 Figures",
            labels={"figure": "Learning from few labels"},
        ),
        pdf="<results>/figures/few_labels.pdf",
    log:
        "<logs>/draw_few_labels.log",
    benchmark:
        "<benchmarks>/draw_few_labels.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        dpi=config["figures"]["dpi"],
    script:
        "../scripts/adapters/figures/draw_few_labels.py"


# What becomes of it, unless it is switched off.
FEW_LABELS_WORDS = [rules.tabulate_few_labels.output.words] if FEW_LABELS["space"] else []
FEW_LABELS_TABLE = rules.tabulate_few_labels.output if FEW_LABELS["space"] else []
FEW_LABELS_FIGURE = rules.draw_few_labels.output if FEW_LABELS["space"] else []
