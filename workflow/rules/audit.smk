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


rule measure_nuisances:
    """Measure what each clip's recording gives away before any music is heard."""
    input:
        features=rules.gather_features.output.features,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("measure_nuisances"),
    output:
        nuisances="<results>/nuisances.parquet",
    log:
        "<logs>/measure_nuisances.log",
    benchmark:
        "<benchmarks>/measure_nuisances.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        clip_seconds=config["audio"]["clip_seconds"],
        decode_seconds=config["audio"]["decode_seconds"],
        decode_megabytes=config["audio"]["decode_megabytes"],
    script:
        "../scripts/measure_nuisances.py"


rule probe_labels:
    """Read genre and language from every space, and from what is no music."""
    input:
        spaces=expand(SPACE, space=SPACES),
        nuisances=rules.measure_nuisances.output.nuisances,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("probe_labels"),
    output:
        probes="<results>/probes.parquet",
    log:
        "<logs>/probe_labels.log",
    benchmark:
        "<benchmarks>/probe_labels.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        spaces=list(SPACES),
        permutations=config["statistics"]["permutations"],
        seed=config["seed"],
    script:
        "../scripts/probe_labels.py"


rule tabulate_probes:
    """Write how well genre and language can be read from every space, and from what is no music."""
    input:
        probes=rules.probe_labels.output.probes,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("tabulate_probes"),
    output:
        csv="<results>/tables/probes.csv",
        md="<results>/tables/probes.md",
        tex="<results>/tables/probes.tex",
        html=report(
            "<results>/tables/probes.html",
            caption="../report/probes.rst",
            category="1 Tables",
            labels={"table": "Labels read from spaces and recordings"},
        ),
    log:
        "<logs>/tabulate_probes.log",
    benchmark:
        "<benchmarks>/tabulate_probes.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        spaces=list(SPACES),
        conditions=[configuration.condition(config, name) for name in SPACES],
        permutations=config["statistics"]["permutations"],
    script:
        "../scripts/tabulate_probes.py"
