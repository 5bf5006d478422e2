"""What Otter lacks where it runs a notebook: a time limit for a cell. It is a plugin, which our assignments name."""

from typing import Any

from qlearn.exercises._limit import within

PLUGIN = "qlearn.exercises._otter.TimeLimit"
LIMITED = "# qlearn: limited"


class TimeLimit:
    """Lets no cell of a student run for ever: Otter itself has a limit for a container alone.

    Parameters
    ----------
    submission_path : str
        Not used, nor is the next: Otter gives them.
    submission_metadata : dict
        See above.
    plugin_config : dict
        `seconds`: the longest that a cell may take.
    """

    def __init__(self, submission_path: str, submission_metadata: Any, plugin_config: dict[str, Any]) -> None:
        self.seconds = float(plugin_config.get("seconds", 30))

    def before_execution(self, notebook: Any) -> Any:
        """Mark the student's cells, and put one before them that sets the limit on what is marked."""
        for cell in notebook.cells:
            if cell.cell_type == "code" and not cell.source.lstrip().startswith("%%"):
                cell.source += f"\n{LIMITED}"
        first: dict[str, Any] = {
            "cell_type": "code",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": f"from qlearn.exercises._otter import limit_cells\nlimit_cells({self.seconds!r})",
        }
        notebook.cells.insert(0, type(notebook)(first))
        return notebook

    def generate_report(self) -> str:
        """Have nothing to add to Otter's report."""
        return ""


def limit_cells(seconds: float) -> None:
    """Interrupt each marked cell of this notebook that takes longer."""
    from IPython import get_ipython

    shell, open_limits = get_ipython(), []

    def begin(info: Any) -> None:
        if info.raw_cell.rstrip().endswith(LIMITED):
            limit = within(seconds)
            limit.__enter__()
            open_limits.append(limit)

    def end(result: Any) -> None:
        while open_limits:
            open_limits.pop().__exit__(None, None, None)

    shell.events.register("pre_run_cell", begin)
    shell.events.register("post_run_cell", end)
