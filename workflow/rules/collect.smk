# Targets that a person requests by name, as in `snakemake spaces`.


rule downloads:
    """Everything that has to be fetched over a network."""
    input:
        inputs.downloads,
    localrule: True


rule catalogue:
    """The clips of the run, drawn and balanced."""
    input:
        CATALOGUE,
    localrule: True


rule features:
    """The features and descriptors of every clip, and the list of rejected files."""
    input:
        rules.gather_features.output,
        expand(DESCRIPTORS, set=ALSO),
    localrule: True


rule spaces:
    """Every space that the requested results need."""
    input:
        expand(SPACE, space=plan.spaces),
    localrule: True


rule clusterings:
    """The clusters of every method."""
    input:
        CLUSTERINGS,
    localrule: True


rule scores:
    """Scores of every clustering, one number a row."""
    input:
        rules.score_clusterings.output.scores if plan.methods else [],
    localrule: True


rule tables:
    """Every requested table: Table 2, agreement, internal scores, tracks, and those of studies."""
    input:
        expand(rules.tabulate_scores.output, table=plan.requested_tables),
        rules.assemble_tracks.output.tracks if "tracks" in config["tables"] else [],
        [TABLES[study] for study in plan.studies],
    localrule: True


rule tuning:
    """The grid of networks scored on held-out songs: its table and its figures."""
    input:
        TABLES["tuning"],
        FIGURES["tuning"],
    localrule: True


rule figures:
    """Every requested figure: the paper's, and those of studies."""
    input:
        rules.draw_umap_panel.output if plan.panels else [],
        rules.draw_reconstructions.output if plan.shown_networks else [],
        rules.draw_genre_distribution.output if plan.distribution else [],
        [FIGURES[study] for study in plan.studies],
    localrule: True


rule explorer:
    """The page to see and hear the tracks, index.html in its folder."""
    input:
        rules.build_explorer.output,
    localrule: True


rule assign:
    """The clusters of new songs, and with assign.update how they move the centroids."""
    input:
        rules.assign_tracks.output,
        rules.gather_new.output.rejected,
        rules.update_centroids.output if ASSIGN["update"] else [],
        rules.build_new_explorer.output if ASSIGN["explorer"] else [],
    localrule: True


rule all:
    """Everything that the configuration requests."""
    input:
        rules.catalogue.input,
        rules.features.input,
        rules.spaces.input,
        rules.clusterings.input,
        rules.scores.input if config["tables"] else [],
        rules.tables.input,
        rules.figures.input,
        rules.explorer.input if config["explorer"]["build"] else [],
        rules.record_settings.output,
        rules.write_summary.output,
    localrule: True


onsuccess:
    for label, path in plan.to_open.items():
        if Path(path).exists():
            print(f"{label:9} {path}", file=sys.stderr)
