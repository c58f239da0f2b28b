# Clusterings and spaces -> what language has to do with agreement with genre.
rule tabulate_language:
    """Compare agreement with genre across languages with that with language, in every form."""
    input:
        clusterings=expand(rules.cluster_space.output.clustering, method=METHODS),
        spaces=rules.measure_spaces.output.measures,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("tabulate_language"),
    output:
        compared="<results>/language.parquet",
        csv="<results>/tables/language.csv",
        md="<results>/tables/language.md",
        tex="<results>/tables/language.tex",
        words="<results>/tables/language.json",
        html=report(
            "<results>/tables/language.html",
            caption="../report/language.rst",
            category="1 Tables",
            labels={"table": "Language beside genre"},
        ),
    log:
        "<logs>/tabulate_language.log",
    benchmark:
        "<benchmarks>/tabulate_language.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        methods=list(METHODS),
        labels=[method["label"] for method in METHODS.values()],
        spaces=[method["space"] for method in config["methods"]],
        conditions=[condition_of_method(name) for name in METHODS],
        levels=levels_of_methods(),
        told=[
            configuration.told(config, method["space"], then=[method])
            for method in config["methods"]
        ],
        learned=[is_learned(method["space"]) for method in config["methods"]],
        k=TABLE_K,
        resamples=config["statistics"]["resamples"],
        seed=config["seed"],
    script:
        "../scripts/adapters/tables/tabulate_language.py"


rule draw_language_tradeoff:
    """Draw agreement with genre across languages against that with language."""
    input:
        compared=rules.tabulate_language.output.compared,
        code=code("draw_language_tradeoff"),
    output:
        png=report(
            "<results>/figures/language_tradeoff.png",
            caption="../report/language_tradeoff.rst",
            category="2 Figures",
            labels={"figure": "Genre across languages against language"},
        ),
        pdf="<results>/figures/language_tradeoff.pdf",
    log:
        "<logs>/draw_language_tradeoff.log",
    benchmark:
        "<benchmarks>/draw_language_tradeoff.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        k=TABLE_K,
        dpi=FIGURES["dpi"],
    script:
        "../scripts/adapters/figures/draw_language_tradeoff.py"
