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
        words="<results>/tables/associations.json",
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
        "../scripts/adapters/tables/tabulate_associations.py"


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
        "../scripts/adapters/studies/measure_nuisances.py"


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
        "../scripts/adapters/studies/probe_labels.py"


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
        words="<results>/tables/probes.json",
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
        "../scripts/adapters/tables/tabulate_probes.py"


# The space in which tracks that sound alike lie together: the first that is made of audio features.
SOUND = next((name for name in BLOCKS if SPACES[name]["kind"] == "mfcc"), BLOCKS[0])


rule find_near_duplicates:
    """Find tracks whose sound is one and the same, or nearly."""
    input:
        space=path_of_space(SOUND),
        catalogue=rules.list_tracks.output.catalogue,
        code=code("find_near_duplicates"),
    output:
        table="<results>/near_duplicates.parquet",
        listed="<results>/near_duplicates.csv",
    log:
        "<logs>/find_near_duplicates.log",
    benchmark:
        "<benchmarks>/find_near_duplicates.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    script:
        "../scripts/adapters/studies/find_near_duplicates.py"


rule tabulate_subsets:
    """Write how every method agrees with genre without near duplicates, and one clip per song."""
    input:
        clusterings=expand(rules.cluster_space.output.clustering, method=METHODS),
        near_duplicates=rules.find_near_duplicates.output.table,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("tabulate_subsets"),
    output:
        csv="<results>/tables/subsets.csv",
        md="<results>/tables/subsets.md",
        tex="<results>/tables/subsets.tex",
        words="<results>/tables/subsets.json",
        html=report(
            "<results>/tables/subsets.html",
            caption="../report/subsets.rst",
            category="1 Tables",
            labels={"table": "Agreement without tracks that are alike"},
        ),
    log:
        "<logs>/tabulate_subsets.log",
    benchmark:
        "<benchmarks>/tabulate_subsets.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        methods=list(METHODS),
        labels=[method["label"] for method in METHODS.values()],
        levels=levels_of_methods(),
        tasks=[method["task"] for method in config["methods"]],
        conditions=[condition_of_method(name) for name in METHODS],
        k=TABLE_K,
    script:
        "../scripts/adapters/tables/tabulate_subsets.py"


rule audit_labels:
    """Compute every step again with shuffled genres, and compare with what the run has made."""
    input:
        made=[
            rules.write_sentences.output.sentences,
            *expand(SPACE, space=SPACES),
            *expand(GRAPH, graph=GRAPHS),
            *expand(rules.choose_k.output.choice, space=CHOSEN),
            *expand(rules.cluster_space.output.clustering, method=METHODS),
        ],
        features=rules.gather_features.output.features,
        culture=CULTURE,
        catalogue=rules.list_tracks.output.catalogue,
        code=code_of_audit,
    output:
        audit="<results>/audit.parquet",
        permuted="<results>/audit/catalogue.parquet",
    log:
        "<logs>/audit_labels.log",
    benchmark:
        "<benchmarks>/audit_labels.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        steps=steps_of_audit,
        k=config["k"],
        seed=config["seed"],
        exact_up_to=config["exact_up_to"],
        policy=config["audit"],
    script:
        "../scripts/adapters/studies/audit_labels.py"


rule tabulate_audit:
    """Write what depends on genre, and whether it says so."""
    input:
        audit=rules.audit_labels.output.audit,
        code=code("tabulate_audit"),
    output:
        csv="<results>/tables/audit.csv",
        md="<results>/tables/audit.md",
        tex="<results>/tables/audit.tex",
        words="<results>/tables/audit.json",
        html=report(
            "<results>/tables/audit.html",
            caption="../report/audit.rst",
            category="1 Tables",
            labels={"table": "What depends on genre"},
        ),
    log:
        "<logs>/tabulate_audit.log",
    benchmark:
        "<benchmarks>/tabulate_audit.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    script:
        "../scripts/adapters/tables/tabulate_audit.py"
