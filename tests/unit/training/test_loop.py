"""Networks that a run left on disk."""

import numpy as np

from hybridmusic import kinds
from hybridmusic.training import labels, loop


def test_a_network_that_was_left_on_disk_encodes_as_it_did():
    settings = kinds.settings("networks", "vae", {"hidden": [8], "latent": 2})
    network = loop.build("vae", 5, 2, [3, 4], settings)
    described = {"kind": "vae", "features": 5, "classes": ["p", "q"], "seeds": [3, 4], **settings}
    again = loop.restored(described, network.state_dict())
    x = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    condition = labels.one_hot(["p", "q", None] * 2 + ["r"], ["p", "q"])
    found = loop.encode(again, x, condition).latent
    np.testing.assert_array_equal(found, loop.encode(network, x, condition).latent)
