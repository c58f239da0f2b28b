# Networks trained without some songs -> how well they reconstruct these.


rule hold_out_songs:
    """Train a network without a share of the songs, and measure how well it reconstructs these."""
    input:
        space=inputs.parents,
        catalogue=CATALOGUE,
        code=code_of_space("hold_out_songs"),
    output:
        table="<results>/models/{space}/held_out.parquet",
    log:
        "<logs>/hold_out_songs_{space}.log",
    benchmark:
        "<benchmarks>/hold_out_songs_{space}.tsv"
    wildcard_constraints:
        space=one_of(NETWORKS),
    conda:
        "../../envs/hybridmusic.yaml"
    resources:
        gpu=1,
    params:
        kind=lambda wildcards: plan.kind(wildcards.space),
        settings=inputs.settings,
        seeds=plan.seeds,
        exact_up_to=inputs.exact_up_to,
        share=HELD_OUT,
    script:
        "../../scripts/adapters/studies/hold_out_songs.py"


RECONSTRUCTED = expand(rules.hold_out_songs.output.table, space=plan.networks)


rule tabulate_reconstruction:
    """Tabulate how well each network reconstructs held-out songs."""
    input:
        held_out=RECONSTRUCTED,
        histories=expand(rules.train_network.output.history, space=plan.networks),
        settings=expand(rules.train_network.output.settings, space=plan.networks),
        catalogue=CATALOGUE,
        code=code("tabulate_reconstruction"),
    output:
        **sheet("reconstruction", "Reconstruction of held-out songs"),
    log:
        "<logs>/tabulate_reconstruction.log",
    benchmark:
        "<benchmarks>/tabulate_reconstruction.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        networks=plan.networks,
        inputs=[" + ".join(plan.parents(name)) for name in plan.networks],
    script:
        "../../scripts/adapters/tables/tabulate_reconstruction.py"


rule draw_tradeoff:
    """Draw reconstruction against agreement with genre, over networks and over beta."""
    input:
        held_out=RECONSTRUCTED,
        scores=rules.score_clusterings.output.scores,
        tuned=expand(TUNED, latent=config["tuning"]["latent"]) if "tuning" in plan.studies else [],
        catalogue=CATALOGUE,
        code=code("draw_tradeoff"),
    output:
        **figure("tradeoff", "Reconstruction against agreement with genre", study="reconstruction"),
    log:
        "<logs>/draw_tradeoff.log",
    benchmark:
        "<benchmarks>/draw_tradeoff.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        networks=plan.networks,
        labels=[plan.label_of_network(name) for name in plan.networks],
        conditions=[plan.condition(name) for name in plan.networks],
        k=plan.k,
        dpi=DPI,
    script:
        "../../scripts/adapters/figures/draw_tradeoff.py"
