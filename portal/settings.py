"""Every setting of the portal, read from the environment (README has the table)."""

from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from portal.embedded import addresses, is_weak, secret_key, socket_folder, weak_one

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- What kind of installation this is --------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)  # invented people, open mailbox, cookies that work over http
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
SECRET_KEY = env.str("SECRET_KEY", default="")
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEY", default=[])  # none: SECRET_KEY seals secrets in the database
if not (DEBUG or DEMO) and (weak := weak_one(SECRET_KEY=[SECRET_KEY], FIELD_ENCRYPTION_KEY=FIELD_ENCRYPTION_KEYS)):
    raise ImproperlyConfigured(f"{weak} is missing or weak: set it to a long random text of 32 characters or more.")
if is_weak(SECRET_KEY):
    SECRET_KEY = secret_key(VAR_DIR)
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

BRAND_NAME = env.str("BRAND_NAME", default="Remote Access Initiative")
BRAND_LOGO = env.str("BRAND_LOGO", default="")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="contact@demo.example")

# --- Engines: PostgreSQL, Valkey/Redis, mail ----------------------------------------------------
_database_url, _redis_url, _email_url = addresses(VAR_DIR)
DATABASES = {"default": env.db_url("DATABASE_URL", default=_database_url)}
if not DATABASES["default"].get("NAME") or "HOST" not in DATABASES["default"]:
    raise ImproperlyConfigured("DATABASE_URL names no database: write postgres://user:password@host:5432/name.")
DATABASES["default"] |= {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])  # a socket's folder comes as %2F...
DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 5
DATABASES["default"]["TEST"] = {"TEMPLATE": env.str("TEST_DATABASE_TEMPLATE", default="") or None}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default=_redis_url)
CACHES = {
    "default": {
        "BACKEND": "portal.core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},  # seconds; pages wait for it
    }
}

_email = env.email_url("EMAIL_URL", default=_email_url)
EMAIL_HOST, EMAIL_PORT = _email["EMAIL_HOST"], _email["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_USER"] or "", _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _email.get("EMAIL_USE_TLS", False), _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{BRAND_NAME} <portal@demo.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_SINK = Path(env.str("MAIL_SINK", default=str(VAR_DIR / "mail")))

# --- Live sessions and data -----------------------------------------------------------------------
# Networks in which the relay may dial a laboratory's VNC server; empty: only connectors and the practice instrument.
DESKTOP_ALLOWED_NETWORKS = env.list("DESKTOP_ALLOWED_NETWORKS", default=[])
DESKTOP_IDLE_SECONDS = env.int("DESKTOP_IDLE_SECONDS", default=3600)  # a line over which nothing came is cut
PRACTICE_ADDRESS = env.str("PRACTICE_ADDRESS", default=f"unix:{socket_folder(VAR_DIR / 'practice') / 'rfb.sock'}")
RELAY_FOLDER = Path(env.str("RELAY_FOLDER", default=str(socket_folder(VAR_DIR / "relay"))))  # relays meet here
METRICS_ALLOWED_NETWORKS = env.list("METRICS_ALLOWED_NETWORKS", default=["127.0.0.0/8", "::1/128"])
DATASET_MOST_BYTES = env.int("DATASET_MOST_BYTES", default=20 * 2**30)  # of one file
DATASET_QUOTA_BYTES = env.int("DATASET_QUOTA_BYTES", default=200 * 2**30)  # of all files of one laboratory

