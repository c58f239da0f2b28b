# Clusterings and spaces -> scores, and the uncertainty of agreement with genre.


rule score_clusterings:
    """Score every clustering: in its own space, in the reference, against genre and language."""
    input:
        clusterings=CLUSTERINGS,
        spaces=expand(SPACE, space=plan.measured),
        catalogue=CATALOGUE,
        code=code("score_clusterings"),
    output:
        scores="<results>/scores.parquet",
    log:
        "<logs>/score_clusterings.log",
    benchmark:
        "<benchmarks>/score_clusterings.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_methods("spaces_of", "clusterers", "levels"),
        space_names=plan.measured,
        reference=plan.reference,
        exact_up_to=config["exact_up_to"],
        seed=config["seed"],
    script:
        "../scripts/adapters/scores/score_clusterings.py"


rule measure_spaces:
    """Measure every space: how much of it is used, and whether languages mix in it."""
    input:
        spaces=expand(SPACE, space=plan.spaces),
        catalogue=CATALOGUE,
        code=code("measure_spaces"),
    output:
        measures=MEASURES,
    log:
        "<logs>/measure_spaces.log",
    benchmark:
        "<benchmarks>/measure_spaces.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_spaces("levels"),
        exact_up_to=config["exact_up_to"],
        seed=config["seed"],
    script:
        "../scripts/adapters/scores/measure_spaces.py"


rule estimate_uncertainty:
    """Estimate the interval over songs, chance level and baseline of every agreement with genre."""
    input:
        clusterings=CLUSTERINGS,
        halves=HALVES,
        cut=rules.cut_baselines.output.cut if refits.find_numbers else [],
        catalogue=CATALOGUE,
        code=code("estimate_uncertainty"),
    output:
        uncertainty="<results>/uncertainty.parquet",
        stability="<results>/stability.parquet",
    log:
        "<logs>/estimate_uncertainty.log",
    benchmark:
        "<benchmarks>/estimate_uncertainty.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_methods("levels"),
        baselines=refits.baselines,
        given=refits.of_given,
        halves=config["statistics"]["halves"],
        permutations=config["statistics"]["permutations"],
        seed=config["seed"],
    script:
        "../scripts/adapters/scores/estimate_uncertainty.py"
