# What the tables say -> the run in plain words, which the report begins with.


rule write_summary:
    """Write what was found, and what of it not to believe, in plain words."""
    input:
        words=[
            *expand(rules.tabulate_scores.output.words, table=["agreement_genres", "internal"]),
            rules.tabulate_language.output.words,
            rules.tabulate_reduction.output.words,
            rules.tabulate_reconstruction.output.words,
            rules.tabulate_tuning.output.words,
            *FEW_LABELS_WORDS,
            rules.tabulate_text_block.output.words,
            rules.tabulate_probes.output.words,
            rules.tabulate_subsets.output.words,
            rules.tabulate_associations.output.words,
            *([rules.tabulate_choosing.output.words] if CHOSEN else []),
            rules.tabulate_audit.output.words,
        ],
        features=rules.gather_features.output.features,
        rejected=rules.gather_features.output.rejected,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("write_summary"),
    output:
        md="<results>/summary.md",
        rst="<results>/summary.rst",
    log:
        "<logs>/write_summary.log",
    benchmark:
        "<benchmarks>/write_summary.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        run=config["run"],
    script:
        "../scripts/adapters/report/write_summary.py"


# The runs that findings are of: finished ones, or this one alone.
FOUND = config["findings"] or [config["run"]]


rule write_findings:
    """Write what runs have found, each sentence with its figure, interval and source."""
    input:
        settings=of_runs("findings", FOUND, "config.yaml"),
        catalogue=of_runs("findings", FOUND, "catalogue.parquet"),
        features=of_runs("findings", FOUND, "features.parquet"),
        scores=of_runs("findings", FOUND, "scores.parquet"),
        spaces=of_runs("findings", FOUND, "spaces.parquet"),
        uncertainty=of_runs("findings", FOUND, "uncertainty.parquet"),
        language=of_runs("findings", FOUND, "language.parquet"),
        changes=of_runs("findings", FOUND, "reduction_changes.parquet"),
        code=code("write_findings"),
    output:
        md="<results>/findings.md",
    log:
        "<logs>/write_findings.log",
    benchmark:
        "<benchmarks>/write_findings.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        runs=FOUND,
    script:
        "../scripts/adapters/report/write_findings.py"
