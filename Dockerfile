# The service's image: Debian's own Python, a virtual environment without pip, a user without a name to log in by.
# Build it with `docker build .`; another release of the base is chosen by --build-arg BASE=image@sha256:... alone.
ARG BASE=docker.io/library/debian:bookworm-slim@sha256:96e378d7e6531ac9a15ad505478fcc2e69f371b10f5cdf87857c4b8188404716

# The system of both stages; Python is the same that the tests run on.
# hadolint ignore=DL3006
FROM ${BASE} AS system
# Debian keeps only the newest version of a package, so a pinned one would soon be missing.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get upgrade --yes \
    && apt-get install --yes --no-install-recommends ca-certificates python3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives /var/log/apt /var/log/dpkg.log

FROM system AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3-venv
WORKDIR /build
COPY requirements-build.lock ./
RUN python3 -m venv tools \
    && tools/bin/pip install --no-cache-dir --only-binary :all: --require-hashes --requirement requirements-build.lock
# What the lock file names comes in a layer of its own, which a change of the code leaves alone.
COPY requirements.lock ./
RUN python3 -m venv --without-pip /opt/expense \
    && tools/bin/uv pip sync --no-cache --system-certs --require-hashes --compile-bytecode \
        --python /opt/expense/bin/python requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY graphql_api graphql_api
RUN tools/bin/uv pip install --no-cache --system-certs --no-deps --compile-bytecode \
        --build-constraints requirements-build.lock --python /opt/expense/bin/python . \
    && /opt/expense/bin/expense --version \
    && rm --force /opt/expense/.lock

FROM system
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Expense Ledger" \
      org.opencontainers.image.description="A self-hosted expense ledger with a GraphQL API" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/expense /opt/expense
# No file belongs to the user but the folder of the database that the service makes if it is told of no other.
RUN groupadd --gid 10001 expense \
    && useradd --uid 10001 --gid expense --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin expense \
    && install --directory --owner expense --group expense --mode 0700 /data
ENV PATH=/opt/expense/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    EXPENSE_DATABASE_URL=sqlite+aiosqlite:////data/expense.sqlite3
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python3", "-c", "from urllib.request import urlopen; import os; urlopen(f'http://127.0.0.1:{os.environ.get(\"EXPENSE_PORT\") or 8000}/readyz', timeout=2)"]
ENTRYPOINT ["expense"]
CMD ["serve"]
