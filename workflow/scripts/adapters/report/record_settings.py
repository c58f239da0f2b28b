"""Record the configuration in effect and the versions of the software."""

import platform
from importlib import metadata

import pandas as pd

from shared import job

PACKAGES = (
    *("av", "matplotlib", "numba", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy"),
    *("sentence-transformers", "soundfile", "torch", "transformers", "umap-learn"),
)


def main(snakemake) -> None:
    job.write_text(snakemake.params.config, snakemake.output.config)
    versions = {"python": platform.python_version()}
    versions |= {name: metadata.version(name) for name in PACKAGES}
    table = pd.DataFrame(versions.items(), columns=["software", "version"])
    job.write_text(table.to_csv(index=False), snakemake.output.software)


if __name__ == "__main__":
    job.run(main, snakemake)
