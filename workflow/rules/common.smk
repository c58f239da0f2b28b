# Reads and validates the configuration. Everything that follows from it is asked of the package.
import json
import os
import sys
from pathlib import Path

import yaml

WORKFLOW = Path(str(workflow.current_basedir)).parent
sys.path.insert(0, str(WORKFLOW / "scripts"))

from hybridmusic import kinds
from hybridmusic.errors import ConfigError, OutputError
from hybridmusic.plan import graphs
from hybridmusic.plan import run as configuration
from hybridmusic.plan.modules import modules
from hybridmusic.tracks import files
from hybridmusic.tracks.datasets import DATASETS
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

# What a mapping holds that `--config` gives is text, whatever it looks like.
for key in ("update", "explorer"):
    if config["assign"].get(key) in ("true", "false"):
        config["assign"][key] = config["assign"][key] == "true"

with open(WORKFLOW / "schemas" / "config.schema.yaml", encoding="utf-8") as file:
    SCHEMA = yaml.safe_load(file)
try:
    configuration.check(config, SCHEMA)
    silent = configuration.need_sound(config)
    if silent and all(files.is_feature_table(s.get("path", "")) for s in config["sources"]):
        logger.warning(f"Left out, for no source has sound: the spaces {', '.join(silent)}.")
        config.update(configuration.without(config, silent))
        configuration.check(config, SCHEMA)
except ConfigError as error:
    raise WorkflowError(f"Configuration: {error}") from None

RESULTS = f"results/{config['run']}"
if not (within := files.nearest(RESULTS)).is_dir():
    raise WorkflowError(f"{within} is a file, but {RESULTS} is to be a folder: move it away")


pathvars:
    results=RESULTS,
    logs=f"{RESULTS}/logs",
    benchmarks=f"{RESULTS}/benchmarks",


# Asked here and not above, so that dry runs and everything done already need no permission.
onstart:
    try:
        files.check_writable(RESULTS)
    except OutputError as error:
        raise WorkflowError(str(error)) from None


SEEDS = configuration.seeds(config)
SPACES = configuration.spaces(config)
REPEATED = configuration.repeated(config)
BLOCKS, TRANSFORMS, NETWORKS = (
    configuration.names_of(config, family) for family in configuration.SPACE_FAMILIES
)
TUNING = config["tuning"]
METHODS = {
    method["name"]: method | {"label": configuration.label(config, method)}
    for method in config["methods"]
}
# Methods that are told a number of clusters chosen without labels, and the spaces of these.
TOLD_AUTO = {name: METHODS[name] for name in configuration.told_auto(config)}
CHOSEN = list(dict.fromkeys(method["space"] for method in TOLD_AUTO.values()))
# Modules that reducing and clustering loads by name.
MODULES_OF_REDUCTION = [
    *(f"hybridmusic.transforms.{kind}" for kind in configuration.REDUCTIONS),
    *(f"hybridmusic.clusterers.{kind}" for kind in config["reduction"]["clusterers"]),
]
FUSIONS = [name for name in NETWORKS if isinstance(SPACES[name]["of"], list)]
# What more waits for goes first: otherwise cores idle at the end, while the last space is made.
AHEAD = {"sentences": 3, "spaces": 2, "clusterings": 1}
SPACE = "<results>/spaces/{space}.parquet"
# Graphs of neighbours that several jobs need, by the names of their files.
GRAPHS = {key.name: (key, k) for key, k in graphs.shared(config).items()}
GRAPH = "<results>/neighbours/{graph}.parquet"
DESCRIPTORS = "<results>/descriptors/{set}.parquet"
EMBEDDED = "<results>/pretrained/{space}/{shard}.parquet"
# The models that somebody else has trained, by the spaces that they make.
AUDIO_MODELS = {n: row["model"] for n, row in SPACES.items() if row["kind"] == "pretrained"}
# The set that tells of what sentences say beside the features, if they do.
CULTURE = configuration.cultural(config) and DESCRIPTORS.replace("{set}", "culture")

