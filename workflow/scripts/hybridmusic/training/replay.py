"""Steps that a GPU repeats by itself: small ones take longer to ask for than to do."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


class Replayed:
    """A `step` that changes tensors in place, recorded as a CUDA graph for each shape it is given.

    The first call with tensors of some shapes is done as it is, the second recorded, and from then
    on the recording is played on what the tensors hold. So `step` may neither wait for the GPU nor
    let go of a tensor that it changes. Its kernels and their order stay the same.
    """

    def __init__(self, step: Callable[..., None]):
        self._step = step
        self._seen: set[tuple] = set()
        self._recorded: dict[tuple, tuple[torch.cuda.CUDAGraph, list[Tensor]]] = {}
        # Gradients belong to the stream of their first use, and recording needs one of its own.
        self._stream = torch.cuda.Stream()

    def __call__(self, *tensors: Tensor) -> None:
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            self._done(tensors)
        torch.cuda.current_stream().wait_stream(self._stream)

    def _done(self, tensors: tuple[Tensor, ...]) -> None:
        shapes = tuple(tensor.shape for tensor in tensors)
        if shapes not in self._seen:
            self._seen.add(shapes)
            self._step(*tensors)
            return
        if shapes not in self._recorded:
            held, graph = [tensor.clone() for tensor in tensors], torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, stream=self._stream):
                self._step(*held)
            self._recorded[shapes] = graph, held
        graph, held = self._recorded[shapes]
        for into, tensor in zip(held, tensors, strict=True):
            into.copy_(tensor)
        graph.replay()
