"""The one settings file. Everything that differs between installations comes from the environment.

Every limit has a name here (`LIMIT_*`), its unit in the name, and a line in docs/operators.md.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import csp.constants

from gspace import native, postgres

BASE_DIR = Path(__file__).resolve().parent.parent
GSPACE_HOME = Path(os.environ.get("GSPACE_HOME", BASE_DIR / ".gspace")).resolve()


def env_list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_int(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


def env_bool(name: str, *, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).lower() in {"1", "true", "yes", "on"}


def secret_key() -> str:
    """SECRET_KEY from the environment, else one made once and kept in $GSPACE_HOME (mode 0600)."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    file = GSPACE_HOME / "secret-key"
    if not file.exists():
        GSPACE_HOME.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"secret-key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            # link, not rename: of two processes starting at once the first one's key stays
            os.link(draft, file)
        except FileExistsError:
            pass
        draft.unlink()
    return file.read_text()


GDAL_LIBRARY_PATH = native.GDAL_LIBRARY_PATH
GEOS_LIBRARY_PATH = native.GEOS_LIBRARY_PATH

SECRET_KEY = secret_key()
DEBUG = env_bool("DEBUG")
# The address the server listens on; anything but loopback makes gspace/checks.py strict.
BIND_HOST = os.environ.get("BIND_HOST", "127.0.0.1")
PORT = env_int("PORT", 8000)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", "")

ROOT_URLCONF = "gspace.urls"
ASGI_APPLICATION = "gspace.asgi.application"
AUTH_USER_MODEL = "auth.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_URL = os.environ.get("SITE_URL", f"http://127.0.0.1:{PORT}")

INSTALLED_APPS = [
    "gspace.apps.GspaceConfig",
    "reports.apps.ReportsConfig",
    "layers.apps.LayersConfig",
    "mobile_api.apps.MobileApiConfig",
    "frontend.apps.FrontendConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "leaflet",
    # its own copy of the API's documentation page; without it a CDN would be asked
    "ninja",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "gspace.doors.problems_of_the_api",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "frontend.ruby_pages.ruby_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # our account pages come before allauth's
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# --- database ------------------------------------------------------------------------------
POOL_SIZE = env_int("POOL_SIZE", 10)
DATABASES = {
    "default": {
        **postgres.connection_settings(),
        "ENGINE": "dj_db_conn_pool.backends.postgis",
        # The pool keeps connections open; closing at the end of a request gives one back to it.
        "CONN_MAX_AGE": 0,
        "POOL_OPTIONS": {
            "POOL_SIZE": POOL_SIZE,
            "MAX_OVERFLOW": 0,
            "TIMEOUT": env_int("POOL_TIMEOUT_S", 20),
            "RECYCLE": 3600,
            "PRE_PING": True,
        },
        # by process, so that two test runs of one checkout do not meet
        "TEST": {"NAME": os.environ.get("TEST_DATABASE", f"test_gspace_{os.getpid()}")},
    }
}
PGHISTORY_APPEND_ONLY = False  # what is erased is erased in the history too
PGTRIGGER_SCHEMA_EDITOR = False

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "photos", "layers", "exports"],
    }
}

# What the worker calls beside its tasks: function -> seconds between two calls.
CLOCK = {
    "reports.actions.contexts_take": 2,
    "reports.actions.claims_expire": 5,
    "reports.sweeper.sweep": 600,
    "reports.actions.exports_expire": 60,
    "reports.actions.public_copies_expire": 600,
    "layers.sweeper.sweep": 15,
    "layers.sweeper.sweep_files": 600,
    "gspace.clock.prune_tasks": 3600,
    "gspace.tries.prune": 3600,
}

