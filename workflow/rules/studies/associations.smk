# Words of the sentences against genre and language -> their associations.


rule tabulate_associations:
    """Tabulate how the words of the sentences are associated with genre and with language."""
    input:
        sentences=SENTENCES,
        catalogue=CATALOGUE,
        code=code("tabulate_associations"),
    output:
        **sheet("associations", "Words against genre and language"),
    log:
        "<logs>/tabulate_associations.log",
    benchmark:
        "<benchmarks>/tabulate_associations.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        permutations=config["statistics"]["permutations"],
        seed=config["seed"],
    script:
        "../../scripts/adapters/tables/tabulate_associations.py"
