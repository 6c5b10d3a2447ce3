"""register.yaml → tools, each of which one name and one alias leads to."""

from bot.policy.document import Reader
from bot.policy.model import Status, Tier, Tool

OPTIONAL_TEXTS = ("vendor", "owner", "enterprise", "embedded_in")


def load_tools(reader: Reader, tiers: tuple[Tier, ...]) -> tuple[Tool, ...]:
    """The tools of this document; names and aliases are unique without regard to case."""
    known = {tier.id for tier in tiers}
    tools: list[Tool] = []
    names: dict[str, int] = {}
    listed: dict[str, tuple[str, int]] = {}
    for item in reader.each("tools", "a tool"):
        tool = load_tool(item, known)
        if (before := names.setdefault(tool.name.casefold(), item.line)) != item.line:
            item.fault(f"“{tool.name}” already stands at line {before}; keep one entry", item.at("name"))
        for alias in {alias.casefold().strip() for alias in tool.aliases}:
            other, line = listed.setdefault(alias, (tool.name, item.line))
            if line != item.line:
                item.fault(
                    f"“{alias}” is an alias of {other} (line {line}) and of {tool.name}; leave it with one, or with neither so "
                    "that the bot asks back",
                    item.at("aliases"),
                )
        tools.append(tool)
    for item, tool in zip(reader.each("tools", "a tool"), tools, strict=True):
        if tool.enterprise and tool.enterprise.casefold() not in names:
            item.fault(f"the enterprise edition “{tool.enterprise}” is not in this register; add it or correct the name", item.at("enterprise"))
    reader.close()
    return tuple(tools)


def load_tool(item: Reader, tiers: set[str]) -> Tool:
    """One entry."""
    tier = item.text("tier")
    if tier and tier not in tiers:
        item.fault(f"“{tier}” is no tier of matrix.yaml; use one of {', '.join(sorted(tiers)) or 'its tiers'}", item.at("tier"))
    vendor, owner, enterprise, embedded_in = (item.text(key, "") for key in OPTIONAL_TEXTS)
    tool = Tool(
        name=item.text("name").strip(),
        tier=tier,
        status=item.choice("status", Status, Status.ACTIVE) or Status.SUSPENDED,
        vendor=vendor,
        aliases=item.texts("aliases"),
        domains=item.texts("domains"),
        capabilities=item.texts("capabilities"),
        owner=owner,
        assessed=item.day("assessed"),
        review_by=item.day("review_by"),
        enterprise=enterprise,
        embedded_in=embedded_in,
        sample=item.flag("sample"),
        conditions=item.texts("conditions"),
        facts=item.texts("facts"),
        request=item.text("request", ""),
    )
    for key in ("note", "description", "source"):
        item.node(key)
    item.close()
    return tool
