# Spaces -> V-measure by the protocol of public leaderboards, next to models listed there.


rule measure_leaderboard:
    """Measure the V-measure of every space by the protocol of MTEB and MAEB."""
    input:
        spaces=expand(SPACE, space=plan.spaces),
        catalogue=CATALOGUE,
        code=code("measure_leaderboard"),
    output:
        measured="<results>/leaderboard.parquet",
    log:
        "<logs>/measure_leaderboard.log",
    benchmark:
        "<benchmarks>/measure_leaderboard.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        **plan.of_spaces(),
    script:
        "../../scripts/adapters/studies/measure_leaderboard.py"


rule tabulate_leaderboard:
    """Tabulate spaces next to models of public leaderboards."""
    input:
        measured=rules.measure_leaderboard.output.measured,
        published=local(os.path.relpath(WORKFLOW / "published" / "leaderboard.csv")),
        catalogue=CATALOGUE,
        code=code("tabulate_leaderboard"),
    output:
        **sheet("leaderboard", "Spaces next to models of public leaderboards"),
    log:
        "<logs>/tabulate_leaderboard.log",
    benchmark:
        "<benchmarks>/tabulate_leaderboard.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        **plan.of_spaces("conditions"),
        clip_seconds=config["audio"]["clip_seconds"],
    script:
        "../../scripts/adapters/tables/tabulate_leaderboard.py"
