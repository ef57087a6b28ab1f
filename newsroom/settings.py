"""All settings of the newsroom, read from the environment.

Every variable is listed in ``.env.example``; wrong values are reported by the system checks in
``newsroom/checks.py``. The three modes are ``demo`` (default), ``production`` and ``test``.
"""

from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from newsroom import caches
from newsroom.environment import Environment
from newsroom.keys import kept_key
from newsroom.logs import logging_config
from newsroom.media import Bucket, storages_of
from newsroom.sqlite import SQLITE_OPTIONS

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
# What could not be read; the checks refuse to start with any of it.
ENVIRONMENT_PROBLEMS = env.problems
NEWSROOM_MODE = env.str("NEWSROOM_MODE", default="demo")
if NEWSROOM_MODE != "test":
    env.read_env(str(BASE_DIR / ".env"))
    NEWSROOM_MODE = env.str("NEWSROOM_MODE", default="demo")

# --- Mode, data and addresses -------------------------------------------------------------------

NEWSROOM_DATA = Path(env.str("NEWSROOM_DATA", default=str(BASE_DIR / "var"))).resolve()
# A real, empty newsroom instead of the demo's stories and accounts.
NEWSROOM_EMPTY = env.bool("NEWSROOM_EMPTY", default=False)
IS_PRODUCTION = NEWSROOM_MODE == "production"
IS_TEST = NEWSROOM_MODE == "test"
with suppress(OSError):  # a check says so in better words
    NEWSROOM_DATA.mkdir(parents=True, exist_ok=True)

PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")

DEBUG = env.bool("DEBUG", default=False) and NEWSROOM_MODE == "demo"

SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if not SECRET_KEY and not IS_PRODUCTION:
    SECRET_KEY = "only-for-tests-" + "x" * 50 if IS_TEST else kept_key(NEWSROOM_DATA / "secret_key")

# Marks what was published, so that nobody with the database alone can change it unseen.
PROOF_KEY = env.str("PROOF_KEY", default="")
PROOF_KEY_FALLBACKS = env.list("PROOF_KEY_FALLBACKS", default=[])
if not PROOF_KEY and not IS_PRODUCTION:
    PROOF_KEY = "only-for-proofs-of-tests" if IS_TEST else kept_key(NEWSROOM_DATA / "proof_key")

# Turns the addresses of erased accounts into hashes that can be compared and nothing else.
SUPPRESSION_KEY = env.str("SUPPRESSION_KEY", default="")
if not SUPPRESSION_KEY and not IS_PRODUCTION:
    SUPPRESSION_KEY = (
        "only-for-hashes-of-tests" if IS_TEST else kept_key(NEWSROOM_DATA / "suppression_key")
    )

ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[]), urlsplit(SITE_URL).hostname or ""]
if not IS_PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1"]

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "newsroom.apps.NewsroomConfig",
    "accounts.apps.AccountsConfig",
    "articles.apps.ArticlesConfig",
    "newsroom.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "newsroom.middleware.every_answer",
    # Before the one that refuses hosts and redirects: these answers have a policy, too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.GentleSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.ReaderMiddleware",
    # Inside of the one before: it asks who reads, and a device that is asked for was seen.
    "newsroom.edge.minting.mint",
    "accounts.middleware.PostLimitMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.masthead.frame",
            ],
        },
    },
]

# --- Databases and caches -----------------------------------------------------------------------

DATABASES = {
    "default": env.database(
        "DATABASE_URL", default=f"sqlite:///{NEWSROOM_DATA / 'newsroom.sqlite3'}"
    ),
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {"OPTIONS": dict(SQLITE_OPTIONS), "CONN_MAX_AGE": 60}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # A new connection costs some 14 ms; the pool keeps them (Django allows no pool in tests).
    if not IS_TEST:
        DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8}

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = caches.in_redis(REDIS_URL) if REDIS_URL else caches.in_database()
if not REDIS_URL:
    DATABASES["cache"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(NEWSROOM_DATA / "cache.sqlite3"),
        "CONN_MAX_AGE": 60,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }
    DATABASE_ROUTERS = ["newsroom.routers.CacheRouter"]

if IS_TEST:
    # Files, not memory, so that servers and workers which tests start see the same rows.
    for _database in DATABASES.values():
        if _database["ENGINE"].endswith("sqlite3"):
            _database["TEST"] = {"NAME": _database["NAME"]}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The page cache, and where it hears of what other hosts change, if that is not DATABASE_URL.
