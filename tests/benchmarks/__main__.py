"""`./dev bench`: every figure beside its baseline, measured in the same run."""

import argparse
import asyncio

from tests.benchmarks import decisions, questions, servers, start, understand


def main() -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("which", nargs="*", choices=("servers", "decisions", "understand", "questions", "start", []), default=[])
    chosen = parser.parse_args().which or ["understand", "questions", "start", "servers", "decisions"]
    if "understand" in chosen:
        understand.run()
    if "questions" in chosen:
        questions.run()
    if "start" in chosen:
        start.run()
    if "servers" in chosen:
        asyncio.run(servers.run())
    if "decisions" in chosen:
        asyncio.run(decisions.run())


main()
