# Spaces and clusterings -> figures. How a figure looks is decided in its module and here alone.
FIGURES = config["figures"]
PANELS = FIGURES["umap_panel"]
MAPS = list(dict.fromkeys(panel["map"] for panel in PANELS))
COLOURS = list(dict.fromkeys(panel["colour"] for panel in PANELS if panel["colour"] in METHODS))


rule draw_umap_panel:
    """Draw Figure 1, the panel of maps."""
    input:
        maps=expand(SPACE, space=MAPS),
        clusterings=expand(rules.cluster_space.output.clustering, method=COLOURS),
        catalogue=rules.list_tracks.output.catalogue,
        code=code("draw_umap_panel"),
    output:
        png=report(
            "<results>/figures/umap_panel.png",
            caption="../report/umap_panel.rst",
            category="2 Figures",
            labels={"figure": "Figure 1: maps of the spaces"},
        ),
        pdf="<results>/figures/umap_panel.pdf",
    log:
        "<logs>/draw_umap_panel.log",
    benchmark:
        "<benchmarks>/draw_umap_panel.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        map_names=MAPS,
        methods=COLOURS,
        titles=[panel["title"] for panel in PANELS],
        conditions=[condition_of_panel(panel) for panel in PANELS],
        maps=[panel["map"] for panel in PANELS],
        colours=[panel["colour"] for panel in PANELS],
        k=TABLE_K,
        seed=config["seed"],
        dpi=FIGURES["dpi"],
    script:
        "../scripts/adapters/figures/draw_umap_panel.py"


# Figure 2 lays reconstructions over one original, so its networks share their input.
SHOWN = FIGURES["reconstructions"]["networks"]
RECONSTRUCTED = configuration.parents(config, SHOWN[0])[0]


rule draw_reconstructions:
    """Draw Figure 2, tracks and their reconstructions."""
    input:
        space=expand(SPACE, space=RECONSTRUCTED),
        reconstructions=expand(rules.train_network.output.reconstructions, space=SHOWN),
        catalogue=rules.list_tracks.output.catalogue,
        code=code("draw_reconstructions"),
    output:
        png=report(
            "<results>/figures/reconstructions.png",
            caption="../report/reconstructions.rst",
            category="2 Figures",
            labels={"figure": "Figure 2: reconstructions"},
        ),
        pdf="<results>/figures/reconstructions.pdf",
    log:
        "<logs>/draw_reconstructions.log",
    benchmark:
        "<benchmarks>/draw_reconstructions.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        labels=[label_of_network(network) for network in SHOWN],
        conditions=[configuration.condition(config, network) for network in SHOWN],
        tracks=FIGURES["reconstructions"]["tracks"],
        of_mfcc=SPACES[RECONSTRUCTED]["kind"] == "mfcc",
        seed=config["seed"],
        dpi=FIGURES["dpi"],
    script:
        "../scripts/adapters/figures/draw_reconstructions.py"


rule draw_genre_distribution:
    """Draw Figure 3, the genres in each cluster of one method."""
    input:
        clustering=expand(
            rules.cluster_space.output.clustering,
            method=FIGURES["genre_distribution"]["method"],
        ),
        catalogue=rules.list_tracks.output.catalogue,
        code=code("draw_genre_distribution"),
    output:
        png=report(
            "<results>/figures/genre_distribution.png",
            caption="../report/genre_distribution.rst",
            category="2 Figures",
            labels={"figure": "Figure 3: genres in each cluster"},
        ),
        pdf="<results>/figures/genre_distribution.pdf",
    log:
        "<logs>/draw_genre_distribution.log",
    benchmark:
        "<benchmarks>/draw_genre_distribution.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        title=METHODS[FIGURES["genre_distribution"]["method"]]["label"],
        condition=condition_of_method(FIGURES["genre_distribution"]["method"]),
        genres=FIGURES["genre_distribution"]["genres"],
        k=TABLE_K,
        seed=config["seed"],
        dpi=FIGURES["dpi"],
    script:
        "../scripts/adapters/figures/draw_genre_distribution.py"


rule draw_tuning_grid:
    """Draw the tuning grid as heat maps."""
    input:
        tuned=TUNED,
        code=code("draw_tuning_grid"),
    output:
        png=report(
            "<results>/figures/tuning_grid.png",
            caption="../report/tuning_grid.rst",
            category="2 Figures",
            labels={"figure": "Tuning: ELBO and agreement with genre"},
        ),
        pdf="<results>/figures/tuning_grid.pdf",
    log:
        "<logs>/draw_tuning_grid.log",
    benchmark:
        "<benchmarks>/draw_tuning_grid.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        dpi=FIGURES["dpi"],
    script:
        "../scripts/adapters/figures/draw_tuning_grid.py"


rule draw_beta_curve:
    """Draw what beta does to reconstruction, KL divergence and agreement with genre."""
    input:
        tuned=TUNED,
        code=code("draw_beta_curve"),
    output:
        png=report(
            "<results>/figures/beta_curve.png",
            caption="../report/beta_curve.rst",
            category="2 Figures",
            labels={"figure": "Tuning: what β does"},
        ),
        pdf="<results>/figures/beta_curve.pdf",
    log:
        "<logs>/draw_beta_curve.log",
    benchmark:
        "<benchmarks>/draw_beta_curve.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        dpi=FIGURES["dpi"],
    script:
        "../scripts/adapters/figures/draw_beta_curve.py"


rule draw_tradeoff:
    """Draw reconstruction against agreement with genre, over networks and over beta."""
    input:
        held_out=expand(rules.hold_out_songs.output.table, space=NETWORKS),
        scores=rules.score_clusterings.output.scores,
        tuned=TUNED,
        catalogue=rules.list_tracks.output.catalogue,
        code=code("draw_tradeoff"),
    output:
        png=report(
            "<results>/figures/tradeoff.png",
            caption="../report/tradeoff.rst",
            category="2 Figures",
            labels={"figure": "Reconstruction against agreement with genre"},
        ),
        pdf="<results>/figures/tradeoff.pdf",
    log:
        "<logs>/draw_tradeoff.log",
    benchmark:
        "<benchmarks>/draw_tradeoff.tsv"
    conda:
        "../envs/hybridmusic.yaml"
    threads: 1
    params:
        networks=NETWORKS,
        labels=[label_of_network(network) for network in NETWORKS],
        conditions=[configuration.condition(config, network) for network in NETWORKS],
        k=TABLE_K,
        dpi=FIGURES["dpi"],
    script:
        "../scripts/adapters/figures/draw_tradeoff.py"
