"""Adam with several learning rates against PyTorch's."""

import numpy as np
import pytest
import torch
from teaching import data, settings

from hybridmusic.training import loop

pytestmark = pytest.mark.numerical


def test_each_member_has_a_beta_and_a_learning_rate_of_its_own():
    """Rates and betas in any order: each network is the one that trains alone."""
    x, condition, seeds = data(60), np.zeros((60, 0)), [5, 5, 6, 5, 6]
    rates, betas = [0.01, 0.01, 0.001, 0.001, 0.01], [1.0, 4.0, 4.0, 0.0, 2.0]
    chosen = settings("vae", latent=4)
    together = loop.build("vae", 12, 0, seeds, chosen)
    own = chosen | {"learning_rate": rates, "beta": betas}
    history = loop.train(together, x, condition, seeds, own)
    for number, (seed, rate, beta) in enumerate(zip(seeds, rates, betas, strict=True)):
        alone = loop.build("vae", 12, 0, [seed], chosen)
        own = chosen | {"learning_rate": rate, "beta": beta}
        expected = loop.train(alone, x, condition, [seed], own)
        for name, weight in alone.named_parameters():
            found = dict(together.named_parameters())[name][number : number + 1]
            torch.testing.assert_close(found, weight, rtol=1e-4, atol=1e-5)
        row = history[history["epoch"] == 3].iloc[number]
        assert row["kl"] == pytest.approx(expected["kl"].iloc[-1], rel=1e-3)


def test_one_learning_rate_is_plain_adam_to_the_bit():
    """The same ensemble in a loop rebuilt around torch's Adam, fused as well."""
    x, seeds, chosen = data(), [5, 6], settings("vae", beta=4.0, latent=4)
    found, plain = (loop.build("vae", 12, 0, seeds, chosen) for _ in range(2))
    loop.train(found, x, np.zeros((30, 0)), seeds, chosen)
    optimiser = torch.optim.Adam(plain.parameters(), lr=0.01, fused=True)
    draws = loop.generators(seeds, stream=1)
    rows = torch.as_tensor(x).expand(2, 30, 12)
    for _ in range(3):
        order = torch.stack([torch.randperm(30, generator=draw) for draw in draws])
        noise = torch.stack([torch.randn(30, 4, generator=draw) for draw in draws])
        for chosen, drawn in zip(order.split(8, dim=1), noise.split(8, dim=1), strict=True):
            batch = torch.stack([rows[0, chosen[0]], rows[1, chosen[1]]])
            nothing = batch[:, :, :0]
            mean, log_variance = plain.encode(batch, nothing)
            z = mean + drawn * torch.exp(0.5 * log_variance)
            error = ((plain.decode(z, nothing) - batch) ** 2).sum(dim=(1, 2))
            kl = loop.kl_divergence(mean, log_variance).sum(dim=1)
            optimiser.zero_grad()
            (error + 4.0 * kl).sum().backward()
            optimiser.step()
    for one, other in zip(found.parameters(), plain.parameters(), strict=True):
        assert torch.equal(one, other)
