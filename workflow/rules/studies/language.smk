# Clusterings and spaces -> agreement with genre across languages, and with language.


rule tabulate_language:
    """Compare agreement with genre across languages with agreement with language."""
    input:
        clusterings=CLUSTERINGS,
        halves=HALVES,
        spaces=MEASURES,
        catalogue=CATALOGUE,
        code=code("tabulate_language"),
    output:
        **sheet("language", "Language next to genre"),
        compared="<results>/language.parquet",
    log:
        "<logs>/tabulate_language.log",
    benchmark:
        "<benchmarks>/tabulate_language.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        **plan.of_methods("labels", "spaces_of", "conditions", "levels", "adjectives", "learned"),
        k=plan.k,
        halves=config["statistics"]["halves"],
        seed=config["seed"],
    script:
        "../../scripts/adapters/tables/tabulate_language.py"


rule draw_language:
    """Draw agreement with genre across languages against agreement with language."""
    input:
        compared=rules.tabulate_language.output.compared,
        code=code("draw_language"),
    output:
        **figure("language", "Genre across languages against language"),
    log:
        "<logs>/draw_language.log",
    benchmark:
        "<benchmarks>/draw_language.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        k=plan.k,
        dpi=DPI,
    script:
        "../../scripts/adapters/figures/draw_language.py"
