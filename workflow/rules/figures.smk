# Spaces and clusterings -> the paper's figures. Their look is decided in their modules and here.
DPI = config["figures"]["dpi"]


rule draw_umap_panel:
    """Draw Figure 1, the panel of maps."""
    input:
        maps=expand(SPACE, space=plan.maps),
        clusterings=expand(CLUSTERING, method=plan.colours),
        catalogue=CATALOGUE,
        code=code("draw_umap_panel"),
    output:
        **figure("umap_panel", "Figure 1: maps of the spaces"),
    log:
        "<logs>/draw_umap_panel.log",
    benchmark:
        "<benchmarks>/draw_umap_panel.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        **plan.of_panels(),
        map_names=plan.maps,
        methods=plan.colours,
        k=plan.k,
        seed=config["seed"],
        dpi=DPI,
    script:
        "../scripts/adapters/figures/draw_umap_panel.py"


# Figure 2 draws reconstructions over one original, so its networks share their input.
ORIGINAL = [parent for name in plan.shown_networks[:1] for parent in plan.parents(name)]


rule draw_reconstructions:
    """Draw Figure 2, tracks and their reconstructions."""
    input:
        space=expand(SPACE, space=ORIGINAL),
        reconstructions=expand(
            rules.train_network.output.reconstructions, space=plan.shown_networks
        ),
        catalogue=CATALOGUE,
        code=code("draw_reconstructions"),
    output:
        **figure("reconstructions", "Figure 2: reconstructions"),
    log:
        "<logs>/draw_reconstructions.log",
    benchmark:
        "<benchmarks>/draw_reconstructions.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        labels=[plan.label_of_network(name) for name in plan.shown_networks],
        conditions=[plan.condition(name) for name in plan.shown_networks],
        tracks=(config["figures"]["reconstructions"] or {}).get("tracks"),
        of_mfcc=[plan.kind(name) for name in ORIGINAL] == ["mfcc"],
        seed=config["seed"],
        dpi=DPI,
    script:
        "../scripts/adapters/figures/draw_reconstructions.py"


SHOWN = plan.distribution or {}


rule draw_genre_distribution:
    """Draw Figure 3, the genres in each cluster of one method."""
    input:
        clustering=expand(CLUSTERING, method=SHOWN.get("method", [])),
        catalogue=CATALOGUE,
        code=code("draw_genre_distribution"),
    output:
        **figure("genre_distribution", "Figure 3: genres in each cluster"),
    log:
        "<logs>/draw_genre_distribution.log",
    benchmark:
        "<benchmarks>/draw_genre_distribution.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    params:
        title=plan.methods[SHOWN["method"]]["label"] if SHOWN else None,
        condition=plan.condition_of_method(SHOWN["method"]) if SHOWN else None,
        genres=SHOWN.get("genres"),
        k=plan.k,
        seed=config["seed"],
        dpi=DPI,
    script:
        "../scripts/adapters/figures/draw_genre_distribution.py"
