"""What every adapter that writes a table for people needs."""

import json
import logging
from itertools import chain
from pathlib import Path

import pandas as pd

from hybridmusic.tables.sheet import Sheet, forms
from shared import job

logger = logging.getLogger(__name__)


def write(sheet: Sheet, numbers: pd.DataFrame, output) -> None:
    """Write `numbers` as CSV, the sheet in every form for readers, and its verdicts as JSON.

    `output` has a path each: `csv`, `md`, `tex`, `html` and `words`. Verdicts are logged too.
    """
    job.write_text(numbers.to_csv(index=False, float_format="%.6g"), output["csv"])
    for ending, text in forms(sheet, Path(output["csv"]).stem).items():
        job.write_text(text, output[ending])
    verdicts = {heading: told for heading, told in sheet.verdicts.items() if told}
    for sentence in chain(*verdicts.values()):
        logger.info("%s", sentence)
    job.write_text(json.dumps(verdicts, ensure_ascii=False, indent=1) + "\n", output["words"])