# --- limits --------------------------------------------------------------------------------
LIMIT_REPORT_BYTES = 16 * 1024
LIMIT_BODY_BYTES = 2 * 1024 * 1024
LIMIT_PREVIEW_BYTES = 64 * 1024
LIMIT_ORIGINAL_BYTES = env_int("LIMIT_ORIGINAL_BYTES", 64 * 1024 * 1024)
LIMIT_LAYER_BYTES = env_int("LIMIT_LAYER_BYTES", 100 * 1024 * 1024)
# reading publishers' files: seconds until one that nobody reads is looked at, tries in all
LIMIT_READ_WAIT_S = 10
LIMIT_READ_TRIES = 2
# longest statement, and longest wait for the child, while a version is stored
LIMIT_STORE_S = 300
LIMIT_BODY_IDLE_S = env_int("LIMIT_BODY_IDLE_S", 60)
# resumable uploads: open at once per photo, days without a byte until one expires, seconds that a
# client which comes back waits for its own lost connection
LIMIT_UPLOADS_PER_PHOTO = 3
LIMIT_UPLOAD_DAYS = 7
LIMIT_UPLOAD_TAKE_OVER_S = 5
# layers as files, in one web process: built at a time, then kept for whoever asks next
LIMIT_DOWNLOADS_BUILT = 2
# threads that answer requests are few: whoever cannot have a file soon comes back for it
LIMIT_DOWNLOADS_WAIT_S = 1
LIMIT_DOWNLOADS_KEPT = 16
LIMIT_DOWNLOADS_KEPT_BYTES = 512 * 1024 * 1024
LIMIT_DOWNLOADS_KEPT_S = 300
# sweeping: how long a file that no row names stays, then in the trash; a photo whose copies have
# not come is developed again after this long; a copy made for the public and never shown goes
LIMIT_ORPHAN_HOURS = 48
LIMIT_TRASH_DAYS = 7
LIMIT_PUBLIC_DRAFT_HOURS = 24
LIMIT_DEVELOP_S = 600
LIMIT_PHOTOS_PER_REPORT = 20
# joining: codes that failed in so many seconds, from one address and (six digits only) in all; keys
# and hand-overs that one device asks for in a day
LIMIT_ENROL_TRIES = 10
LIMIT_ENROL_TRIES_IN_ALL = 100
LIMIT_ENROL_WINDOW_S = 600
LIMIT_DEVICE_KEYS_A_DAY = 50
LIMIT_TRANSFER_HOURS = 24
LIMIT_TRANSFER_DIGITS_S = 600
LIMIT_CHANGES = 1000
LIMIT_FRAME_ITEMS = 200
LIMIT_LIST = 10_000
# of one filter of a list: words of `q`, codes with commas, corners of an outline
LIMIT_FILTER_WORDS = 20
LIMIT_FILTER_CODES = 100
LIMIT_COVERAGE_SQUARES = 5_000
LIMIT_COVERAGE_MUNICIPALITIES = 300
LIMIT_CREW_QUIET_MIN = env_int("LIMIT_CREW_QUIET_MIN", 15)
LIMIT_CREW_SILENT_MIN = env_int("LIMIT_CREW_SILENT_MIN", 60)
LIMIT_FILTER_CORNERS = 500
# a tile close by (gspace.tiles.CLUSTER_ZOOM) with more reports has clusters all the same
LIMIT_TILE_FEATURES = 1_000
LIMIT_DUE_SOON_MIN = env_int("LIMIT_DUE_SOON_MIN", 60)
LIMIT_FILTER_HOURS = 8_784
LIMIT_DESK_LIVE_REPORTS = env_int("LIMIT_DESK_LIVE_REPORTS", 2_000)
LIMIT_SAVED_VIEWS = 50
# reports changed by one call; seconds without a sign of the desk until its claim ends
LIMIT_BULK = 200
LIMIT_CLAIM_S = 90
LIMIT_FACILITY_SHEETS = 200
LIMIT_ATOM_ENTRIES = 200
LIMIT_LOG_PAGE = 200
LIMIT_LOG_PARTIES = 100
LIMIT_LOG_AHEAD_MIN = 10
# exports: hours until a file goes, how many of an incident may be under way, and seconds without a
# sign of its worker until one counts as lost
LIMIT_EXPORT_HOURS = 24
LIMIT_EXPORTS_WAITING = 10
LIMIT_EXPORT_STALL_S = 900
# reports printed in one situation report, and offered to choose from
LIMIT_SITUATION_REPORTS = 100
# how long a printed list may be trusted, from the moment it was made
LIMIT_PAPER_HOURS = 24
# visitors of the public pages who follow live in one web process; the others ask every 15 s
LIMIT_PUBLIC_SOCKETS = env_int("LIMIT_PUBLIC_SOCKETS", 5_000)
LIMIT_NEAREST = 50
LIMIT_CONTEXT_HOURS = 24
LIMIT_SHELTER_SILENCE_H = env_int("LIMIT_SHELTER_SILENCE_H", 6)
LIMIT_SOCKETS_PER_CALLER = env_int("LIMIT_SOCKETS_PER_CALLER", 20)
LIMIT_PLACE_DISTANCE_M = 10_000
LIMIT_DISK_FREE_SHARE = 0.05
# minutes that the oldest report may wait unreviewed before the desk warns, then shows it in red
REVIEW_WARN_MIN = env_int("REVIEW_WARN_MIN", 10)
REVIEW_ALARM_MIN = env_int("REVIEW_ALARM_MIN", 30)
# seconds until a rescue or danger to life that nobody has accepted alarms every screen
ALARM_AFTER_S = env_int("ALARM_AFTER_S", 180)
HEARTBEAT_S = 15
SEND_TIMEOUT_S = 20
FEED_POLL_S = 2
DATA_UPLOAD_MAX_MEMORY_SIZE = LIMIT_BODY_BYTES

