"""From a worked solution to the stub that students fill in."""

from __future__ import annotations

import ast
import re

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
PLACEHOLDER = "# YOUR CODE HERE"


def _top_level_names(lines: list[str]) -> list[str]:
    """Names that a piece of top-level code assigns, in order."""
    names: list[str] = []
    for node in ast.parse("\n".join(lines)).body:
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names


def make_stub(source: str, exercise: str) -> str:
    r"""Turn the cell of a worked solution into its stub.

    Each region between the markers ``### BEGIN SOLUTION`` and ``### END SOLUTION`` becomes ``# YOUR CODE HERE``
    and a line that raises NotImplementedError when the function is called. A region outside of any function
    becomes ``name = ...`` for the names that it assigns, so that the notebook still runs from top to bottom.

    Args:
        source: The cell of the worked solution.
        exercise: Id of the exercise, which the error names.

    Returns:
        The stub.

    Raises:
        ValueError: If there is no region, a marker lacks its partner, a top-level region assigns nothing, or the
            stub would not be valid Python.

    Example:
        >>> print(make_stub("def two():\n    ### BEGIN SOLUTION\n    return 2\n    ### END SOLUTION", "two"))
        def two():
            # YOUR CODE HERE
            raise NotImplementedError("exercise two: write this part")
    """
    stub: list[str] = []
    region: list[str] | None = None
    indent = ""
    regions = 0
    for number, line in enumerate(source.splitlines(), start=1):
        marker = line.strip()
        if marker == BEGIN:
            if region is not None:
                raise ValueError(
                    f"exercise {exercise!r}, line {number}: a second {BEGIN!r} before {END!r}"
                )
            region, indent = [], re.match(r"\s*", line).group()  # type: ignore[union-attr]
        elif marker == END:
            if region is None:
                raise ValueError(
                    f"exercise {exercise!r}, line {number}: {END!r} without {BEGIN!r}"
                )
            stub.append(indent + PLACEHOLDER)
            if indent:
                stub.append(
                    f'{indent}raise NotImplementedError("exercise {exercise}: write this part")'
                )
            else:
                names = _top_level_names(region)
                if not names:
                    raise ValueError(
                        f"exercise {exercise!r}, line {number}: a region outside of a function must assign the answer"
                    )
                stub += [f"{name} = ..." for name in names]
            region = None
            regions += 1
        elif region is not None:
            region.append(line)
        else:
            stub.append(line)
    if region is not None:
        raise ValueError(f"exercise {exercise!r}: {BEGIN!r} without {END!r}")
    if not regions:
        raise ValueError(
            f"exercise {exercise!r}: the solution marks no region with {BEGIN!r} and {END!r}"
        )
    text = "\n".join(stub)
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise ValueError(
            f"exercise {exercise!r}: the stub is not valid Python: {error}"
        ) from error
    return text
