# Every step of the run, computed again with shuffled genres -> label leakage.
audit = Audit(inputs)


rule audit_labels:
    """Compute every step again with shuffled genres, and compare with the run's results."""
    input:
        made=audit.made,
        features=FEATURES,
        culture=inputs.culture,
        catalogue=CATALOGUE,
        code=code("audit_labels", *audit.modules()),
    output:
        audit="<results>/audit.parquet",
        permuted="<results>/audit/catalogue.parquet",
    log:
        "<logs>/audit_labels.log",
    benchmark:
        "<benchmarks>/audit_labels.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    params:
        steps=audit.lines,
        k=config["k"],
        seed=config["seed"],
        exact_up_to=config["exact_up_to"],
        policy=config["audit"],
    script:
        "../../scripts/adapters/studies/audit_labels.py"


rule tabulate_audit:
    """Tabulate which steps depend on genre, and whether they declare it."""
    input:
        audit=rules.audit_labels.output.audit,
        code=code("tabulate_audit"),
    output:
        **sheet("audit", "Results that depend on genre"),
    log:
        "<logs>/tabulate_audit.log",
    benchmark:
        "<benchmarks>/tabulate_audit.tsv"
    conda:
        "../../envs/hybridmusic.yaml"
    script:
        "../../scripts/adapters/tables/tabulate_audit.py"
