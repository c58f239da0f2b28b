# Networks and known factors -> whether each latent represents one of them.


rule compute_disentanglement_metric:
    """Measure the disentanglement of every network, by MIG, SAP and DCI."""
    input:
        spaces=expand(SPACE, space=plan.networks),
        features=FEATURES,
        catalogue=CATALOGUE,
        factors=inputs.factors(rules.synthesise_demo.output.factors),
        code=code("compute_disentanglement_metric"),
    output:
        measured="<results>/disentanglement.parquet",
    log:
        "<logs>/compute_disentanglement_metric.log",
    benchmark:
        "<benchmarks>/compute_disentanglement_metric.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        networks=plan.networks,
        seed=config["seed"],
    script:
        "../../scripts/adapters/studies/compute_disentanglement_metric.py"


rule tabulate_disentanglement:
    """Tabulate the disentanglement of every network."""
    input:
        measured=rules.compute_disentanglement_metric.output.measured,
        catalogue=CATALOGUE,
        code=code("tabulate_disentanglement"),
    output:
        **sheet("disentanglement", "Disentanglement of the networks"),
    log:
        "<logs>/tabulate_disentanglement.log",
    benchmark:
        "<benchmarks>/tabulate_disentanglement.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        networks=plan.networks,
        betas=[plan.beta(name) for name in plan.networks],
    script:
        "../../scripts/adapters/tables/tabulate_disentanglement.py"
