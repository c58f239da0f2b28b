# Tables of this run and of others -> both next to the paper's own figures.
COMPARED = [*config["compare"], config["run"]]


rule tabulate_comparison:
    """Tabulate this run next to others and to the paper's own figures."""
    input:
        **{
            name: inputs.of_runs("compare", COMPARED, f"tables/{name}.csv")
            for name in ("table2", "agreement", "internal")
        },
        published=local(os.path.relpath(WORKFLOW / "published" / "table2.csv")),
        sentences=inputs.of_runs("compare", COMPARED, "sentences.parquet"),
        settings=inputs.of_runs("compare", COMPARED, "config.yaml"),
        code=code("tabulate_comparison"),
    output:
        **sheet("comparison", "Table 2 as printed and as computed"),
    log:
        "<logs>/tabulate_comparison.log",
    benchmark:
        "<benchmarks>/tabulate_comparison.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        runs=COMPARED,
    script:
        "../../scripts/adapters/tables/tabulate_comparison.py"
