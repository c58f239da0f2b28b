"""Figures as tests look at them, and tables to draw."""

import numpy as np
import pandas as pd

NASTY = ["$x_", r"\frac{", "<b>&amp;", "গান", "a" * 300, "line\nbreak", "%s {0}"]


def rendered(figure):
    """Draw for real, because that is when text is laid out."""
    figure.canvas.draw()
    return figure


def texts(figure):
    words = [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]
    return [text for text in words if text]


def tuned(genres=True, seeds=(0, 1)):
    """Make a table of the kind `tuning`; scores depend on beta, learning rate and seed alone."""
    rows = [
        {
            "latent": latent,
            "beta": beta,
            "learning_rate": rate,
            "seed": seed,
            "elbo": -10 * beta - 1000 * rate + seed,
            "kl": 4 / beta,
            "reconstruction": 0.2 * beta,
            "nmi": (0.2 if rate < 0.001 else 0.3) + 0.01 * beta if genres else np.nan,
        }
        for latent in (8, 16)
        for beta in (1.0, 4.0)
        for rate in (0.001, 0.0005)
        for seed in seeds
    ]
    return pd.DataFrame(rows)
