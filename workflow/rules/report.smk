# Settings, verdicts of tables -> the run in plain words, which the report begins with.


rule record_settings:
    """Write down the configuration in effect and the versions of the software."""
    input:
        code=code("record_settings"),
    output:
        config=page(
            "<results>/config.yaml",
            "settings.rst",
            "3 Settings",
            "file",
            "Configuration in effect",
        ),
        software=page(
            "<results>/software.csv", "settings.rst", "3 Settings", "file", "Software versions"
        ),
    log:
        "<logs>/record_settings.log",
    benchmark:
        "<benchmarks>/record_settings.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        config=yaml.safe_dump(
            {key: value for key, value in config.items() if key != "assign"},
            allow_unicode=True,
            sort_keys=False,
        ),
    script:
        "../scripts/adapters/report/record_settings.py"


rule write_summary:
    """Write the findings of the run, and their limits, in plain words."""
    input:
        words=[f"<results>/tables/{name}.json" for name in plan.summarised],
        features=FEATURES,
        rejected=rules.gather_features.output.rejected,
        ignored=rules.list_tracks.output.ignored,
        catalogue=CATALOGUE,
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
    params:
        run=config["run"],
    script:
        "../scripts/adapters/report/write_summary.py"


# The finished runs that findings are about, or this one alone.
FOUND = config["findings"] or [config["run"]]


rule write_findings:
    """Write the findings of runs, each sentence with its figure, interval and source."""
    input:
        **{
            name: inputs.of_runs("findings", FOUND, f"{name}.parquet")
            for name in ("catalogue", "features", "scores", "spaces", "uncertainty", "language")
        },
        settings=inputs.of_runs("findings", FOUND, "config.yaml"),
        changes=inputs.of_runs("findings", FOUND, "reduction_changes.parquet"),
        code=code("write_findings"),
    output:
        md="<results>/findings.md",
    log:
        "<logs>/write_findings.log",
    benchmark:
        "<benchmarks>/write_findings.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        runs=FOUND,
    script:
        "../scripts/adapters/report/write_findings.py"
