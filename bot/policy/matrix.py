"""matrix.yaml → data classes, prohibited inputs, uses and tiers, every cell accounted for."""

from dataclasses import dataclass

import yaml

from bot.policy.document import Reader
from bot.policy.model import Cell, DataClass, Effect, PolicyUse, ProhibitedInput, Tier, Verdict

FREE_KEYS = ("note", "description", "source")  # for the authors' own remarks; nothing depends on them


@dataclass(frozen=True, slots=True)
class Matrix:
    """What matrix.yaml says, with the lines that later checks point at."""

    data_classes: tuple[DataClass, ...]
    prohibited_inputs: tuple[ProhibitedInput, ...]
    uses: tuple[PolicyUse, ...]
    tiers: tuple[Tier, ...]
    unregistered: str
    anonymised_counts_as: str
    lines: dict[tuple[str, str], int]
    cited: dict[tuple[str, str], int]


def load_matrix(reader: Reader, roles: frozenset[str]) -> Matrix:
    """The matrix in this document; `roles` are the approvers that exist."""
    lines: dict[tuple[str, str], int] = {}
    cited: dict[tuple[str, str], int] = {}
    classes = tuple(load_class(item, lines) for item in reader.each("data_classes", "a data class"))
    inputs = tuple(load_input(item, lines) for item in reader.each("prohibited_inputs", "a prohibited input"))
    uses = tuple(load_use(item, roles, lines) for item in reader.each("uses", "a use"))
    ids = [data.id for data in classes]
    tiers = tuple(load_tier(item, ids, roles, lines, cited) for item in reader.each("tiers", "a tier"))
    if not classes:
        reader.fault("the matrix has no data classes; add at least one")
    if not tiers:
        reader.fault("the matrix has no tiers; add at least one")
    unregistered = reader.text("unregistered")
    if unregistered and unregistered not in [tier.id for tier in tiers]:
        reader.fault(f"“unregistered: {unregistered}” is no tier of this matrix; name one of them", reader.at("unregistered"))
    counts_as = reader.text("anonymised_counts_as", "internal" if "internal" in ids else "")
    if counts_as and counts_as not in ids:
        reader.fault(f"“anonymised_counts_as: {counts_as}” is no data class here; name one of them", reader.at("anonymised_counts_as"))
    reader.close()
    return Matrix(classes, inputs, uses, tiers, unregistered, counts_as, lines, cited)


def load_class(item: Reader, lines: dict[tuple[str, str], int]) -> DataClass:
    """A data class."""
    data = DataClass(*named(item, "data", lines))
    item.close()
    return data


def load_input(item: Reader, lines: dict[tuple[str, str], int]) -> ProhibitedInput:
    """A prohibited input; `anonymised: counts` lets anonymised data of this kind be judged as a class."""
    lifted = item.text("anonymised", "")
    if lifted not in ("", "counts"):
        item.fault(f"“anonymised” can only be “counts”, not “{lifted}”", item.at("anonymised"))
    input = ProhibitedInput(*named(item, "data", lines), advice=item.text("advice", ""), anonymised_counts=lifted == "counts")
    item.close()
    return input


def named(item: Reader, kind: str, lines: dict[tuple[str, str], int]) -> tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """id, name, says, examples, like; an id stands once among its kind: data, uses, tiers."""
    id = item.text("id")
    if (kind, id) in lines:
        item.fault(f"the id “{id}” stands twice in this file; rename one", item.at("id"))
    lines[kind, id] = item.line
    for key in FREE_KEYS:
        item.node(key)
    return id, item.text("name", id), item.texts("says"), item.texts("examples"), item.texts("like")


def load_use(item: Reader, roles: frozenset[str], lines: dict[tuple[str, str], int]) -> PolicyUse:
    """A purpose with its effect; an approval names who gives it."""
    effect = item.choice("effect", Effect) or Effect.PROHIBITED
    approvers = approvers_of(item, roles) or (("policy_owner",) if effect is Effect.APPROVAL and "policy_owner" in roles else ())
    use = PolicyUse(*named(item, "use", lines), effect=effect, section=item.text("section", "§4"), approvers=approvers)
    item.close()
    return use


def load_tier(item: Reader, classes: list[str], roles: frozenset[str], lines: dict[tuple[str, str], int], cited: dict[tuple[str, str], int]) -> Tier:
    """A tier with a cell for every data class."""
    id, name, says, *_ = named(item, "tier", lines)
    cells: dict[str, Cell] = {}
    table = item.inside("cells", f"the cells of {id}")
    if table is None:
        item.fault(f"the tier “{id}” has no cells; add one for each data class")
    else:
        for data in table.names():
            if data not in classes:
                table.fault(f"“{data}” is no data class of this matrix; correct it or add the class", table.at(data))
            cells[data] = load_cell(table, data, id, roles, cited)
        for data in classes:
            if data not in cells:
                table.fault(f"{id} says nothing about “{data}”; add the cell (until then it counts as prohibited)")
        table.close()
    item.close()
    return Tier(id, name, cells, says)


def load_cell(table: Reader, data: str, tier: str, roles: frozenset[str], cited: dict[tuple[str, str], int]) -> Cell:
    """One cell: a verdict alone, or a mapping with its condition."""
    node = table.node(data)
    if isinstance(node, yaml.MappingNode):
        cell = Reader(table.file, node, table.faults, f"the cell {tier}/{data}")
        verdict = cell.choice("verdict", Verdict) or Verdict.PROHIBITED
        approvers = approvers_of(cell, roles)
        condition, self_check = cell.text("condition", ""), cell.flag("self_check")
        section = cell.text("section", "§5")
        if "section" in cell.names():
            cited[tier, data] = cell.at("section")
        for key in FREE_KEYS:
            cell.node(key)
        cell.close()
    else:
        verdict = table.choice(data, Verdict) or Verdict.PROHIBITED
        condition, approvers, self_check, section = "", (), False, "§5"
    if verdict is Verdict.ASK_BACK:
        table.fault(f"{tier}/{data} cannot be ask_back; use permitted, conditional or prohibited", table.at(data))
        verdict = Verdict.PROHIBITED
    if verdict is Verdict.CONDITIONAL and not condition and not approvers:
        table.fault(
            f"{tier}/{data} is conditional but names no condition; write {{verdict: conditional, condition: …, approvers: […]}}",
            table.at(data),
        )
    return Cell(verdict, condition or ("approval" if verdict is Verdict.CONDITIONAL else ""), approvers, self_check, section)


def approvers_of(item: Reader, roles: frozenset[str]) -> tuple[str, ...]:
    """The roles under `approvers`, each of which must exist."""
    approvers = item.texts("approvers")
    for role in approvers:
        if role not in roles:
            item.fault(f"“{role}” is no role in roles.yaml; add it there or name another approver", item.at("approvers"))
    return approvers