# New songs that are placed in the run, and the spaces that they get a place in, in order.
ASSIGN = config["assign"]
ORDERED = configuration.ordered(
    config,
    [method["space"] for method in config["methods"]] + list(SPACES) * ASSIGN["explorer"],
)
ENCODERS = [name for name in ORDERED if name in NETWORKS]
CLUSTERERS = sorted(
    {f"hybridmusic.clusterers.{method['clusterer']}" for method in config["methods"]}
)
# Tables that blocks can be placed by, as far as some block reads them.
READ_FOR_PLACING = {
    table: any(
        table in (kinds.declared("blocks", SPACES[name]["kind"], "READS") or ())
        for name in ORDERED
        if name in BLOCKS
    )
    for table in ("sentences", "embeddings")
}

SETS_FOR_PLACING = sorted({one for name in ORDERED for one in SPACES[name].get("sets", [])})

# What a source can name instead of a path: made or fetched by a rule, under resources/.
SYNTHESISED = {
    "demo_english": "resources/demo/english",
    "demo_bangla": "resources/demo/bangla",
}
FETCHED = {name: f"resources/{name}" for name in DATASETS}
TEXT_MODEL = config["text"]["model"]


def is_on_hub(model):
    """Whether a model, being neither bundled nor a folder of this machine, has to be fetched."""
    return configuration.is_hub_name(model) and not Path(model).is_dir()


ON_HUB = is_on_hub(TEXT_MODEL)
FETCHED_MODEL = f"resources/text_models/{configuration.slug(TEXT_MODEL) if ON_HUB else 'none'}.json"


def code(script, *also):
    """The modules that a script depends on, as input, so that editing one makes outputs stale."""
    return [os.path.relpath(path) for path in modules(script, *also)]


def code_of_space(script, family):
    """The same where the kind of a space decides which modules are loaded."""
    return lambda wildcards: code(
        script,
        f"hybridmusic.{family}.{kind_of(wildcards)}",
        *modules_of_sets(SPACES[wildcards.space].get("sets", [])),
    )


def modules_of_sets(names):
    """The modules of sets of descriptors."""
    return [f"hybridmusic.descriptors.{name}" for name in names]


def code_of_method(wildcards):
    """The modules that clustering by a method depends on."""
    clusterer = METHODS[wildcards.method]["clusterer"]
    return code("cluster_space", f"hybridmusic.clusterers.{clusterer}")


def one_of(names):
    """A wildcard constraint that allows only these names."""
    return "|".join(names) or "(?!)"


def kind_of(wildcards):
    """The kind of the space that a rule makes."""
    return SPACES[wildcards.space]["kind"]


def settings_of_space(wildcards):
    """What a space's row sets, completed by defaults: one line of text, as params must be."""
    kind = kind_of(wildcards)
    family = configuration.family_of(kind)
    return json.dumps(kinds.settings(family, kind, SPACES[wildcards.space]), sort_keys=True)


def settings_of_tuning(wildcards):
    """The same of the networks of one latent size in the grid."""
    row = {name: TUNING[name] for name in ("hidden", "epochs")}
    settings = kinds.settings("networks", "vae", row | {"latent": int(wildcards.latent)})
    return json.dumps(settings, sort_keys=True)


def settings_of_few_labels(_):
    """The same of the networks that are told few labels."""
    row = {"epochs": config["few_labels"]["epochs"]}
    return json.dumps(kinds.settings("networks", "semi_supervised_vae", row), sort_keys=True)


def settings_of_clusterer(method):
    """The same of a method, whose row may have a limit of its own to what is exact."""
    row = {"exact_up_to": config["exact_up_to"]} | method
    return kinds.settings("clusterers", method["clusterer"], row)


def settings_of_method(wildcards):
    """The same as one line of text."""
    return json.dumps(settings_of_clusterer(METHODS[wildcards.method]), sort_keys=True)


