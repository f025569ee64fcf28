# The trainer with the engine tfjs-node: TensorFlow 2.21 for CPUs on the image of services/trainer/Dockerfile.
# Build it with ./scripts/build-images --only trainer-tfjs.
# Build arguments: TRAINER_IMAGE is the image of services/trainer/Dockerfile; NODE_IMAGE is its base.
ARG NODE_IMAGE=node:22-bookworm-slim
ARG TRAINER_IMAGE=sintonia-trainer:0.1.0
FROM ${TRAINER_IMAGE} AS trainer

FROM ${NODE_IMAGE} AS native
ARG NPM_CONFIG_REGISTRY=https://registry.npmjs.org/
ARG PIP_INDEX_URL=https://pypi.org/simple/
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 python3-pip make g++ \
  && { test -e /usr/local/include/node/common.gypi || apt-get install --yes --no-install-recommends libnode-dev; }
WORKDIR /app
COPY . ./
RUN npm ci --include-workspace-root --workspace @sintonia/scripts \
  && npx tsc -b scripts \
  && node scripts/dist/build-tfjs-native.js
# npm ci removes the native part; the second call puts it back from .cache.
RUN npm ci --omit=dev --workspace @sintonia/trainer \
  && node scripts/dist/build-tfjs-native.js \
  && mkdir sbom \
  && npm sbom --package-lock-only --sbom-format=cyclonedx \
    --omit=dev --workspace @sintonia/trainer > sbom/npm.cdx.json \
  && ls .cache/tfjs-native > sbom/libraries.txt \
  && rm -r node_modules/@tensorflow/tfjs-node/deps/include node_modules/@tensorflow/tfjs-node-gpu \
  && find node_modules -name '*.map' -delete
# The packages that the trainer's image lacks. It has the others, in a layer that both images share.
COPY --from=trainer /app/node_modules /trainer/
RUN mkdir added && cd node_modules \
  && for package in * @*/*; do test -e "/trainer/$package" || cp -a --parents "$package" ../added/; done

FROM ${TRAINER_IMAGE}
LABEL org.opencontainers.image.title="sintonia-trainer-tfjs"
USER 0:0
COPY --from=native /app/added node_modules/
COPY --from=native /app/sbom sbom/
ENV SINTONIA_ENGINE=tfjs-node
RUN dpkg-query --show --showformat='${Package}\t${Version}\t${Architecture}\n' > sbom/debian.tsv
USER 1000:1000
