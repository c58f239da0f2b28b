# The paper's appendix: a grid of networks -> scores on held-out songs.


rule tune_network:
    """Train a grid of networks of one latent size, and score each on held-out songs."""
    input:
        space=inputs.space_of_study("tuning"),
        catalogue=CATALOGUE,
        code=code("tune_network", "hybridmusic.networks.vae"),
    output:
        table=TUNED,
    log:
        "<logs>/tune_network_{latent}.log",
    benchmark:
        "<benchmarks>/tune_network_{latent}.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    resources:
        gpu=1,
    params:
        kind="vae",
        settings=inputs.settings_of_tuning,
        betas=config["tuning"]["beta"],
        learning_rates=config["tuning"]["learning_rate"],
        plateau_epochs=config["tuning"]["plateau_epochs"],
        seeds=plan.seeds,
        k=plan.k,
        share=HELD_OUT,
    script:
        "../../scripts/adapters/studies/tune_network.py"


GRID = expand(rules.tune_network.output.table, latent=config["tuning"]["latent"])


rule tabulate_tuning:
    """Tabulate the scores of the whole grid, means over seeds."""
    input:
        tuned=GRID,
        catalogue=CATALOGUE,
        code=code("tabulate_tuning"),
    output:
        **sheet("tuning", "Tuning on held-out songs"),
    log:
        "<logs>/tabulate_tuning.log",
    benchmark:
        "<benchmarks>/tabulate_tuning.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        k=plan.k,
    script:
        "../../scripts/adapters/tables/tabulate_tuning.py"


rule draw_tuning_grid:
    """Draw the tuning grid as heat maps."""
    input:
        tuned=GRID,
        code=code("draw_tuning_grid"),
    output:
        **figure("tuning_grid", "Tuning: ELBO and agreement with genre", study="tuning"),
    log:
        "<logs>/draw_tuning_grid.log",
    benchmark:
        "<benchmarks>/draw_tuning_grid.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        dpi=DPI,
    script:
        "../../scripts/adapters/figures/draw_tuning_grid.py"


rule draw_beta_curve:
    """Draw reconstruction, KL divergence and agreement with genre over beta."""
    input:
        tuned=GRID,
        code=code("draw_beta_curve"),
    output:
        **figure("beta_curve", "Tuning: the effect of β", study="tuning"),
    log:
        "<logs>/draw_beta_curve.log",
    benchmark:
        "<benchmarks>/draw_beta_curve.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        dpi=DPI,
    script:
        "../../scripts/adapters/figures/draw_beta_curve.py"
