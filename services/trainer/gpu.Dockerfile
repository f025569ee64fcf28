# The trainer with the engine tfjs-node-gpu: TensorFlow 2.21 with CUDA 12.9 and cuDNN 9 on the image of
# services/trainer/Dockerfile. Build it with ./scripts/build-images --only trainer-gpu, for x86-64.
#
# It needs NVIDIA's driver and container toolkit on the machine (docker run --gpus 1), or the device plugin on Kubernetes. A
# trainer without a GPU ends with exit code 1 and one line that says so.
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
# TensorFlow gets NVIDIA's libraries in one folder, without their headers and static libraries.
COPY services/trainer/gpu-libraries.txt services/trainer/
RUN python3 -m pip install --no-cache-dir --no-deps --require-hashes --target packages \
    --requirement services/trainer/gpu-libraries.txt \
  && mkdir -p nvidia/bin nvidia/lib \
  && find packages/nvidia -path '*/lib/*.so*' -exec mv --target-directory nvidia/lib {} + \
  && mv packages/nvidia/cuda_nvcc/bin/ptxas nvidia/bin \
  && rm -r packages
COPY . ./
RUN npm ci --include-workspace-root --workspace @sintonia/scripts \
  && npx tsc -b scripts \
  && node scripts/dist/build-tfjs-native.js --gpu
# npm ci removes the native part; the second call puts it back from .cache.
RUN npm ci --omit=dev --workspace @sintonia/trainer \
  && node scripts/dist/build-tfjs-native.js --gpu \
  && mkdir sbom \
  && npm sbom --package-lock-only --sbom-format=cyclonedx \
    --omit=dev --workspace @sintonia/trainer > sbom/npm.cdx.json \
  && ls .cache/tfjs-native > sbom/libraries.txt \
  && cat services/trainer/gpu-libraries.txt >> sbom/libraries.txt \
  && rm -r node_modules/@tensorflow/tfjs-node-gpu/deps/include node_modules/@tensorflow/tfjs-node \
  && find node_modules -name '*.map' -delete
# The packages that the trainer's image lacks. It has the others, in a layer that both images share.
COPY --from=trainer /app/node_modules /trainer/
RUN mkdir added && cd node_modules \
  && for package in * @*/*; do test -e "/trainer/$package" || cp -a --parents "$package" ../added/; done

FROM ${TRAINER_IMAGE}
LABEL org.opencontainers.image.title="sintonia-trainer-gpu"
USER 0:0
COPY --from=native /app/added node_modules/
COPY --from=native /app/sbom sbom/
COPY --from=native /app/nvidia /opt/nvidia/
# The variables of NVIDIA tell the container toolkit which parts of the driver to mount.
ENV PATH=/opt/nvidia/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  LD_LIBRARY_PATH=/opt/nvidia/lib \
  NVIDIA_VISIBLE_DEVICES=all \
  NVIDIA_DRIVER_CAPABILITIES=compute,utility \
  SINTONIA_ENGINE=tfjs-node-gpu \
  SINTONIA_CUDA_CACHE_DIR=/var/cache/sintonia/cuda
RUN dpkg-query --show --showformat='${Package}\t${Version}\t${Architecture}\n' > sbom/debian.tsv
USER 1000:1000
