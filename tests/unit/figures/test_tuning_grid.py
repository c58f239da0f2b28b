"""Heat maps of the tuning grid."""

from drawing import rendered, texts, tuned

from hybridmusic.figures import tuning_grid


def test_the_tuning_grid_shows_every_mean_and_frames_the_best():
    figure = rendered(tuning_grid.draw(tuned()))
    said = texts(figure)
    assert said.count("−10.0\n±0.7") == 2  # the faster rate at beta 1, one for each latent size
    assert said.count("0.340\n±0.000") == 2
    assert {"Learning rate 0.001", "Learning rate 0.0005", "ELBO (nats per track)"} <= set(said)
    frames = [[patch.get_x() for patch in ax.patches] for ax in figure.axes[:4]]
    # Best by ELBO the slower rate at each beta, by NMI the faster one at beta 4.
    assert [len(found) for found in frames] == [0, 2, 1, 0]
    alone = texts(rendered(tuning_grid.draw(tuned(genres=False, seeds=(0,)))))
    assert "−11.0" in alone
    assert "NMI with genre" not in alone
