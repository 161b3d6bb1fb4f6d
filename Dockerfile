# syntax=docker/dockerfile:1
# Stage 1: the pinned packages, by hash, in an environment of their own.
FROM python:3.11-slim AS packages
RUN python -m venv /opt/portal
COPY requirements-production.lock /tmp/
RUN /opt/portal/bin/pip install --no-cache-dir --require-hashes --only-binary :all: \
        -r /tmp/requirements-production.lock

# Stage 2: the portal, its messages compiled and its static files collected, run by nobody in particular.
FROM python:3.11-slim
ENV PATH=/opt/portal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=1 \
    VAR_DIR=/srv/var
RUN useradd --system --uid 10001 --home-dir /srv/portal --shell /usr/sbin/nologin portal \
    && mkdir -p /srv/portal /srv/var/media /srv/var/relay /srv/var/practice \
    && chmod 700 /srv/var/relay \
    && chown portal:portal /srv/var /srv/var/media /srv/var/relay /srv/var/practice
COPY --from=packages /opt/portal /opt/portal
WORKDIR /srv/portal
COPY --chown=root:root manage.py ./
COPY --chown=root:root portal ./portal
COPY --chown=root:root instruments ./instruments
COPY --chown=root:root calls ./calls
COPY --chown=root:root bookings ./bookings
COPY --chown=root:root donations ./donations
COPY --chown=root:root templates ./templates
COPY --chown=root:root static ./static
# The key of the build signs nothing and is gone with this line.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    && export SECRET_KEY \
    && python manage.py compile_messages --all --verbosity 0 \
    && python manage.py collectstatic --noinput --verbosity 0
# Compiled once, here: else every process of every container compiles all of it, which takes seconds and leaves gaps in
# its memory.
RUN python -m compileall -q -j 0 .
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz/live', timeout=4)"]
CMD ["gunicorn", "portal.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--preload", "--max-requests", "5000", "--max-requests-jitter", "500", \
     "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
