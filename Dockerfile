# OpenSpending in one image: every component, the worker, the follower and all commands (docs/operating.md).
#
#   docker build -t openspending .
#   docker run -p 8000:8000 -v openspending:/data openspending

FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/openspending
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# what changes seldom comes first: these layers are made anew only when a dependency changes
COPY requirements.lock ./
RUN /opt/openspending/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY examples/packages examples/packages
# installing builds what browsers load, with a Node that comes as a Python package
COPY frontend frontend
COPY src src
RUN /opt/openspending/bin/pip install --no-deps .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home openspending \
    && install --directory --owner=openspending /data
COPY --from=build /opt/openspending /opt/openspending
ENV PATH=/opt/openspending/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OS_DATA=/data \
    OS_HOST=0.0.0.0 \
    OS_PORT=8000
USER openspending
WORKDIR /data
VOLUME /data
EXPOSE 8000
# 503, which makes this fail, is answered while the stores or the database are not there
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"OS_PORT\"]}/health', timeout=4)"]
ENTRYPOINT ["openspending"]
CMD ["serve"]