def steps_of_audit(_):
    """Every step whose result must not depend on genre unasked, as a line of text each.

    `of` are the steps that it is made from, and `sees` whether it is handed the catalogue.
    """
    sentences = ["sentences", "sentences"]
    steps = [
        {
            **dict(zip(("noun", "name"), sentences)),
            **{"family": "sentences", "kind": "", "sees": True, "claims": "none", "of": []},
            "settings": {
                name: config["text"][name] for name in ("thresholds", "wording", "descriptors")
            },
        }
    ]
    for name, row in SPACES.items():
        family = configuration.family_of(row["kind"])
        reads = kinds.declared(family, row["kind"], "READS") or ()
        steps.append(
            {
                **{"noun": "space", "name": name, "family": family, "kind": row["kind"]},
                "sees": sees_catalogue(name),
                "level": level_of_parents(name),
                "claims": claim(configuration.condition(config, name)),
                "of": [["space", parent] for parent in configuration.parents(config, name)]
                + [sentences] * ("sentences" in reads)
                + step_of_graph(graphs.of_space(config, name)),
                "settings": kinds.settings(family, row["kind"], row),
            }
        )
    for name, (key, k) in GRAPHS.items():
        balanced = {"balance": key.balance}
        steps.append(
            {
                **{"noun": "graph", "name": name, "family": "neighbours", "kind": ""},
                "sees": graph_sees_catalogue(name),
                "level": level_of_graph(name),
                "claims": configuration.condition(config, key.space, then=[balanced]),
                "of": [["space", key.space]],
                "settings": {"metric": key.metric, "neighbours": k, **balanced},
            }
        )
    for space in CHOSEN:
        steps.append(
            {
                **{"noun": "choice of k", "name": space, "family": "choosing", "kind": ""},
                **{"sees": True, "claims": claim(configuration.condition(config, space))},
                "of": [["space", space], *step_of_graph(graphs.of_choice(space))],
                "level": configuration.level(config, space),
                "settings": config["choosing"],
            }
        )
    for name, row in METHODS.items():
        steps.append(
            {
                **{"noun": "clustering", "name": name, "family": "clusterers"},
                **{"kind": row["clusterer"], "sees": True},
                "claims": claim(condition_of_method(name)),
                "of": [["space", row["space"]]]
                + [["choice of k", row["space"]]] * (name in TOLD_AUTO)
                + step_of_graph(graphs.of_method(row)),
                "level": configuration.level(config, row["space"]),
                "settings": settings_of_clusterer(row),
            }
        )
    return [json.dumps(step, sort_keys=True) for step in steps]


def step_of_graph(asked):
    """The step that finds a graph, if it lies in a file; else whoever needs it finds it."""
    return [["graph", asked[0].name]] if path_of_graph(asked) else []


def code_of_audit(_):
    """The modules that computing every step again depends on."""
    steps = [json.loads(step) for step in steps_of_audit(_)]
    loaded = {f"hybridmusic.{step['family']}.{step['kind']}" for step in steps if step["kind"]}
    return code("audit_labels", *sorted(loaded))


def path_of_space(name):
    """Where a space lies."""
    return SPACE.replace("{space}", name)


def parents_of(wildcards):
    """The spaces that a space is made from."""
    return [path_of_space(name) for name in configuration.parents(config, wildcards.space)]


def kinds_of_reductions_made(wildcards):
    """Which reductions of a space are configured as spaces, so that none is made twice."""
    return [
        kind
        for kind in configuration.REDUCTIONS
        if configuration.transformed(config, wildcards.space, kind)
    ]


def reductions_made(wildcards):
    """Where these lie."""
    return [
        path_of_space(configuration.transformed(config, wildcards.space, kind))
        for kind in kinds_of_reductions_made(wildcards)
    ]


def path_of_graph(asked):
    """Where a graph lies, as `graphs.asked` names it, if it is needed and several jobs need it."""
    return GRAPH.replace("{graph}", asked[0].name) if asked and asked[0].name in GRAPHS else []


def graph_for_space(wildcards):
    """The graph that a space is made by, if it lies in a file."""
    return path_of_graph(graphs.of_space(config, wildcards.space))


def graph_for_method(wildcards):
    """The graph that a method clusters by, if it lies in a file."""
    return path_of_graph(graphs.of_method(METHODS[wildcards.method]))


def graphs_of_reductions(wildcards):
    """The files of graphs of a space as it is and reduced, by what was done to it."""
    made = {
        kind: configuration.transformed(config, wildcards.space, kind)
        for kind in configuration.REDUCTIONS
    }
    names = {"none": wildcards.space} | {kind: name for kind, name in made.items() if name}
    found = {done: graphs.Key(name).name for done, name in names.items()}
    return {done: GRAPH.replace("{graph}", name) for done, name in found.items() if name in GRAPHS}


def catalogue_for_graph(wildcards):
    """The catalogue, if a graph is of songs or balanced over some column of it."""
    return "<results>/catalogue.parquet" if graph_sees_catalogue(wildcards.graph) else []


def level_of_graph(graph):
    """What the rows of a graph are, clips or songs."""
    return configuration.level(config, GRAPHS[graph][0].space)


