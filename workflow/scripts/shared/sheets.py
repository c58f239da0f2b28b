"""Write tables for readers, in every form."""

import json
import logging
from itertools import chain
from pathlib import Path

import pandas as pd

from hybridmusic.tables.sheet import Sheet, forms
from shared import job

logger = logging.getLogger(__name__)


def write(sheet: Sheet, numbers: pd.DataFrame, output) -> None:
    """Write numbers as CSV, a sheet in every form for readers, and its verdicts as JSON and log.

    `output` has the paths `csv`, `md`, `tex`, `html` and `words`.
    """
    job.write_text(numbers.to_csv(index=False, float_format="%.6g"), output["csv"])
    for ending, text in forms(sheet, Path(output["csv"]).stem).items():
        job.write_text(text, output[ending])
    verdicts = {heading: said for heading, said in sheet.verdicts.items() if said}
    for sentence in chain(*verdicts.values()):
        logger.info("%s", sentence)
    job.write_text(json.dumps(verdicts, ensure_ascii=False, indent=1) + "\n", output["words"])
