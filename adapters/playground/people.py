"""The sample people of the playground and the tests: members, an approver, a guest."""

from dataclasses import dataclass

SLACK_TEAM = "T0NORTHWND"
TENANT = "0b0e8a52-6d0c-4f0b-9d0b-3f6f1f6d7a10"
APP_ID = "5f9d7c1e-0b7a-4f0e-8d1a-2b6f4c3e9a77"
BOT_USER = "U0MAYIBOT"
SLACK_CHANNEL = "C0GENERAL"
ASK_CHANNEL, ASK_CHANNEL_NAME = "C0ASKAI", "#ask-ai-policy"  # where the shipped content's contact reads
TEAMS_CHANNEL = "19:general@thread.tacv2"


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody on both platforms. `address` is theirs where it is not made of their id: roles belong to addresses."""

    id: str
    name: str
    title: str
    guest: bool = False
    address: str = ""
    manager: str = ""
    department: str = ""

    @property
    def email(self) -> str:
        """Their address; it links the two accounts."""
        return self.address or f"{self.id}@example.com"

    @property
    def slack(self) -> str:
        """Their Slack user id."""
        return f"U0{self.id.upper()}"

    @property
    def direct(self) -> str:
        """Their direct messages with the bot on Slack."""
        return f"D0{self.id.upper()}"

    @property
    def teams(self) -> str:
        """Their directory object id."""
        return f"00000000-0000-4000-8000-{self.id.encode().hex().zfill(12)[-12:]}"

    @property
    def teams_user(self) -> str:
        """Their id for this bot on Teams."""
        return f"29:{self.id}"

    @property
    def chat(self) -> str:
        """Their chat with the bot on Teams."""
        return f"a:{self.id}"

    @property
    def entry(self) -> dict[str, str | None]:
        """Their entry in the directory."""
        return {
            "email": self.email,
            "name": self.name,
            "manager": self.manager,
            "department": self.department,
            "kind": "employee",
            "location": "",
            "start_date": None,
            "slack_id": self.slack,
            "teams_id": self.teams,
        }


SAMPLE_PEOPLE = (
    SamplePerson("ann", "Ann Lee", "Support engineer", manager="dana@example.com", department="Support"),
    SamplePerson("ben", "Ben Okafor", "Sales", manager="dana@example.com", department="Sales"),
    SamplePerson("cyd", "Cyd Marsh", "IT security", address="security@example.com", manager="ciso@example.com", department="IT"),
    SamplePerson("dana", "Dana Roth", "Head of product", manager="ceo@example.com", department="Product"),
    SamplePerson("gus", "Gus Vale", "Agency partner", guest=True),
    SamplePerson("eli", "Eli Novak", "Privacy", address="privacy@example.com", manager="ciso@example.com", department="Legal"),
    SamplePerson("fay", "Fay Lind", "Legal", address="legal@example.com", manager="ciso@example.com", department="Legal"),
    SamplePerson("hal", "Hal Ito", "CISO, policy owner", address="ciso@example.com", manager="ceo@example.com", department="IT"),
)
