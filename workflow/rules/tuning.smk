# The paper's appendix: a grid of networks -> scores on songs held out -> their table.
rule tune_network:
    """Train a grid of networks of one latent size, and score each on songs held out."""
    input:
        space=[path_of_space(TUNING["space"])],
        catalogue=rules.list_tracks.output.catalogue,
        code=code("tune_network", "hybridmusic.networks.vae"),
    output:
        table="<results>/tuning/latent_{latent}.parquet",
    log:
        "<logs>/tune_network_{latent}.log",
    benchmark:
        "<benchmarks>/tune_network_{latent}.tsv"
    wildcard_constraints:
        latent=one_of(map(str, TUNING["latent"])),
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    resources:
        gpu=1,
    params:
        kind="vae",
        settings=settings_of_tuning,
        betas=TUNING["beta"],
        learning_rates=TUNING["learning_rate"],
        seeds=SEEDS,
        exact_up_to=config["exact_up_to"],
        k=TABLE_K,
        share=0.2,
    script:
        "../scripts/adapters/studies/tune_network.py"


TUNED = expand(rules.tune_network.output.table, latent=TUNING["latent"])


rule tabulate_tuning:
    """Write the scores of the whole grid, means over seeds, in every form."""
    input:
        tuned=TUNED,
        code=code("tabulate_tuning"),
    output:
        csv="<results>/tables/tuning.csv",
        md="<results>/tables/tuning.md",
        tex="<results>/tables/tuning.tex",
        words="<results>/tables/tuning.json",
        html=report(
            "<results>/tables/tuning.html",
            caption="../report/tuning.rst",
            category="1 Tables",
            labels={"table": "Tuning on held-out songs"},
        ),
    log:
        "<logs>/tabulate_tuning.log",
    benchmark:
        "<benchmarks>/tabulate_tuning.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        k=TABLE_K,
    script:
        "../scripts/adapters/tables/tabulate_tuning.py"
