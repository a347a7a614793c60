"""nvchecker on a double of GitHub: python -m tests.tools.nvchecker_at URL OPTION…

It takes the name of another host, and asks that by https; the double speaks http.
"""

import sys

from nvchecker.__main__ import main
from nvchecker_source import github

# Filled in with the host, of which nothing is printed, and OWNER/NAME.
github.GITHUB_LATEST_RELEASE = f"{sys.argv.pop(1)}/repos%.0s/%s/releases/latest"

if __name__ == "__main__":
    main()
