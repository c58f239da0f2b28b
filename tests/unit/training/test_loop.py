"""Networks that a run left on disk."""

import numpy as np
import pytest
import torch
from project import printed_by
from teaching import data, given, settings, widths
from torch import nn
from torch.distributions import Normal, kl_divergence

from hybridmusic import kinds
from hybridmusic.networks._layers import Linear
from hybridmusic.training import labels, loop

pytestmark = pytest.mark.numerical


def test_a_network_that_was_left_on_disk_encodes_as_it_did():
    settings = kinds.settings("networks", "vae", {"hidden": [8], "latent": 2})
    network = loop.build("vae", 5, 2, [3, 4], settings)
    described = {"kind": "vae", "features": 5, "classes": ["p", "q"], "seeds": [3, 4], **settings}
    again = loop.restored(described, network.state_dict())
    x = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    condition = labels.one_hot(["p", "q", None] * 2 + ["r"], ["p", "q"])
    found = loop.encode(again, x, condition).latent
    np.testing.assert_array_equal(found, loop.encode(network, x, condition).latent)


@pytest.mark.parametrize("kind", kinds.kinds("networks"))
def test_a_seed_trains_the_same_alone_and_among_others(kind):
    x, condition, chosen = data(), np.zeros((30, 0)), settings(kind)
    together = loop.build(kind, widths(kind, 12), 0, [5, 6, 7], chosen)
    history = loop.train(together, x, condition, [5, 6, 7], chosen, **given(chosen, x, [5, 6, 7]))
    alone = loop.build(kind, widths(kind, 12), 0, [6], chosen)
    own = loop.train(alone, x, condition, [6], chosen, **given(chosen, x, [6]))
    for name, weight in alone.named_parameters():
        torch.testing.assert_close(
            dict(together.named_parameters())[name][1:2], weight, rtol=1e-4, atol=1e-5
        )
    of_seed = history[history["seed"] == 6].reset_index(drop=True)
    np.testing.assert_allclose(of_seed["reconstruction"], own["reconstruction"], rtol=1e-4)
    np.testing.assert_allclose(of_seed["kl"], own["kl"], rtol=1e-3, atol=1e-6)
    other = history[history["seed"] == 7].reset_index(drop=True)
    assert not np.allclose(other["reconstruction"], own["reconstruction"], rtol=1e-3)


def test_evidence_is_the_expectation_under_the_gaussians():
    """Against torch.distributions, with other draws."""
    x, chosen = data(40), settings("vae", latent=3)
    network = loop.build("vae", 12, 0, [0, 1], chosen)
    log_likelihood, kl = loop.evidence(network, x, np.zeros((40, 0)), seed=0, samples=500)
    with torch.no_grad():
        batch = torch.as_tensor(x).expand(2, 40, 12)
        mean, log_variance = network.encode(batch, batch[:, :, :0])
        posterior = Normal(mean, torch.exp(0.5 * log_variance))
        expected_kl = kl_divergence(posterior, Normal(0, 1)).sum(-1).mean(1)
        likelihoods = torch.stack(
            [
                Normal(network.decode(posterior.sample(), batch[:, :, :0]), 0.5**0.5)
                .log_prob(batch)
                .sum(-1)
                .mean(1)
                for _ in range(500)
            ]
        )
    np.testing.assert_allclose(kl, expected_kl, rtol=1e-5)
    np.testing.assert_allclose(log_likelihood, likelihoods.mean(0), rtol=5e-3)


def test_training_equals_a_plain_loop():
    """An autoencoder rebuilt with nn.Linear, trained unshuffled on summed errors."""
    x, chosen = data(20, 6), settings("autoencoder", hidden=[5, 4], latent=3, shuffle=False)
    network = loop.build("autoencoder", 6, 0, [0], chosen)
    layers = [module for module in network.modules() if isinstance(module, Linear)]
    plain = []
    for number, layer in enumerate(layers):
        linear = nn.Linear(*layer.weight.shape[1:])
        linear.weight.data, linear.bias.data = layer.weight[0].T.clone(), layer.bias[0, 0].clone()
        plain += [linear] if number in (2, 5) else [linear, nn.ReLU()]
    plain = nn.Sequential(*plain)
    loop.train(network, x, np.zeros((20, 0)), [0], chosen)
    optimiser = torch.optim.Adam(plain.parameters(), lr=0.01, fused=True)
    batches = torch.as_tensor(x).split(8)
    for _ in range(3):
        for batch in batches:
            optimiser.zero_grad()
            ((plain(batch) - batch) ** 2).sum().backward()
            optimiser.step()
    encoded = loop.encode(network, x, np.zeros((20, 0)))
    expected = plain(torch.as_tensor(x)).detach().numpy()
    np.testing.assert_allclose(encoded.reconstruction[0], expected, rtol=1e-3, atol=1e-4)


