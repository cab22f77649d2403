"""One torch thread for every test here: results then do not depend on how sums were split, and two cores go round."""

import pytest
import torch


@pytest.fixture(autouse=True)
def one_torch_thread():
    torch.set_num_threads(1)
