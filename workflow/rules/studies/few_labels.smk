# A space and the genres of few songs -> what a VAE learns from them.


rule learn_from_few_labels:
    """Train a VAE with the genres of few songs, for every share of them, and score it on others."""
    input:
        space=inputs.space_of_study("few_labels"),
        catalogue=CATALOGUE,
        code=code("learn_from_few_labels", "hybridmusic.networks.semi_supervised_vae"),
    output:
        scores="<results>/few_labels.parquet",
    log:
        "<logs>/learn_from_few_labels.log",
    benchmark:
        "<benchmarks>/learn_from_few_labels.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    resources:
        gpu=1,
    params:
        kind="semi_supervised_vae",
        settings=inputs.settings_of_few_labels,
        shares=config["few_labels"]["shares"],
        seeds=plan.seeds,
        held_out=HELD_OUT,
        resamples=config["statistics"]["resamples"],
    script:
        "../../scripts/adapters/studies/learn_from_few_labels.py"


rule tabulate_few_labels:
    """Tabulate what is learned from few labels."""
    input:
        scores=rules.learn_from_few_labels.output.scores,
        catalogue=CATALOGUE,
        code=code("tabulate_few_labels"),
    output:
        **sheet("few_labels", "Learning from few labels"),
    log:
        "<logs>/tabulate_few_labels.log",
    benchmark:
        "<benchmarks>/tabulate_few_labels.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    script:
        "../../scripts/adapters/tables/tabulate_few_labels.py"


rule draw_few_labels:
    """Draw what is learned from few labels."""
    input:
        scores=rules.learn_from_few_labels.output.scores,
        code=code("draw_few_labels"),
    output:
        **figure("few_labels", "Learning from few labels"),
    log:
        "<logs>/draw_few_labels.log",
    benchmark:
        "<benchmarks>/draw_few_labels.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        dpi=DPI,
    script:
        "../../scripts/adapters/figures/draw_few_labels.py"
