# Fingerprints -> near duplicates. Clusterings without them, and with one clip per song -> agreement with genre.


rule find_near_duplicates:
    """Find songs whose sound is the same, or nearly, and tracks whose features are equal."""
    input:
        fingerprints=expand("<results>/features/{shard}.fingerprints.parquet", shard=SHARDS),
        space=SPACE.replace("{space}", plan.sound_space),
        catalogue=CATALOGUE,
        code=code("find_near_duplicates"),
    output:
        table="<results>/near_duplicates.parquet",
        listed="<results>/near_duplicates.csv",
    log:
        "<logs>/find_near_duplicates.log",
    benchmark:
        "<benchmarks>/find_near_duplicates.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    script:
        "../../scripts/adapters/studies/find_near_duplicates.py"


rule tabulate_subsets:
    """Tabulate agreement with genre without near duplicates, and with one clip per song."""
    input:
        clusterings=CLUSTERINGS,
        near_duplicates=rules.find_near_duplicates.output.table,
        catalogue=CATALOGUE,
        code=code("tabulate_subsets"),
    output:
        **sheet("subsets", "Agreement without similar tracks"),
    log:
        "<logs>/tabulate_subsets.log",
    benchmark:
        "<benchmarks>/tabulate_subsets.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        **plan.of_methods("labels", "tasks", "conditions", "levels"),
        k=plan.k,
    script:
        "../../scripts/adapters/tables/tabulate_subsets.py"
