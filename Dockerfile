# The Market Programmer Agent: `docker build --tag mpa-agent .`, and where a build has no network, `npm run image`.
#
# It runs as 1000:1000 without a shell, writes to /data alone, and works with a read-only root file system. It is meant
# to be run with an init process (`docker run --init`, `init: true`): as process 1 it would not hear a SIGTERM that
# comes while it boots.

# Any image with Node 26; nothing else of it is used but its certificates.
ARG BASE=node:26-slim
# Where the dependencies are installed: Node 26 with npm and a shell.
ARG INSTALL_BASE=node:26-slim
# `install`: by npm, here. `staged`: they are in the context already.
ARG DEPENDENCIES=install

FROM ${INSTALL_BASE} AS install
# `yes`: with the packages of the analyst (docs/analyst.md), 36 MB more that nothing else needs.
ARG ANALYST=no
WORKDIR /staged
COPY package.json package-lock.json .npmrc ./
COPY agent/package.json agent/
RUN if [ "$ANALYST" = yes ]; then kept=optional; else left=optional; fi; \
  npm ci --workspace @mpa/agent --omit=dev ${kept:+--include=$kept} ${left:+--omit=$left} \
  --ignore-scripts --no-audit --no-fund
COPY scripts/pruneModules.ts scripts/
RUN node scripts/pruneModules.ts node_modules && mkdir data

FROM scratch AS staged
COPY node_modules /staged/node_modules
COPY data /staged/data

FROM ${DEPENDENCIES} AS dependencies

FROM ${BASE}
WORKDIR /app
# The modes are set: a checkout that only its owner may read would make an image that nobody can run.
COPY --chmod=0755 LICENSE package.json ./
COPY --from=dependencies /staged/node_modules node_modules
COPY --chmod=0755 agent agent
# A volume takes its owner from here. Mounted or not, what is in it outlives the container's restarts.
COPY --from=dependencies --chown=1000:1000 /staged/data /data
VOLUME /data
# The compiled form of every module, made once: the agent starts faster, and in a quarter less memory.
ENV NODE_ENV=production MPA_JOURNAL=/data/journal.sqlite NODE_COMPILE_CACHE=/app/compiled \
    MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=16384 MALLOC_TRIM_THRESHOLD_=65536
RUN ["node", "--max-semi-space-size=1", "--max-old-space-size=256", "--heap-growing-percent=10", "--optimize-for-size", "--no-maglev", "--no-sparkplug", "--no-incremental-marking", "--v8-pool-size=1", "--no-memory-pool", "/app/agent/src/main.ts", "--version"]
USER 1000:1000
EXPOSE 8787
STOPSIGNAL SIGTERM
# For another port or https, give MPA_URL.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "/app/agent/src/healthcheck.ts"]
# Small spaces, two compilers less, memory given back at once and not kept in pools, and no marking in steps, while which V8
# lets the new space grow to 20 MB (when it is marked instead: heapKeeper.ts). Measured in docs/benchmarks.md, "At the limits".
ENTRYPOINT ["node", "--max-semi-space-size=1", "--max-old-space-size=256", "--heap-growing-percent=10", "--optimize-for-size", "--no-maglev", "--no-sparkplug", "--no-incremental-marking", "--v8-pool-size=1", "--no-memory-pool", "/app/agent/src/main.ts"]
CMD ["serve", "--config", "/etc/mpa/mpa.yml"]

# Last, so that another commit does not make all of the above anew.
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Market Programmer Agent" \
      org.opencontainers.image.description="Repairs services on Docker by written strategies, and proves it." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
