"""nvchecker on a double of GitHub: python -m tests.tools.nvchecker_at URL OPTION…

It can be told another host, but asks that by https; the double speaks http.
"""

import runpy
import sys
from importlib import import_module

# The host is filled in, of which nothing is printed, and OWNER/NAME.
url = f"{sys.argv.pop(1)}/repos%.0s/%s/releases/latest"
vars(import_module("nvchecker_source.github"))["GITHUB_LATEST_RELEASE"] = url
runpy.run_module("nvchecker", run_name="__main__", alter_sys=True)
