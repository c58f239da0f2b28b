"""Replay steps on a GPU as CUDA graphs, because launching small steps takes longer than they do."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


class Replayed:
    """A `step` that changes tensors in place, recorded as a CUDA graph for each set of shapes.

    The first call with tensors of given shapes runs `step`, the second records it, and later calls
    replay the recording on the tensors' values. So `step` must not wait for the GPU, and must keep
    the tensors that it changes. Kernels and their order stay the same.
    """

    def __init__(self, step: Callable[..., None]):
        self._step = step
        self._seen: set[tuple] = set()
        self._recorded: dict[tuple, tuple[torch.cuda.CUDAGraph, list[Tensor]]] = {}
        # Gradients belong to the stream of their first use, and recording needs its own stream.
        self._stream = torch.cuda.Stream()

    def __call__(self, *tensors: Tensor) -> None:
        """Run, record or replay the step, in the stream of this object."""
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            self._run(tensors)
        torch.cuda.current_stream().wait_stream(self._stream)

    def _run(self, tensors: tuple[Tensor, ...]) -> None:
        shapes = tuple(tensor.shape for tensor in tensors)
        if shapes not in self._seen:
            self._seen.add(shapes)
            self._step(*tensors)
            return
        if shapes not in self._recorded:
            inputs, graph = [tensor.clone() for tensor in tensors], torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, stream=self._stream):
                self._step(*inputs)
            self._recorded[shapes] = graph, inputs
        graph, inputs = self._recorded[shapes]
        for target, tensor in zip(inputs, tensors, strict=True):
            target.copy_(tensor)
        graph.replay()
