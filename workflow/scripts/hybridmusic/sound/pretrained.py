"""Embed clips with a pretrained audio model of the library transformers.

Only the library's own code runs: weights are read as safetensors, and a model that brings its own
code is refused.
"""

from __future__ import annotations

import os
from itertools import groupby

import numpy as np
import torch

from hybridmusic.errors import InputError

# Clips per call of the model; all have one length, so that none is padded.
BATCH = 16
# Weights that only training uses, so that a model may lack them.
SPARE = ("masked_spec_embed",)


class Listener:
    """A pretrained audio model; its attribute `rate` is the sample rate that it needs, Hz.

    `folder` has a model and its feature extractor, as transformers saves them. Raises InputError if
    it is not an audio model, or cannot be loaded completely.
    """

    def __init__(self, folder: str, device: str = "cpu"):
        # Compute nodes have no network, and results must not depend on one.
        os.environ["HF_HUB_OFFLINE"] = "1"
        from transformers import AutoFeatureExtractor, AutoModel

        try:
            self.prepare = AutoFeatureExtractor.from_pretrained(folder, trust_remote_code=False)
            self.model, loaded = AutoModel.from_pretrained(
                folder, use_safetensors=True, trust_remote_code=False, output_loading_info=True
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            lines = str(error).strip().splitlines() or [repr(error)]
            raise InputError(
                f"the audio model {folder!r} cannot be loaded ({lines[0]}): it has to be a folder "
                "that transformers saved, with weights as safetensors and a feature extractor"
            ) from error
        # The library draws missing weights at random.
        missing = sorted(key for key in loaded["missing_keys"] if not key.endswith(SPARE))
        if missing:
            raise InputError(
                f"the audio model {folder!r} lacks {len(missing)} of its weights, such as "
                f"{missing[0]}: choose a model that is complete"
            )
        self.rate = getattr(self.prepare, "sampling_rate", None)
        if self.rate is None:
            raise InputError(
                f"{folder!r} is not an audio model: its feature extractor takes no sound"
            )
        self.model.eval().to(device)

    def embed(self, clips: list[np.ndarray], layer: int | None) -> np.ndarray:
        """Embed mono clips, each (samples,) at `rate` Hz: (clips, d), float32.

        A model that joins sound and text gives the point in their common space. Any other gives the
        mean of a layer over time: 0 is the input of the first, None the last one.
        """
        order = sorted(range(len(clips)), key=lambda n: len(clips[n]))
        vectors: list[np.ndarray] = [np.empty(0)] * len(clips)
        for _, group in groupby(order, key=lambda n: len(clips[n])):
            alike = list(group)
            for start in range(0, len(alike), BATCH):
                some = alike[start : start + BATCH]
                embedded = self._embedded([clips[n] for n in some], layer)
                for n, vector in zip(some, embedded, strict=True):
                    vectors[n] = vector
        return np.stack(vectors)

    @torch.inference_mode()
    def _embedded(self, clips: list[np.ndarray], layer: int | None) -> np.ndarray:
        # Some feature extractors cut long clips at random.
        np.random.seed(0)
        prepared = self.prepare(clips, sampling_rate=self.rate, return_tensors="pt")
        inputs = {name: value.to(self.model.device) for name, value in prepared.items()}
        if hasattr(self.model, "get_audio_features"):
            if layer is not None:
                raise InputError(
                    f"layer is {layer}, but a model that joins sound and text has no layers to "
                    "choose from: leave it out"
                )
            output = self.model.get_audio_features(**inputs)
            pooled = output if isinstance(output, torch.Tensor) else output.pooler_output
        else:
            model = self.model
            if model.config.is_encoder_decoder:
                model = model.get_encoder()
            output = model(**inputs, output_hidden_states=True)
            states = output.hidden_states
            if layer is not None and not -len(states) <= layer < len(states):
                raise InputError(
                    f"layer is {layer}; allowed for this model: 0 to {len(states) - 1}"
                )
            chosen = output.last_hidden_state if layer is None else states[layer]
            pooled = chosen.mean(dim=1)
        return pooled.float().cpu().numpy()
