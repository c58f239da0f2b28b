# Networks and known factors -> whether each latent stands for one of them.
rule compute_disentanglement_metric:
    """Measure the disentanglement of every network, by MIG and DCI."""
    input:
        spaces=expand(SPACE, space=NETWORKS),
        features=rules.gather_features.output.features,
        catalogue=rules.list_tracks.output.catalogue,
        factors=factors_of_sources,
        code=code("compute_disentanglement_metric"),
    output:
        measured="<results>/disentanglement.parquet",
    log:
        "<logs>/compute_disentanglement_metric.log",
    benchmark:
        "<benchmarks>/compute_disentanglement_metric.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        networks=NETWORKS,
        seed=config["seed"],
    script:
        "../scripts/adapters/studies/compute_disentanglement_metric.py"


rule tabulate_disentanglement:
    """Write how disentangled every network is, in every form."""
    input:
        measured=rules.compute_disentanglement_metric.output.measured,
        code=code("tabulate_disentanglement"),
    output:
        csv="<results>/tables/disentanglement.csv",
        md="<results>/tables/disentanglement.md",
        tex="<results>/tables/disentanglement.tex",
        words="<results>/tables/disentanglement.json",
        html=report(
            "<results>/tables/disentanglement.html",
            caption="../report/disentanglement.rst",
            category="1 Tables",
            labels={"table": "Disentanglement of the networks"},
        ),
    log:
        "<logs>/tabulate_disentanglement.log",
    benchmark:
        "<benchmarks>/tabulate_disentanglement.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        networks=NETWORKS,
        betas=[beta_of_network(name) for name in NETWORKS],
    script:
        "../scripts/adapters/tables/tabulate_disentanglement.py"