# --- files ---------------------------------------------------------------------------------
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", GSPACE_HOME / "media"))
PARTS_ROOT = MEDIA_ROOT / "parts"
STATIC_URL = "static/"
STATIC_ROOT = GSPACE_HOME / "static"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    BASE_DIR / "frontend" / "static" / "vendor",
    BASE_DIR / "frontend" / "static",
    ("css", BASE_DIR / "frontend" / "css"),
    ("icons", BASE_DIR / "frontend" / "icons"),
]
# the first two are made by the front-end build; Django warns of folders that are not there yet
STATICFILES_DIRS = [
    d for d in STATICFILES_DIRS if Path(d[-1] if isinstance(d, tuple) else d).is_dir()
]
# photos and publishers' files: on disk below MEDIA_ROOT, or in an object store
KEPT = {
    "BACKEND": os.environ.get("PHOTO_STORAGE", "reports.blobs.DurableStorage"),
    **({"OPTIONS": {"bucket_name": b}} if (b := os.environ.get("PHOTO_BUCKET")) else {}),
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "photos": KEPT,
    "layers": KEPT,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# --- people --------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "gspace.accounts.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")

# --- languages -----------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English"), ("ja-simple", "やさしい日本語")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

# --- transport and browser protection ------------------------------------------------------
HTTPS = env_bool("HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY") else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"
GSI_TILES = "https://cyberjapandata.gsi.go.jp"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", csp.constants.NONCE],
        "style-src": ["'self'", csp.constants.NONCE],
        "img-src": ["'self'", "data:", "blob:", GSI_TILES],
        "connect-src": ["'self'", GSI_TILES],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "font-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- map -----------------------------------------------------------------------------------
LEAFLET_CONFIG = {
    # The basemaps are set in frontend/src/map/basemap.ts; an empty list keeps django-leaflet
    # from falling back to tile.openstreetmap.org.
    "TILES": [],
    "DEFAULT_CENTER": (32.79, 130.74),
    "DEFAULT_ZOOM": 11,
    "MAX_ZOOM": 18,
    "SCALE": "metric",
    "RESET_VIEW": False,
    "NO_GLOBALS": False,
    "ATTRIBUTION_PREFIX": "",
}

LOG_LEVEL = os.environ.get("LOG_LEVEL", "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    # on the handler: libraries set levels of their own on their loggers
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": LOG_LEVEL}
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