EDGE = env.bool("EDGE", default=not DEBUG and not IS_TEST)
EDGE_MEGABYTES = env.int("EDGE_MEGABYTES", default=32)
EDGE_LISTEN_URL = env.str("EDGE_LISTEN_URL", default="")
# The caches in front, which are told what is over.
PURGE_URLS = env.list("PURGE_URLS", default=[])
METRICS_KEY = env.str("METRICS_KEY", default="")

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = NEWSROOM_DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_BUCKET = Bucket(
    name=env.str("MEDIA_S3_BUCKET", default=""),
    endpoint=env.str("MEDIA_S3_ENDPOINT", default=""),
    region=env.str("MEDIA_S3_REGION", default=""),
    access_key=env.str("MEDIA_S3_ACCESS_KEY", default=""),
    secret_key=env.str("MEDIA_S3_SECRET_KEY", default=""),
)
STORAGES = {
    **storages_of(MEDIA_BUCKET, data=NEWSROOM_DATA),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if IS_TEST or DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
    },
}
WHITENOISE_USE_FINDERS = IS_TEST or DEBUG
# Source maps are asked for by developers only; compressing them takes longer than all the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "woff2", "webp", "avif", "jpg", "png", "gz", "br"]
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "articles.photos.upload_limit.LimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- People and sign-in -------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.sign_in.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if IS_TEST:
    PASSWORD_HASHERS.insert(0, "accounts.passwords.LeastArgon2")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/account/sign-in/"
PASSWORD_RESET_TIMEOUT = 3600

ACCOUNT_ADAPTER = "accounts.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# All is counted by accounts/limits.py: exactly, in a store that does not forget, and without an
# address in the clear. allauth's own limits do none of these.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "request_login_code": "accounts.forms.AskCodeForm",
    "confirm_login_code": "accounts.forms.CodeForm",
    "reset_password": "accounts.forms.AskResetForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
}

MFA_ADAPTER = "accounts.second_factor.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Newsroom"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_FORMS = {
    "authenticate": "accounts.second_factor_forms.SecondFactorForm",
    "reauthenticate": "accounts.second_factor_forms.SecondFactorAgainForm",
    "activate_totp": "accounts.second_factor_forms.SetUpAppForm",
    "add_webauthn": "accounts.second_factor_forms.AddPasskeyForm",
    "login_webauthn": "accounts.second_factor_forms.PasskeyForm",
    "reauthenticate_webauthn": "accounts.second_factor_forms.PasskeyAgainForm",
}
STAFF_NEED_SECOND_FACTOR = IS_PRODUCTION
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = "/"

COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 400 * 24 * 3600
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "accounts.views.refusals.form_expired"
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}device"
OPENINGS_COOKIE_NAME = f"{COOKIE_PREFIX}openings"
TOKEN_COOKIE_NAME = f"{COOKIE_PREFIX}token"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# A device unseen for so many days may lose its slot to another (rules §7).
DEVICE_IDLE_DAYS = env.int("DEVICE_IDLE_DAYS", default=30)

# --- Security -----------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = IS_HTTPS and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Preloading the domain in browsers is the operator's own decision, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# How many proxies of ours stand before the server and may be believed about the client.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # The nonce is only sent by pages that print it: the desk's, never a shared page.
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- Mail ---------------------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", default="")
if IS_TEST and not EMAIL_URL:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
elif EMAIL_URL:
    vars().update(env.mail("EMAIL_URL"))
else:
    EMAIL_BACKEND = "newsroom.mail.DemoBackend"
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = NEWSROOM_DATA / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="newsroom@localhost")
SERVER_EMAIL = env.str("SERVER_EMAIL", default=DEFAULT_FROM_EMAIL)

# --- Money --------------------------------------------------------------------------------------

STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
STRIPE_WEBHOOK_SECRET_FALLBACKS = env.list("STRIPE_WEBHOOK_SECRET_FALLBACKS", default=[])
# Elsewhere in tests only: there a double of Stripe answers.
STRIPE_API_URL = env.str("STRIPE_API_URL", default="https://api.stripe.com").rstrip("/")

# --- Background work ----------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# --- Logs ---------------------------------------------------------------------------------------

LOG_LEVEL = env.choice(
    "LOG_LEVEL",
    ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    default="INFO" if IS_PRODUCTION else "WARNING",
)
LOG_JSON = env.bool("LOG_JSON", default=IS_PRODUCTION)
LOGGING = logging_config(level=LOG_LEVEL, as_json=LOG_JSON)

# --- The outside --------------------------------------------------------------------------------

OPEN_METEO_URL = env.str("OPEN_METEO_URL", default="https://api.open-meteo.com")
