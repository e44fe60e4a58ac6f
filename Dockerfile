# Two images: `shop` (web, workers, beat, migrations) and `proxy` (Caddy with this shop's Caddyfile).

FROM python:3.13-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements.txt requirements-local.txt ./
# Babel compiles translations here and stays out of the image; its lock is one block of requirements-local.txt.
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r requirements.txt \
    && sed -n '/^babel==/,/[^\\]$/p' requirements-local.txt > /tmp/babel.txt \
    && python -m venv /tools && /tools/bin/pip install --require-hashes -r /tmp/babel.txt
COPY . .
# Settings of production need their names even to collect files; the values of build.env stay in this stage.
RUN /tools/bin/pybabel compile --directory locale --domain django \
    && /tools/bin/pybabel compile --directory shop/backoffice/locale --domain "django djangojs" \
    && (set -a && . deploy/build.env && DJANGO_SETTINGS_MODULE=shop.settings.prod /venv/bin/python manage.py collectstatic --noinput) \
    && rm deploy/build.env && /venv/bin/python -m compileall -q shop vehicles accounts orders newsletter

FROM python:3.13-slim-trixie AS shop
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=shop.settings.prod
RUN useradd --system --uid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin shop \
    && install -d -o 10001 -g 10001 -m 700 /srv/private /srv/price-lists
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "shop.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]

FROM caddy:2.10-alpine AS proxy
COPY deploy/Caddyfile /etc/caddy/Caddyfile
RUN adduser -S -D -H -u 10002 proxy && chown -R 10002 /data /config
USER 10002
