# Choices of k and what they agree with -> their table and figure, where `k` asks for them.
CHOICES = {
    "choices": expand(rules.choose_k.output.choice, space=CHOSEN),
    "distances": expand(rules.choose_k.output.distances, space=CHOSEN),
}


rule tabulate_choosing:
    """Write how many clusters were chosen without labels, and how these agree with genre."""
    input:
        choices=CHOICES["choices"],
        uncertainty=rules.estimate_uncertainty.output.uncertainty,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("tabulate_choosing"),
    output:
        chosen="<results>/k.parquet",
        csv="<results>/tables/choosing.csv",
        md="<results>/tables/choosing.md",
        tex="<results>/tables/choosing.tex",
        words="<results>/tables/choosing.json",
        html=report(
            "<results>/tables/choosing.html",
            caption="../report/choosing.rst",
            category="1 Tables",
            labels={"table": "Numbers of clusters chosen without labels"},
        ),
    log:
        "<logs>/tabulate_choosing.log",
    benchmark:
        "<benchmarks>/tabulate_choosing.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        methods=list(TOLD_AUTO),
        labels=[method["label"] for method in TOLD_AUTO.values()],
        tasks=[method["task"] for method in TOLD_AUTO.values()],
        spaces=[method["space"] for method in TOLD_AUTO.values()],
        conditions=[condition_of_method(name) for name in TOLD_AUTO],
        subsamples=config["choosing"]["subsamples"],
    script:
        "../scripts/adapters/tables/tabulate_choosing.py"


rule draw_choosing:
    """Draw how many clusters were chosen without labels, and the radius that DBSCAN would take."""
    input:
        **CHOICES,
        code=code("draw_choosing"),
    output:
        png=report(
            "<results>/figures/choosing_k.png",
            caption="../report/choosing_k.rst",
            category="2 Figures",
            labels={"figure": "Numbers of clusters chosen without labels"},
        ),
        pdf="<results>/figures/choosing_k.pdf",
    log:
        "<logs>/draw_choosing.log",
    benchmark:
        "<benchmarks>/draw_choosing.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        spaces=CHOSEN,
        neighbours=kinds.settings("clusterers", "dbscan", {})["min_samples"],
        dpi=config["figures"]["dpi"],
    script:
        "../scripts/adapters/figures/draw_choosing.py"
