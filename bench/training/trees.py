"""Take grown trees out of scikit-learn."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from extraction.trained.trees import Trees

SEED = 20


def exported(boosted: HistGradientBoostingClassifier) -> Trees:
    """Return the nodes of scikit-learn's trees as plain arrays."""
    nodes = [stage[0].nodes for stage in boosted._predictors]
    shape = (len(nodes), max(len(one) for one in nodes))
    column, left, right = (np.zeros(shape, np.uint8) for _ in range(3))
    threshold, value = (np.zeros(shape, np.float32) for _ in range(2))
    for number, one in enumerate(nodes):
        own, count = np.arange(len(one)), len(one)
        leaf = one["is_leaf"].astype(bool)
        column[number, :count] = np.where(leaf, 0, one["feature_idx"])
        threshold[number, :count] = np.where(leaf, 0, one["num_threshold"])
        left[number, :count] = np.where(leaf, own, one["left"])
        right[number, :count] = np.where(leaf, own, one["right"])
        value[number, :count] = np.where(leaf, one["value"], 0)
    depth = max(int(one["depth"].max()) for one in nodes)
    return Trees(column, threshold, left, right, value, float(np.ravel(boosted._baseline_prediction)[0]), depth)