def graph_sees_catalogue(graph):
    """Whether finding a graph needs some column of the catalogue."""
    return GRAPHS[graph][0].balance != "none" or level_of_graph(graph) == configuration.SONG


def table_for_block(name):
    """The table `<results>/<name>.parquet`, if the kind of block reads it."""

    def table(wildcards):
        reads = kinds.declared("blocks", kind_of(wildcards), "READS")
        return f"<results>/{name}.parquet" if name in reads else []

    return table


def descriptors_for_block(wildcards):
    """The sets of descriptors, if the kind of block is made of any."""
    return [DESCRIPTORS.replace("{set}", name) for name in SPACES[wildcards.space].get("sets", [])]


def vectors_for_block(wildcards):
    """The file of vectors, if the kind of block takes one from outside."""
    return SPACES[wildcards.space].get("path", [])


def level_of_parents(space):
    """What has a vector of its own in what a space is made from."""
    return configuration.level(config, *configuration.parents(config, space))


def sees_catalogue(space):
    """Whether making a space needs some column of the catalogue, or the songs that it is of."""
    family, asked = configuration.family_of(SPACES[space]["kind"]), graphs.of_space(config, space)
    needs = kinds.declared(family, SPACES[space]["kind"], "NEEDS")
    balanced = asked and asked[0].balance != "none"
    of_songs = level_of_parents(space) == configuration.SONG
    return bool(family == "networks" or needs or balanced or of_songs)


def catalogue_for_transform(wildcards):
    """The catalogue, if a transform, or its graph, is handed anything of it."""
    return "<results>/catalogue.parquet" if sees_catalogue(wildcards.space) else []


def levels_of_methods():
    """What each method clusters, clips or songs."""
    return [configuration.level(config, method["space"]) for method in METHODS.values()]


def choice_for_method(wildcards):
    """The choice of k for the space of a method, if it is told one."""
    told = wildcards.method in TOLD_AUTO
    return f"<results>/choosing/{METHODS[wildcards.method]['space']}.parquet" if told else []


def record_of_audio_model(model):
    """The record of a model on the hub, once it is fetched."""
    return f"resources/audio_models/{configuration.slug(model)}.json"


def record_for_listening(wildcards):
    """The same of the model of a space, if it has to be fetched."""
    model = AUDIO_MODELS[wildcards.space]
    return record_of_audio_model(model) if is_on_hub(model) else []


def clips_for_block(wildcards):
    """The shards of embedded clips, if the kind of block is made of any."""
    if wildcards.space not in AUDIO_MODELS:
        return []
    return expand(EMBEDDED, space=wildcards.space, shard=SHARDS)


def described_sources(_):
    """Each source as one line of text, with the path of its data set."""
    paths = SYNTHESISED | FETCHED
    return [
        json.dumps({"path": paths.get(source.get("dataset"))} | source, sort_keys=True)
        for source in config["sources"]
    ]


def datasets_of_sources(_):
    """What has to be there before the sources can be listed: folders made, records of fetched."""
    names = [source["dataset"] for source in config["sources"] if "dataset" in source]
    return [SYNTHESISED[name] if name in SYNTHESISED else f"{FETCHED[name]}.json" for name in names]


def records_of_downloads(_):
    """The records of what this configuration has to have fetched."""
    fetched = [path for path in datasets_of_sources(_) if path.endswith(".json")]
    models = {record_of_audio_model(m) for m in AUDIO_MODELS.values() if is_on_hub(m)}
    return fetched + [FETCHED_MODEL] * ON_HUB + sorted(models)


def factors_of_sources(_):
    """What the demo's clips were made from, if there are no others."""
    made = [source.get("dataset") in SYNTHESISED for source in config["sources"]]
    return rules.synthesise_demo.output.factors if all(made) else []


def digests(_):
    """Fingerprints of the sources' files: a folder as input would not tell of a new file."""
    return [files.digest(source["path"]) for source in config["sources"] if "path" in source]


def of_runs(key, runs, name):
    """A file of each of `runs`, which a key of the configuration names; an absent one is told."""

    def paths(_):
        found = [f"results/{run}/{name}" for run in runs]
        for run, path in zip(runs, found):
            if run != config["run"] and not Path(path).exists():
                raise WorkflowError(
                    f"{key} names the run {run!r}, but there is no {path}: make it first by "
                    f"`snakemake tables --cores 8 --configfile config/{run}.yaml`, or with the "
                    f"layer that says run: {run} wherever it lies"
                )
        return found

    return paths


