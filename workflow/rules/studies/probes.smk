# Spaces and facts of the recordings -> how well probes predict genre and language from them.


rule measure_nuisances:
    """Measure what each clip's recording reveals without its music, such as its loudness."""
    input:
        features=FEATURES,
        catalogue=CATALOGUE,
        code=code("measure_nuisances"),
    output:
        nuisances="<results>/nuisances.parquet",
    log:
        "<logs>/measure_nuisances.log",
    benchmark:
        "<benchmarks>/measure_nuisances.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        clip_seconds=config["audio"]["clip_seconds"],
        decode_seconds=config["audio"]["decode_seconds"],
        decode_megabytes=config["audio"]["decode_megabytes"],
    script:
        "../../scripts/adapters/studies/measure_nuisances.py"


rule probe_labels:
    """Predict genre and language from every space, and from the recordings alone."""
    input:
        spaces=expand(SPACE, space=plan.spaces),
        nuisances=rules.measure_nuisances.output.nuisances,
        catalogue=CATALOGUE,
        code=code("probe_labels", *plan.modules_of_scaling),
    output:
        probes="<results>/probes.parquet",
    log:
        "<logs>/probe_labels.log",
    benchmark:
        "<benchmarks>/probe_labels.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        **plan.of_spaces("labels_used", "scalings"),
        permutations=config["statistics"]["permutations"],
        seed=config["seed"],
    script:
        "../../scripts/adapters/studies/probe_labels.py"


rule tabulate_probes:
    """Tabulate how well genre and language are predicted."""
    input:
        probes=rules.probe_labels.output.probes,
        catalogue=CATALOGUE,
        code=code("tabulate_probes"),
    output:
        **sheet("probes", "Labels predicted from spaces and recordings"),
    log:
        "<logs>/tabulate_probes.log",
    benchmark:
        "<benchmarks>/tabulate_probes.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        **plan.of_spaces("conditions"),
    script:
        "../../scripts/adapters/tables/tabulate_probes.py"
