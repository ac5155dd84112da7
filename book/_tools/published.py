"""Write the page of public benchmarks from the reports that `companion benchmark NAME --keep book/results` kept."""

from pathlib import Path

from companion.benchmarks.command import write_page

BOOK = Path(__file__).parents[1]

if __name__ == "__main__":
    write_page(BOOK / "results", BOOK / "published.md")
