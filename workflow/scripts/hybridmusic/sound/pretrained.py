"""Embeds clips with an audio model of the library transformers, trained by somebody else.

Models whose code lies beside their weights are not loaded: weights are read as safetensors, and
code is the library's alone.
"""

from __future__ import annotations

import os
from itertools import groupby

import numpy as np
import torch

from hybridmusic.errors import InputError

# Clips at once; those of one call have one length, so that nothing is padded.
BATCH = 16
# Weights that only training uses, and that a model may lack.
SPARE = ("masked_spec_embed",)


class Listener:
    """A model in `folder`, and what prepares sound for it at `rate` Hz.

    Raises InputError if it is no audio model, or cannot be loaded whole.
    """

    def __init__(self, folder: str, device: str = "cpu"):
        # Compute nodes have no network, and what is computed must not depend on one.
        os.environ["HF_HUB_OFFLINE"] = "1"
        from transformers import AutoFeatureExtractor, AutoModel

        try:
            self.prepare = AutoFeatureExtractor.from_pretrained(folder, trust_remote_code=False)
            self.model, loaded = AutoModel.from_pretrained(
                folder, use_safetensors=True, trust_remote_code=False, output_loading_info=True
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
            raise InputError(
                f"the audio model {folder!r} cannot be loaded ({reason}): it has to be a folder "
                "that transformers saved, with weights as safetensors and a feature extractor"
            ) from error
        # Whatever is missing has been drawn at random.
        missing = sorted(key for key in loaded["missing_keys"] if not key.endswith(SPARE))
        if missing:
            raise InputError(
                f"the audio model {folder!r} lacks {len(missing)} of its weights, such as "
                f"{missing[0]}"
            )
        self.rate = getattr(self.prepare, "sampling_rate", None)
        if self.rate is None:
            raise InputError(
                f"{folder!r} is no audio model: what prepares its input takes no sound"
            )
        self.model.eval().to(device)

    def embed(self, clips: list[np.ndarray], layer: int | None) -> np.ndarray:
        """The embedding of each of `clips`, which are mono at `rate`: (clips, d), float32.

        It is the mean over time of a layer, 0 being what enters the first, or of the last if
        `layer` is None; of a model that joins sound and text it is the point in their common
        space, and there is no choice of a layer.
        """
        order = sorted(range(len(clips)), key=lambda n: len(clips[n]))
        vectors: list[np.ndarray] = [np.empty(0)] * len(clips)
        for _, group in groupby(order, key=lambda n: len(clips[n])):
            alike = list(group)
            for start in range(0, len(alike), BATCH):
                some = alike[start : start + BATCH]
                found = self._embedded([clips[n] for n in some], layer)
                for n, vector in zip(some, found, strict=True):
                    vectors[n] = vector
        return np.stack(vectors)

    @torch.inference_mode()
    def _embedded(self, clips: list[np.ndarray], layer: int | None) -> np.ndarray:
        # Some cut long sound at random.
        np.random.seed(0)
        prepared = self.prepare(clips, sampling_rate=self.rate, return_tensors="pt")
        inputs = {name: value.to(self.model.device) for name, value in prepared.items()}
        if hasattr(self.model, "get_audio_features"):
            if layer is not None:
                raise InputError("a model that joins sound and text has no layers to choose from")
            found = self.model.get_audio_features(**inputs)
            pooled = found if isinstance(found, torch.Tensor) else found.pooler_output
        else:
            model = self.model
            if model.config.is_encoder_decoder:
                model = model.get_encoder()
            found = model(**inputs, output_hidden_states=True)
            states = found.hidden_states
            if layer is not None and not -len(states) <= layer < len(states):
                raise InputError(
                    f"the model has the layers 0 to {len(states) - 1}, not {layer} (layer)"
                )
            chosen = found.last_hidden_state if layer is None else states[layer]
            pooled = chosen.mean(dim=1)
        return pooled.float().cpu().numpy()