# Bounces and complaints: /anymail/<provider>/tracking/ answers once a secret, `user:password`, is set.
_anymail = {
    "WEBHOOK_SECRET": env.list("ANYMAIL_WEBHOOK_SECRET", default=[]),
    "MAILGUN_WEBHOOK_SIGNING_KEY": env.str("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY", default=""),
    "MAILERSEND_SIGNING_SECRET": env.str("ANYMAIL_MAILERSEND_SIGNING_SECRET", default=""),
    "POSTAL_WEBHOOK_KEY": env.str("ANYMAIL_POSTAL_WEBHOOK_KEY", default=""),
    "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": env.str("ANYMAIL_SENDGRID_VERIFICATION_KEY", default=""),
}
ANYMAIL = {name: secret for name, secret in _anymail.items() if secret}  # an empty key would be one anybody knows

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,  # longer than the longest task, or it would run twice
    "unacked_restore_interval": 5,  # the default sweep takes about 100 s to give back a dead worker's task
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 540
CELERY_TASK_SOFT_TIME_LIMIT = 500
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Rooms ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "portal",
    "portal.core",
    "portal.audit",
    "portal.notifications",
    "portal.accounts",
    "portal.api",
    "instruments",
    "calls",
    "bookings",
    "donations",
    "portal.stories",
    "portal.pages",
    "portal.samples",
    "portal.core.admin_site.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "portal.core.static_files.PortalStaticFilesConfig",
    "django.contrib.postgres",
    "django.forms",  # the templates of its widgets, which FORM_RENDERER asks for
    "django_countries",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.orcid",
    "rules",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # data is dear; it pads answers, so lengths tell nothing (BREACH)
    "portal.pages.health.HealthMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.pages.language.LanguageCookieMiddleware",
    "portal.core.low_data.LowDataMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.pages.bodies.BodySizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.ReaderMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "portal.core.middleware.RefusedMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "portal.core.context.brand",
                "portal.core.context.low_data",
            ],
            "builtins": ["portal.core.templatetags.ui", "portal.core.templatetags.days"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- People -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "pages:me"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "portal.accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False  # a mail scanner must not confirm for anybody
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
# Unset ones are allauth's own limits, such as 30 sign-ins and 10 failed ones a minute and address.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "60/m/ip,50/5m/key"} if DEMO else {}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.split(":", 1)[0]
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # proxies of ours that add to X-Forwarded-For
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_ADAPTER = "portal.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
ORCID_CLIENT_ID = env.str("ORCID_CLIENT_ID", default="")
SOCIALACCOUNT_PROVIDERS = (
    {
        "orcid": {
            "BASE_DOMAIN": env.str("ORCID_DOMAIN", default="orcid.org"),
            "APP": {"client_id": ORCID_CLIENT_ID, "secret": env.str("ORCID_CLIENT_SECRET", default="")},
        }
    }
    if ORCID_CLIENT_ID
    else {}
)
MFA_ADAPTER = "portal.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
REQUIRE_MFA = env.bool("REQUIRE_MFA", default=not DEMO)  # for staff, admins and operators

# --- Languages and times ------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "fr")
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_SAMESITE: Literal["Lax"] = "Lax"

# --- Files ----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = env.str("MEDIA_URL", default="/media/")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # compressing is slow enough once
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- Security -------------------------------------------------------------------------------------------
_https = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
_orcid_origin = [f"https://{SOCIALACCOUNT_PROVIDERS['orcid']['BASE_DOMAIN']}"] if ORCID_CLIENT_ID else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF, *_orcid_origin],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- API ------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsers.BoundedJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "portal.api.paging.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": [
        "portal.api.throttles.VisitorThrottle",
        "portal.api.throttles.PersonThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": "6000/min" if DEMO else "120/min",
        "user": "6000/min" if DEMO else "600/min",
        "interest": "2000/hour" if DEMO else "60/hour",
    },
    "NUM_PROXIES": TRUSTED_PROXIES,
    "EXCEPTION_HANDLER": "portal.api.problems.problem_handler",
    "DATETIME_FORMAT": "iso-8601",
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{BRAND_NAME} API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.api.schema.add_problems",
    ],
    "ENUM_NAME_OVERRIDES": {  # several rows have a state or a kind
        "OrganisationKind": "portal.accounts.enums.OrganisationKind",
        "OrganisationState": "portal.accounts.enums.OrganisationState",
        "InstrumentState": "instruments.enums.InstrumentState",
        "CallKind": "calls.enums.CallKind",
        "CallPhase": "calls.enums.CallPhase",
        "AwardKind": "calls.enums.AwardKind",
        "AwardState": "calls.enums.AwardState",
        "BookingState": "bookings.enums.BookingState",
        "SessionState": "bookings.enums.SessionState",
        "NeedState": "donations.enums.NeedState",
        "OfferState": "donations.enums.OfferState",
        "MatchState": "donations.enums.MatchState",
        "ShipmentState": "donations.enums.ShipmentState",
        "Payer": "donations.enums.Payer",
        "GiftSide": "donations.enums.Side",
        "GiftAnswer": "donations.enums.Answer",
        "StoryKind": "portal.stories.enums.StoryKind",
        "StoryState": "portal.stories.enums.StoryState",
        "EventKind": "portal.stories.enums.EventKind",
        "EventState": "portal.stories.enums.EventState",
    },
}

# --- Logging: one line an event, to the standard error, never a secret ------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
