"""Write the golden files anew: `python -m tests.golden.write`; then read the difference like code."""

from tests.golden.examples import examples
from tests.golden.test_golden import FOLDER, RENDERERS
from tests.harness import pretty

if __name__ == "__main__":
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name, card in examples():
        for platform, render in RENDERERS.items():
            (FOLDER / f"{name}.{platform}.json").write_text(pretty(render(card)), "utf-8")
