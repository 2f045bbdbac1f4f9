"""Tables for documents."""

from typing import Iterator, Sequence

from .figures import Judgement, Row, Subject
from .results import Results
from .shown import amount, is_ours, number, unit, what
from .table import ratio

_RATIO = "*0.50× beside a line: the first line of its table has half of this one's figure.*"


def machine(results: Results) -> str:
    found, versions = results.machine, results.versions
    peers = {name: version for name, version in versions.items() if name not in ("compiler", "build")}
    memory = f"{found['memory_bytes'] / 2**30:.0f} GiB"
    changed = ", with changes" if results.sources["modified"] else ""
    return _table(["what", "which"], [
        ["machine", f"{found['processor']}, {found['cores']} cores, {memory}"
                    + (", a virtual machine" if found["virtual"] else "")],
        ["system", f"{found['system']} ({found['debian']}), Linux {found['kernel']}"],
        ["compiler", f"{versions['compiler']}, {versions['build']} build"],
        ["beside it", ", ".join(f"{name} {_plain(version)}" for name, version in peers.items())],
        ["sources", f"`{results.sources['commit'][:12]}`{changed}"],
        ["measured", f"{results.began[:10]}, in {sum(topic.seconds for topic in results.topics):.0f} s"
                     + ("" if results.scale == 1 else f", with {results.scale:g} of the work: **not to be quoted**")]])


def budgets(results: Results) -> str:
    judged = [(row, judgement) for row in results.rows for judgement in row.judgements()]
    return _table(["budget", "measured", "limit", ""], [_budget(row, judgement) for row, judgement in judged])


def _budget(row: Row, judgement: Judgement) -> list[str]:
    budget = judgement.budget
    verdict = "met" if judgement.met else "**missed**"
    named = f"{row.topic}: {row.name}. {budget.subject}, {what(budget.metric)}"
    if budget.of is None:
        return [named, amount(judgement.measured, budget.metric), amount(budget.limit, budget.metric), verdict]
    named += f", of {' + '.join(budget.of)}"
    return [named, f"{number(judgement.measured)} ({_pair(judgement)})", number(budget.limit), verdict]


def _pair(judgement: Judgement) -> str:
    metric = judgement.budget.metric
    return f"{amount(judgement.median, metric)} of {amount(judgement.floor or 0, metric)}"


def rows(results: Results, topic: str) -> str:
    chosen = [row for row in results.rows if row.topic == topic]
    if not chosen:
        raise KeyError(f"there are no rows of {topic}")
    return "\n".join([f"{_RATIO}\n", *(_row(row) for row in chosen)])


def _row(row: Row) -> str:
    metrics = list(dict.fromkeys(metric for subject in row.subjects for metric in subject.figures))
    lines = [[_bold(row, subject), *(_cell(row, subject, metric) for metric in metrics)] for subject in row.subjects]
    table = _table(["", *(f"{what(metric)}, {unit(metric)}" for metric in metrics)], lines, numbers=True)
    note = f"{row.note}\n\n" if row.note else ""
    return f"**{_escaped(row.name)}**\n\n{_escaped(note)}{table}\n{_configurations(row)}"


def _cell(row: Row, subject: Subject, metric: str) -> str:
    """Median, least and most; and what the first one's median is of it."""
    if metric not in subject.figures:
        return ""
    values = subject.figures[metric]
    times = ratio(row, subject, metric)
    spread = f"{number(min(values))}..{number(max(values))}"
    return f"**{number(subject.median(metric))}** ({spread})" + (f" {times}×" if times else "")


def _configurations(row: Row) -> str:
    configured: dict[str, list[str]] = {}
    for subject in row.subjects:
        configured.setdefault(subject.configuration, []).append(subject.name)
    lines = (f"* {', '.join(names)}: {configuration.rstrip('.')}." for configuration, names in configured.items())
    listed = "".join(f"{_escaped(line)}\n" for line in lines)
    return f"<details><summary>How each was configured</summary>\n\n{listed}\n</details>\n"


def sums(expressions: Sequence[tuple[str, str]], values: dict[str, str]) -> str:
    """Where each number of a document comes from."""
    return _table(["number", "is", "from"], [[f"`{name}`", values[name], f"`{expression}`"]
                                             for name, expression in expressions])


def _bold(row: Row, subject: Subject) -> str:
    return f"**{subject.name}**" if is_ours(row, subject) else subject.name


def _table(heads: list[str], lines: list[list[str]], numbers: bool = False) -> str:
    rules = ["---"] + ["---:" if numbers else "---"] * (len(heads) - 1)
    return "".join(_table_lines([heads, rules, *lines]))


def _table_lines(lines: list[list[str]]) -> Iterator[str]:
    for line in lines:
        yield "| " + " | ".join(_escaped(cell).replace("|", "\\|") for cell in line) + " |\n"


def _escaped(text: str) -> str:
    """As Markdown shows it: what stands between < and > would be gone."""
    return text.replace("<", "&lt;")


def _plain(version: str) -> str:
    """Without Debian's epoch: 1:2.3-4 is 2.3-4."""
    return version.partition(":")[2] or version