def test_training_learns_and_reports():
    x = np.repeat(data(200, 2), 6, axis=1)
    chosen = settings("autoencoder", epochs=40, batch_size=32)
    network = loop.build("autoencoder", 12, 0, [0], chosen)
    history = loop.train(network, x, np.zeros((200, 0)), [0], chosen)
    assert list(history["epoch"]) == list(range(1, 41))
    assert (history["kl"] == 0).all()
    # The error falls from 0.86 ± 0.04 to 0.009 ± 0.009 over 20 seeds.
    assert history["reconstruction"].iloc[-1] < 0.1 < history["reconstruction"].iloc[0] / 4


def test_active_units_counts_what_varies():
    latent = np.zeros((1, 50, 3))
    latent[0, :, 1] = np.random.default_rng(0).normal(size=50)
    encoded = loop.Encoded(latent, latent, np.zeros((1, 50)), np.zeros((1, 3)))
    assert encoded.active_units().tolist() == [1]


def test_informative_units_counts_what_differs_from_the_prior():
    """Means of variance 0.012 are active, but have a KL of 0.006 nats only."""
    network = loop.build("vae", 4, 0, [0, 1], settings("vae", latent=3))
    means = torch.zeros(2, 4000, 3)
    means[0, :, 0] = 0.11 * torch.randn(4000, generator=torch.Generator().manual_seed(0))
    means[0, :, 1] = torch.randn(4000, generator=torch.Generator().manual_seed(1))
    variances = torch.ones(2, 4000, 3)
    variances[1, :, 2] = 0.25
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "encode", lambda x, condition: (means, variances.log()))
        encoded = loop.encode(network, np.zeros((4000, 4)), np.zeros((4000, 0)))
    assert encoded.active_units().tolist() == [2, 0]
    assert encoded.informative_units().tolist() == [1, 1]
    expected = kl_divergence(Normal(means, variances.sqrt()), Normal(0, 1))
    np.testing.assert_allclose(encoded.unit_kl, expected.mean(dim=1), atol=1e-6)
    np.testing.assert_allclose(encoded.kl, expected.sum(dim=2), atol=1e-6)
    plain = loop.build("autoencoder", 4, 0, [0], settings("autoencoder"))
    encoded = loop.encode(plain, np.zeros((5, 4)), np.zeros((5, 0)))
    assert np.isnan(encoded.informative_units()).all()


def test_a_space_of_several_seeds_trains_each_seed_on_its_own_vectors():
    x = np.stack([data(seed=1), data(seed=2)])
    chosen = settings("autoencoder")
    network = loop.build("autoencoder", 12, 0, [0, 1], chosen)
    loop.train(network, x, np.zeros((30, 0)), [0, 1], chosen)
    alone = loop.build("autoencoder", 12, 0, [1], chosen)
    loop.train(alone, x[1], np.zeros((30, 0)), [1], chosen)
    torch.testing.assert_close(network.code.weight[1], alone.code.weight[0], rtol=1e-4, atol=1e-5)


def test_training_does_not_load_torchs_compiler():
    # It takes about a second, as long as the paper's smallest network.
    program = (
        "import sys, numpy; from shared import devices; from hybridmusic import kinds; "
        "from hybridmusic.training import loop; "
        "devices.prepare(1); x = numpy.eye(8, dtype='float32'); "
        "settings = kinds.settings('networks', 'vae', {'epochs': 1}); "
        "network = loop.build('vae', 8, 0, [1, 2], settings); "
        "loop.train(network, x, x[:, :0], [1, 2], settings); "
        "print([name for name in ('torch._dynamo', 'torch._inductor') if name in sys.modules])"
    )
    assert printed_by(program).strip() == "[]"