def condition_of_method(name):
    """What a method, or its space, is told."""
    return configuration.condition(config, METHODS[name]["space"], then=[METHODS[name]])


def claim(condition):
    """The label that what is conditioned so says that it was told."""
    return "genre" if condition == "taught" else condition


def is_learned(name):
    """Whether a network is on the way to a space."""
    return any(step in NETWORKS for step in configuration.lineage(config, name))


def condition_of_panel(panel):
    """What a panel's map, or the method whose clusters colour it, is told."""
    then = [METHODS[panel["colour"]]] if panel["colour"] in METHODS else []
    spaces = [method["space"] for method in then]
    return configuration.condition(config, panel["map"], *spaces, then=then)


def is_vae(name):
    """Whether a space, or one on the way to it, is the latent of a VAE: a network with a beta."""
    kinds_of = [SPACES[step]["kind"] for step in configuration.lineage(config, name)]
    networks = [kind for kind in kinds_of if kind in kinds.kinds("networks")]
    return any("beta" in kinds.schemas("networks", kind) for kind in networks)


def label_of_table(wildcards):
    """What the report calls a table."""
    table = TABLES[wildcards.table]
    name = "Table 2" if table["kind"] == "scores" else TITLES[table["kind"]]
    return f"{name}, k = {table['k']}"


def beta_of_network(name):
    """The beta of a network, or None if its kind has none."""
    row = SPACES[name]
    return kinds.settings("networks", row["kind"], row).get("beta")


def label_of_network(name):
    """The label of the first method that clusters a network's space, or the network's name."""
    labels = [method["label"] for method in METHODS.values() if method["space"] == name]
    return labels[0] if labels else name


def of_run(*names):
    """Files of the run as it lies there; one that is absent is told of."""

    def paths(_):
        check_run()
        found = [os.path.abspath(f"{RESULTS}/{name}") for name in names]
        for path in found:
            if not Path(path).exists():
                raise WorkflowError(
                    f"the run {config['run']!r} has no {os.path.relpath(path)}: songs are placed in "
                    "a run that is done, so make it first, by the same command without assign"
                )
        return found

    return paths


def check_run():
    """Raise an error if the run was made by a configuration that places tracks elsewhere."""
    record = Path(RESULTS, "config.yaml")
    if not Path(RESULTS).is_dir():
        raise WorkflowError(f"there is no run {config['run']!r}: {RESULTS} does not exist")
    if record.exists():
        made = yaml.safe_load(record.read_text(encoding="utf-8"))
        if key := configuration.differs(config, made):
            raise WorkflowError(
                f"{key} is not what the run {config['run']!r} was made with: to place songs in it, "
                f"give its own configuration, --configfile {record}"
            )


def new_source(_):
    """The new songs as a source, one line of text."""
    if ASSIGN["path"] is None:
        raise WorkflowError(
            "assign.path is missing: say where the new songs are, as in --config "
            "'assign={path: /music/new, name: new}'"
        )
    languages = {source.get("language", "unknown") for source in config["sources"]}
    language = ASSIGN["language"] or (languages.pop() if len(languages) == 1 else "unknown")
    source = {"name": ASSIGN["name"], "path": ASSIGN["path"], "language": language, "song": "file"}
    return [json.dumps(source, sort_keys=True)]


def code_of_placing(_):
    """The modules that placing tracks in every space depends on."""
    steps = [json.loads(step) for step in steps_of_placing(_)]
    loaded = {f"hybridmusic.{step['family']}.{step['kind']}" for step in steps}
    return code("place_tracks", *sorted(loaded), *modules_of_sets(SETS_FOR_PLACING))


def steps_of_placing(_):
    """Every space that tracks are placed in, what it is made from first, as a line of text each."""
    steps = []
    for name in ORDERED:
        row = SPACES[name]
        family = configuration.family_of(row["kind"])
        steps.append(
            {
                **{"name": name, "family": family, "kind": row["kind"]},
                "of": configuration.parents(config, name),
                "settings": kinds.settings(family, row["kind"], row),
            }
        )
    return [json.dumps(step, sort_keys=True) for step in steps]


def moved_centroids(_):
    """Where the centroids that an earlier batch left lie, if this one follows one."""
    return of_run(f"assign/{ASSIGN['after']}.centroids.parquet")(_) if ASSIGN["after"] else []
