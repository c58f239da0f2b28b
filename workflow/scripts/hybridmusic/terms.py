"""Words that more than one room uses: row levels, numbers of clusters, and what influenced a space.

Constants only, so that a module can share a word without depending on what computes with it.
"""

# Row levels: a space or clustering has one row for each clip, or one for each song.
CLIP, SONG = "clip", "song"
# In `k`: as many clusters as genres, or as many as are stable without labels.
GENRES, AUTO = "genres", "auto"
# Conditions of a space or clustering: no label, a label, genres by supervised training, and a
# model that was trained on other data than the tracks of the run.
NONE, LANGUAGE, GENRE, SUPERVISED, ELSEWHERE = (
    *("none", "language", "genre", "supervised"),
    "other data",
)
# Label that a condition declares, where it is not the condition itself.
DECLARED = {SUPERVISED: GENRE}
# The space that the paper measures internal scores in, whatever space was clustered.
REFERENCE = "hybrid"
# The cluster of tracks that belong to no cluster.
NOISE = -1
# Ends the names of scores that leave noise out.
WITHOUT_NOISE = "_without_noise"
# The space of a study of reduction that is not reduced.
AS_IS = "none"
# Metrics of agreement with genre.
NMI, ARI, ACCURACY = "nmi", "ari", "accuracy"
# Predictions of genre from few labels, and the difference between classifier and SVM.
LATENT, CLASSIFIER, SVM, DIFFERENCE = "latent", "classifier", "svm", "difference"
# What was fitted again on halves of the tracks: all, clusters of given vectors, or nothing.
ALL, CLUSTERS, NOTHING = "all", "clusters", "nothing"
