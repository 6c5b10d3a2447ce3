"""Private keys, connection strings, headers and passwords in prose."""

import base64
import random

from tests.secrets.check_digits import crc24
from tests.secrets.registry import ALNUM, B64URL, DIGITS, LOWER, Gen, add, between, group, mixed, pick, prose


def _pem(label: str, start: bytes, size: int, width: int = 64) -> Gen:
    """Return a generator of PEM blocks that start with the right bytes."""

    def gen(rng: random.Random) -> str:
        """PEM private key block."""
        body = base64.b64encode(start + rng.randbytes(size - len(start))).decode()
        return f"-----BEGIN {label}-----\n{group(body, [width], chr(10))}\n-----END {label}-----"

    return gen


def _pgp(rng: random.Random) -> str:
    """PGP private key block with its CRC24."""
    data = b"\x95\x03\xbe\x04" + rng.randbytes(900)
    body = group(base64.b64encode(data).decode(), [64], "\n")
    crc = base64.b64encode(crc24(data).to_bytes(3, "big")).decode()
    return f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{body}\n={crc}\n-----END PGP PRIVATE KEY BLOCK-----"


_KEY_BODY = between(r"-----\n\s*(.+?)\n-----END")
_SSH_START = b"openssh-key-v1\x00\x00\x00\x00\x04none\x00\x00\x00\x04none\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x003\x00\x00\x00\x0bssh-ed25519"
add("private_key_rsa", _pem("RSA PRIVATE KEY", b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01\x00", 1192), _KEY_BODY)
add("private_key_ec", _pem("EC PRIVATE KEY", b"\x30\x77\x02\x01\x01\x04\x20", 121), _KEY_BODY)
add("private_key_openssh", _pem("OPENSSH PRIVATE KEY", _SSH_START, 258, 70), _KEY_BODY)
add("private_key_pkcs8", _pem("PRIVATE KEY", b"\x30\x82\x04\xbe\x02\x01\x00\x30\x0d\x06\x09", 1218), _KEY_BODY)
add("private_key_encrypted", _pem("ENCRYPTED PRIVATE KEY", b"\x30\x82\x05\x0e\x30\x40\x06\x09", 1298), _KEY_BODY)
add("private_key_pgp", _pgp, _KEY_BODY)


_WORDS = [
    "sommer",
    "winter",
    "falcon",
    "orange",
    "bridge",
    "garden",
    "tiger",
    "dragon",
    "coffee",
    "lisbon",
    "madrid",
    "sakura",
    "monkey",
    "rocket",
    "velvet",
    "copper",
    "marble",
    "harbor",
]


def _password(rng: random.Random) -> str:
    """Password of the sort people use: random, word with year, or passphrase."""
    style = rng.randrange(4)
    if style == 0:
        return mixed(rng, ALNUM + "!#$%*+-_=?^~", rng.randint(10, 20))
    if style == 1:
        return rng.choice(_WORDS).capitalize() + str(rng.randint(1970, 2026)) + rng.choice("!#$*?")
    if style == 2:
        return "-".join(rng.sample(_WORDS, 4)) + str(rng.randint(1, 99))
    word = rng.choice(_WORDS).translate(str.maketrans("aeoi", "4301"))
    return word.capitalize() + rng.choice("_#$!") + mixed(rng, ALNUM, 6)


def _url_password(rng: random.Random) -> str:
    """Password that may stand in a URL."""
    base = mixed(rng, ALNUM + "-_~!", rng.randint(9, 20))
    return base[:4] + "%40" + base[4:] if rng.random() < 0.25 else base


def _url(scheme: str, port: int, path: str) -> Gen:
    """Return a generator of connection URLs with user and password."""

    def gen(rng: random.Random) -> str:
        """Connection URL."""
        user = rng.choice(("app", "admin", "svc_report", "root", "billing"))
        host = rng.choice(("db.internal", "10.0.3.17", "prod-1.example.com", "localhost"))
        return f"{scheme}://{user}:{_url_password(rng)}@{host}:{port}{path}"

    return gen


def _redis(rng: random.Random) -> str:
    """Redis URL, often without a user."""
    return f"{rng.choice(('redis', 'rediss'))}://{rng.choice(('', 'default'))}:{_url_password(rng)}@cache.internal:6379/{rng.randint(0, 5)}"


def _mongo_srv(rng: random.Random) -> str:
    """MongoDB Atlas connection string."""
    return f"mongodb+srv://app:{_url_password(rng)}@cluster0.{pick(rng, LOWER + DIGITS, 5)}.mongodb.net/shop?retryWrites=true&w=majority"


def _jdbc(rng: random.Random) -> str:
    """JDBC URL with a password parameter."""
    driver, port = rng.choice((("postgresql", 5432), ("mysql", 3306), ("mariadb", 3306)))
    return f"jdbc:{driver}://db.internal:{port}/sales?user=report&password={mixed(rng, ALNUM + '-_~!', 14)}&ssl=true"


def _jdbc_sqlserver(rng: random.Random) -> str:
    """JDBC URL for SQL Server."""
    return f"jdbc:sqlserver://sql01:1433;databaseName=erp;user=sa;password={mixed(rng, ALNUM + '-_!$', 14)};encrypt=true"


def _ado(rng: random.Random) -> str:
    """ADO connection string."""
    key = rng.choice(("Password", "Pwd", "password"))
    return f"Server=tcp:erp.database.windows.net,1433;Initial Catalog=erp;User ID=erp_app;{key}={mixed(rng, ALNUM + '-_!$#', 16)};Encrypt=True;"


def _env_line(rng: random.Random) -> str:
    """Line of a .env file."""
    name = rng.choice(("DB_PASSWORD", "SECRET_KEY", "SMTP_PASS", "JWT_SECRET", "API_TOKEN", "REDIS_PASSWORD", "CLIENT_SECRET", "ADMIN_PW"))
    quote = rng.choice(("", "", '"', "'"))
    return f"{rng.choice(('', 'export '))}{name}={quote}{mixed(rng, ALNUM + '-_!$#', rng.randint(12, 32))}{quote}"


def _basic_header(rng: random.Random) -> str:
    """HTTP basic authorization header."""
    return "Authorization: Basic " + base64.b64encode(f"svc:{mixed(rng, ALNUM, 15)}".encode()).decode()


_URL_PASSWORD = between(r"://[^:/@]*:([^@]+)@")
add("postgres_url", _url("postgresql", 5432, "/app"), _URL_PASSWORD)
add("mysql_url", _url("mysql", 3306, "/shop?charset=utf8mb4"), _URL_PASSWORD)
add("mongodb_url", _url("mongodb", 27017, "/admin?authSource=admin"), _URL_PASSWORD)
add("mongodb_srv_url", _mongo_srv, _URL_PASSWORD)
add("redis_url", _redis, _URL_PASSWORD)
add("amqp_url", _url("amqps", 5671, "/vhost"), _URL_PASSWORD)
add("basic_auth_url", _url("https", 8443, "/api/v1/status"), _URL_PASSWORD)
add("jdbc_url", _jdbc, between(r"password=([^&;]+)"))
add("jdbc_sqlserver", _jdbc_sqlserver, between(r"password=([^&;]+)"))
add("ado_connection", _ado, between(r"(?:Password|Pwd|password)=([^;]+)"))
add("env_line", _env_line, between(r"=[\"']?([^\"'\s]+)"))
prose(
    "bearer_header",
    ("Authorization: Bearer {}", "authorization: bearer {}", "'Authorization': 'Bearer {}'"),
    lambda rng: mixed(rng, B64URL, rng.randint(32, 64)),
    r"[A-Za-z0-9_-]{32,64}",
)
add("basic_header", _basic_header, between(r"Basic (\S+)"))
prose(
    "password_en",
    (
        "my password is {}",
        "the password for the VPN is {}",
        "password: {}",
        "pw: {}",
        "Log in as admin with password {}",
        "user admin / pass {}",
        "I changed my password to {} yesterday",
        "use {} as the root password",
        "The Wi-Fi passphrase is {} for guests",
        "my login is jdoe and my pwd is {}",
        "her new password will be {}",
        'it wants a password, I typed "{}" but it fails',
    ),
    _password,
)
prose(
    "password_de",
    (
        "mein Passwort lautet {}",
        "Das Kennwort ist {}",
        "Passwort: {}",
        "Mein neues Passwort ist {}",
        "Melde dich mit dem Kennwort {} an",
        "Das WLAN-Passwort lautet {} für Gäste",
        "Benutzer admin, Kennwort {}",
        "Ich habe mein Passwort auf {} geändert",
        "Die Zugangsdaten: Benutzer svc_erp, PW {}",
        "Das Passwort für den Server heißt {}",
    ),
    _password,
)
prose(
    "password_fr",
    (
        "mon mot de passe est {}",
        "Mot de passe : {}",
        "le mot de passe du wifi est {}",
        "connecte-toi avec le mot de passe {}",
        "mdp : {}",
        "J'ai changé mon mot de passe en {}",
        "Identifiant admin, mot de passe {}",
        "Le code secret du coffre est {} depuis lundi",
    ),
    _password,
)
prose(
    "password_es",
    (
        "mi contraseña es {}",
        "Contraseña: {}",
        "la contraseña del servidor es {}",
        "La clave del wifi es {}",
        "entra con usuario admin y contraseña {}",
        "He cambiado mi contraseña a {} ayer",
        "la nueva contraseña será {}",
        "clave de acceso: {}",
    ),
    _password,
)
prose(
    "password_pt",
    (
        "a minha senha é {}",
        "minha senha é {}",
        "Senha: {}",
        "a palavra-passe do servidor é {}",
        "Palavra-passe: {}",
        "entra com o utilizador admin e a senha {}",
        "Mudei minha senha para {} ontem",
        "a senha do wifi é {}",
    ),
    _password,
)
prose(
    "password_ja",
    (
        "パスワードは{}です",
        "パスワード: {}",
        "私のパスワードは {} です",
        "新しいパスワードを{}に変更しました",
        "サーバーの暗証番号は{}です",
        "ユーザー名はadmin、パスワードは{}でログインしてください",
        "Wi-Fiのパスワードが{}に変わりました",
    ),
    _password,
)
