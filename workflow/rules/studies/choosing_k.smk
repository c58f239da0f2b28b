# Spaces whose number of clusters is chosen without labels -> the choices and their agreement.
CHOICES = {
    "choices": expand(rules.choose_k.output.choice, space=plan.chosen),
    "distances": expand(rules.choose_k.output.distances, space=plan.chosen),
}


rule tabulate_choosing_k:
    """Tabulate the numbers of clusters chosen without labels, and their agreement with genre."""
    input:
        choices=CHOICES["choices"],
        uncertainty=rules.estimate_uncertainty.output.uncertainty,
        catalogue=CATALOGUE,
        code=code("tabulate_choosing_k"),
    output:
        **sheet("choosing_k", "Numbers of clusters chosen without labels"),
        chosen="<results>/k.parquet",
    log:
        "<logs>/tabulate_choosing_k.log",
    benchmark:
        "<benchmarks>/tabulate_choosing_k.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        **plan.of_methods("labels", "tasks", "spaces_of", "conditions", names=plan.auto_methods),
        subsamples=config["choosing_k"]["subsamples"],
    script:
        "../../scripts/adapters/tables/tabulate_choosing_k.py"


rule draw_choosing_k:
    """Draw the numbers of clusters chosen without labels, and the radius that DBSCAN would take."""
    input:
        **CHOICES,
        code=code("draw_choosing_k"),
    output:
        **figure("choosing_k", "Numbers of clusters chosen without labels"),
    log:
        "<logs>/draw_choosing_k.log",
    benchmark:
        "<benchmarks>/draw_choosing_k.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        spaces=plan.chosen,
        neighbours=kinds.settings("clusterers", "dbscan", {})["min_samples"],
        dpi=DPI,
    script:
        "../../scripts/adapters/figures/draw_choosing_k.py"
