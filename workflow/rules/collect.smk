# Targets that a person asks for by name, as in `snakemake spaces`.


rule downloads:
    """Everything that has to be fetched over a network."""
    input:
        records_of_downloads,
    localrule: True


rule catalogue:
    """Which clips there are, drawn and balanced."""
    input:
        rules.list_tracks.output.catalogue,
    localrule: True


rule features:
    """The features and descriptors of every clip, and the list of rejected files."""
    input:
        rules.gather_features.output,
        expand(DESCRIPTORS, set=ALSO),
    localrule: True


rule spaces:
    """Every configured space."""
    input:
        expand(SPACE, space=SPACES),
    localrule: True


rule clusterings:
    """Every configured method's clusters."""
    input:
        expand(rules.cluster_space.output.clustering, method=METHODS),
    localrule: True


rule scores:
    """Scores of every clustering, one number a row."""
    input:
        rules.score_clusterings.output.scores,
    localrule: True


rule tables:
    """Table 2, what surrounds and questions it, and the table of tracks."""
    input:
        expand(rules.tabulate_scores.output, table=TABLES),
        rules.tabulate_comparison.output,
        rules.tabulate_text_block.output,
        rules.tabulate_reconstruction.output,
        rules.tabulate_reduction.output,
        rules.tabulate_associations.output,
        rules.tabulate_probes.output,
        rules.tabulate_subsets.output,
        rules.find_near_duplicates.output,
        rules.tabulate_audit.output,
        rules.tabulate_language.output,
        rules.tabulate_disentanglement.output,
        rules.tabulate_choosing.output if CHOSEN else [],
        FEW_LABELS_TABLE,
        rules.assemble_tracks.output.tracks,
    localrule: True


rule tuning:
    """The grid of networks scored on held-out songs: its table and its figures."""
    input:
        rules.tabulate_tuning.output,
        rules.draw_tuning_grid.output,
        rules.draw_beta_curve.output,
    localrule: True


rule figures:
    """Maps, reconstructions, genres per cluster, trade-offs, reductions, and choices of k."""
    input:
        rules.draw_umap_panel.output,
        rules.draw_reconstructions.output,
        rules.draw_genre_distribution.output,
        rules.draw_tradeoff.output,
        rules.draw_reduction.output,
        rules.draw_language_tradeoff.output,
        rules.draw_choosing.output if CHOSEN else [],
        FEW_LABELS_FIGURE,
    localrule: True


rule explorer:
    """The page to see and hear the tracks, index.html in its folder."""
    input:
        rules.build_explorer.output,
    localrule: True


rule assign:
    """The clusters of new songs, and with assign.update how they move the centroids."""
    input:
        expand(rules.assign_tracks.output, name=ASSIGN["name"]),
        expand(rules.gather_new.output.rejected, name=ASSIGN["name"]),
        expand(rules.update_centroids.output, name=ASSIGN["name"]) if ASSIGN["update"] else [],
        expand(rules.build_new_explorer.output, name=ASSIGN["name"]) if ASSIGN["explorer"] else [],
    localrule: True


rule all:
    """Everything: spaces, clusterings, scores, tables, tuning, figures, summary and explorer."""
    input:
        rules.catalogue.input,
        rules.features.input,
        rules.spaces.input,
        rules.clusterings.input,
        rules.scores.input,
        rules.tables.input,
        rules.tuning.input,
        rules.figures.input,
        rules.explorer.input,
        rules.record_settings.output,
        rules.write_summary.output,
    localrule: True


# What a person opens first, told when a run ends, as far as it has been made.
TO_OPEN = {
    "Summary": rules.write_summary.output.md,
    "Table 2": f"{RESULTS}/tables/table2.md",
    "Figures": f"{RESULTS}/figures/umap_panel.png",
    "Explorer": rules.build_explorer.output.page,
}


if ASSIGN["path"] is not None:
    TO_OPEN |= {"New songs": f"{RESULTS}/assign/{ASSIGN['name']}.csv"}
    TO_OPEN |= {"Rejected": f"{RESULTS}/assign/{ASSIGN['name']}.rejected.csv"}


onsuccess:
    made = {label: path for label, path in TO_OPEN.items() if Path(path).exists()}
    for label, path in made.items():
        print(f"{label:9} {path}", file=sys.stderr)
