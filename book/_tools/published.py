"""Write the page of public benchmarks from the reports that are kept in book/results.

    companion benchmark sst2 --keep book/results
    python book/_tools/published.py
"""

from pathlib import Path

from companion.benchmarks.command import write_page

BOOK = Path(__file__).parents[1]

if __name__ == "__main__":
    write_page(BOOK / "results", BOOK / "published.md")
