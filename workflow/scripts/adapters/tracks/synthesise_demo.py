"""Synthesise the demo's corpus: clips as FLAC, and the factors that generated them as a table."""

import logging
import shutil
from pathlib import Path

import pandas as pd
import soundfile

from hybridmusic.demo import recipes, synthesis
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    folders = {language: Path(snakemake.output[language]) for language in recipes.GENRES}
    temporary = {
        language: folder.with_name(f".{folder.name}") for language, folder in folders.items()
    }
    for folder in temporary.values():
        shutil.rmtree(folder, ignore_errors=True)
    rows = []
    for clip in synthesis.corpus(snakemake.params.seed):
        below = Path(clip.genre, f"{clip.song}.{clip.clip}.flac")
        path = temporary[clip.language] / below
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, clip.samples, synthesis.SAMPLE_RATE, subtype="PCM_16")
        rows.append(
            {
                "file_path": str(folders[clip.language] / below),
                "language": clip.language,
                "genre": clip.genre,
                "song": clip.song,
                **clip.factors,
            }
        )
    for language, folder in folders.items():
        shutil.rmtree(folder, ignore_errors=True)
        temporary[language].rename(folder)
    logger.info("%d clips synthesised", len(rows))
    job.write_table(pd.DataFrame(rows), "factors", snakemake.output.factors)


if __name__ == "__main__":
    job.run(main, snakemake)
