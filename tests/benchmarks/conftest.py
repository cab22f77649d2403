from __future__ import annotations

import os

# What runs BrowserGym needs an environment that takes minutes to install; ``make test-full`` makes it first.
collect_ignore = [] if os.environ.get("WEBARENA_GYM_TEST_SIZE") == "full" else ["test_browsergym_agrees.py"]
