"""Paths of files that several rules read; `<results>` is the folder of the run."""

from hybridmusic.tracks.datasets import DATASETS

CATALOGUE = "<results>/catalogue.parquet"
FEATURES = "<results>/features.parquet"
SENTENCES = "<results>/sentences.parquet"
EMBEDDINGS = "<results>/embeddings.parquet"
MEASURES = "<results>/spaces.parquet"
CLUSTERING = "<results>/clusterings/{method}.parquet"
SPACE = "<results>/spaces/{space}.parquet"
GRAPH = "<results>/neighbours/{graph}.parquet"
CHOICE = "<results>/choosing_k/{space}.parquet"
DESCRIPTORS = "<results>/descriptors/{set}.parquet"
TUNED = "<results>/tuning/latent_{latent}.parquet"
EMBEDDED = "<results>/pretrained/{space}/{shard}.parquet"
# Data sets that a source can name, under resources/: made by a rule, or fetched by one.
SYNTHESISED = {f"demo_{name}": f"resources/demo/{name}" for name in ("english", "bangla")}
FETCHED = {name: f"resources/{name}" for name in DATASETS}
