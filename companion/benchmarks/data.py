"""Public data for the optional benchmarks: where it lies, and the checksum that says it is unchanged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from companion.apps._artifact import file_sum
from companion.corpora.cache import CorpusError, cache_folder


class Remote(NamedTuple):
    """A file that somebody else publishes.

    Attributes:
        url: Address, fixed to one version.
        sha256: What its content must have.
    """

    url: str
    sha256: str


_RAW = "https://raw.githubusercontent.com"
FILES: dict[str, Remote] = {
    "cranfield/cran.all.1400.xml": Remote(
        f"{_RAW}/oussbenk/cranfield-trec-dataset/1208e6edfb6cb2527b2c44398d3d8fefd3249144/cran.all.1400.xml",
        "369eb64e59d855b62463832f1338f471cede578571ee7fb33e3592a2a138ff47",
    ),
    "cranfield/cran.qry.xml": Remote(
        f"{_RAW}/oussbenk/cranfield-trec-dataset/1208e6edfb6cb2527b2c44398d3d8fefd3249144/cran.qry.xml",
        "b609a59e980857ba59d098f33433822a5c200bcf6836a320babf2b1a5e7545eb",
    ),
    "cranfield/cranqrel.trec.txt": Remote(
        f"{_RAW}/oussbenk/cranfield-trec-dataset/1208e6edfb6cb2527b2c44398d3d8fefd3249144/cranqrel.trec.txt",
        "98a13b4913d61a02690725aee7ac4f6a1979c13fc9088ad9b4a81be58b1a6f11",
    ),
    "multi30k/test_2016_flickr.de.gz": Remote(
        f"{_RAW}/multi30k/dataset/a3d2e0d26b56f3846f66a952536ffed4e401d05a/data/task1/raw/test_2016_flickr.de.gz",
        "9204244e408ccb38d2a55cfcd344df15005fc42a07a6e55ca6c52b6ababb8cc8",
    ),
    "multi30k/test_2016_flickr.en.gz": Remote(
        f"{_RAW}/multi30k/dataset/a3d2e0d26b56f3846f66a952536ffed4e401d05a/data/task1/raw/test_2016_flickr.en.gz",
        "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9",
    ),
    "multi30k/test_2017_flickr.de.gz": Remote(
        f"{_RAW}/multi30k/dataset/a3d2e0d26b56f3846f66a952536ffed4e401d05a/data/task1/raw/test_2017_flickr.de.gz",
        "a2c89666db00c495cd8513b9d708d5a3acc205d7de312ef2bf5fb7ebc1540aee",
    ),
    "multi30k/test_2017_flickr.en.gz": Remote(
        f"{_RAW}/multi30k/dataset/a3d2e0d26b56f3846f66a952536ffed4e401d05a/data/task1/raw/test_2017_flickr.en.gz",
        "76a444ee25172e72695cddb13ae4a3bda59430617be88e0bb46b60504f054074",
    ),
    "multi30k/train.de.gz": Remote(
        f"{_RAW}/multi30k/dataset/a3d2e0d26b56f3846f66a952536ffed4e401d05a/data/task1/raw/train.de.gz",
        "726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6",
    ),
    "multi30k/train.en.gz": Remote(
        f"{_RAW}/multi30k/dataset/a3d2e0d26b56f3846f66a952536ffed4e401d05a/data/task1/raw/train.en.gz",
        "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f",
    ),
    "multi30k/val.de.gz": Remote(
        f"{_RAW}/multi30k/dataset/a3d2e0d26b56f3846f66a952536ffed4e401d05a/data/task1/raw/val.de.gz",
        "f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a",
    ),
    "multi30k/val.en.gz": Remote(
        f"{_RAW}/multi30k/dataset/a3d2e0d26b56f3846f66a952536ffed4e401d05a/data/task1/raw/val.en.gz",
        "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28",
    ),
    "sst2/dev.tsv": Remote(
        f"{_RAW}/clairett/pytorch-sentiment-classification/457ffd83de90a9d6d472d8ffc31bbffe40a8b236/data/SST2/dev.tsv",
        "eddea6b39e601dd4e7a672b53cc40fdf6019fa80522f351206c24340ca5d9359",
    ),
    "sst2/test.tsv": Remote(
        f"{_RAW}/clairett/pytorch-sentiment-classification/457ffd83de90a9d6d472d8ffc31bbffe40a8b236/data/SST2/test.tsv",
        "831169c7e2e429d6026e1bdbb542f33b636e3e596caad9602ebc953c205928b7",
    ),
    "sst2/train.tsv": Remote(
        f"{_RAW}/clairett/pytorch-sentiment-classification/457ffd83de90a9d6d472d8ffc31bbffe40a8b236/data/SST2/train.tsv",
        "ec192f833a64da08f475488a77b0d0b47db47acd0f458bd18433fc793b569920",
    ),
    "tinyshakespeare/input.txt": Remote(
        f"{_RAW}/karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt",
        "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    ),
    "wikitext-2/test.txt": Remote(
        f"{_RAW}/pytorch/examples/77f55b912142e11fcfdf5b530231fb9c52f181e8/word_language_model/data/wikitext-2/test.txt",
        "d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0",
    ),
    "wikitext-2/valid.txt": Remote(
        f"{_RAW}/pytorch/examples/77f55b912142e11fcfdf5b530231fb9c52f181e8/word_language_model/data/wikitext-2/valid.txt",
        "f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8",
    ),
    "wikitext-2/train.txt": Remote(
        f"{_RAW}/pytorch/examples/77f55b912142e11fcfdf5b530231fb9c52f181e8/word_language_model/data/wikitext-2/train.txt",
        "9e9fa1ad55b1c2c95b08e37dd8e653f638fac2c6de904b79e813611eefbc985f",
    ),
    "xquad/xquad.en.json": Remote(
        f"{_RAW}/deepmind/xquad/60cac411649156efb6aab9dd4c9cde787a2c0345/xquad.en.json",
        "e4c57d1c9143aaa1c5d265ba5987a65f4e69528d2a98f29d6e75019b10344f29",
    ),
    "xquad/xquad.zh.json": Remote(
        f"{_RAW}/deepmind/xquad/60cac411649156efb6aab9dd4c9cde787a2c0345/xquad.zh.json",
        "691d0b3359bc6b8faa8de931dfdfe21d50a65861ae348e32a0d1a0190b0c8835",
    ),
}


def fetch(name: str, progress: bool = False) -> Path:
    """Return a file of public data: the one in ``COURSE_DATA``, or else the one in the cache, or else download it.

    Args:
        name: Name of the file, a key of `FILES`.
        progress: Whether to show a progress bar while downloading.

    Returns:
        Its path; the content has the checksum of `FILES`.

    Raises:
        ValueError: If there is no such name.
        CorpusError: If the file in ``COURSE_DATA`` is not the one that is meant, the network is not there, or what came
            from it has another checksum.
    """
    if name not in FILES:
        raise ValueError(f"{name!r} is none of the files: {', '.join(FILES)}")
    remote = FILES[name]
    given = os.environ.get("COURSE_DATA", "").strip()
    if given:
        path = Path(given).expanduser() / name
        if path.is_file():
            found = file_sum(path)
            if found != remote.sha256:
                raise CorpusError(
                    f"{path} is not the file that is meant: its SHA-256 is {found}, expected {remote.sha256}. Replace "
                    f"it by {remote.url}, or unset COURSE_DATA to have it downloaded"
                )
            return path
    # Loaded here: whoever runs no benchmark needs no downloader.
    import pooch
    import requests

    pooch.get_logger().setLevel("WARNING")
    folder = cache_folder() / "benchmarks"
    target = folder / name
    if target.is_file() and file_sum(target) != remote.sha256:
        target.unlink()  # cut off or changed: fetched anew
    try:
        return Path(
            pooch.retrieve(
                remote.url,
                f"sha256:{remote.sha256}",
                fname=target.name,
                path=target.parent,
                downloader=pooch.HTTPDownloader(progressbar=progress, timeout=30),
            )
        )
    except ValueError as error:
        raise CorpusError(
            f"what {remote.url} sent is not the file that is meant: {error}. Nothing was kept; try again later, or put "
            f"the file into a folder as {name} and set COURSE_DATA to the folder"
        ) from error
    except (requests.RequestException, OSError) as error:
        raise CorpusError(
            f"{remote.url} cannot be reached ({type(error).__name__}): a benchmark needs the network once. Or put the "
            f"file into a folder as {name} and set COURSE_DATA to the folder"
        ) from error
