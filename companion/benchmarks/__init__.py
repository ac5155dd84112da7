"""Public benchmarks, optional: the course's models on data that others publish, beside the figures that others report.

`companion benchmark NAME` runs one. The data is downloaded once, by a checksum, or taken from ``COURSE_DATA``.
"""
