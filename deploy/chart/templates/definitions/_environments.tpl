{{/* Variables of the coordinator and the trainers. */}}
{{- define "sintonia.environment" -}}
{{- $nats := printf "nats://%s" (include "sintonia.name" (list . "nats")) -}}
SINTONIA_NATS_URL: {{ ternary $nats .Values.nats.url .Values.nats.enabled | quote }}
SINTONIA_LOG_LEVEL: {{ .Values.logLevel }}
SINTONIA_CACHE_DIR: /var/cache/sintonia
SINTONIA_METRICS_ADDRESS: 0.0.0.0:9464
{{- end -}}

{{/* Variables of the coordinator, with those of the values. */}}
{{- define "sintonia.coordinatorEnvironment" -}}
{{- $own := mustMergeOverwrite
  (include "sintonia.coordinatorSettings" . | fromYaml)
  (include "sintonia.artifactSettings" . | fromYaml)
  (include "sintonia.coordinatorLogins" . | fromYaml)
  .Values.coordinator.environment -}}
{{- toYaml $own -}}
{{- end -}}

{{- define "sintonia.coordinatorSettings" -}}
SINTONIA_COORDINATOR_TLS_NAME: {{ include "sintonia.name" (list . "coordinator") }}
{{- with .Values.coordinator }}
SINTONIA_GRPC_HOST: 0.0.0.0
SINTONIA_GRPC_PORT: "7230"
SINTONIA_STATE_DIR: /var/lib/sintonia
# Below the limit of the startup probe: NATS may wait for its volume.
SINTONIA_NATS_START_MS: "120000"
SINTONIA_LEASE_TTL_MS: {{ mul .leaseSeconds 1000 | quote }}
SINTONIA_FILE_CACHE_MIB: {{ mul .fileCacheGib 1024 | quote }}
{{- with .engine }}
SINTONIA_ENGINE: {{ . }}
{{- end }}
{{- end }}
{{- with .Values.page }}
{{- if .enabled }}
SINTONIA_PAGE_ADDRESS: 0.0.0.0:7280
{{- with include "sintonia.pageHosts" $ }}
SINTONIA_PAGE_HOSTS: {{ . }}
{{- end }}
{{- if .ingress.enabled }}
# The gateway ends TLS.
SINTONIA_PAGE_TLS: proxy
{{- end }}
{{- end }}
{{- end }}
{{- if .Values.autoscaling.idleFirst }}
SINTONIA_POD_DELETION_COSTS: "true"
{{- end }}
{{- end -}}

{{/* Names by which browsers reach the page, with commas between them. */}}
{{- define "sintonia.pageHosts" -}}
{{- with .Values.page -}}
{{- $ingress := ternary (list .ingress.host) list .ingress.enabled -}}
{{- concat .hosts $ingress | join "," -}}
{{- end -}}
{{- end -}}

{{/* The place of artifacts, checkpoints and files of studies; nothing for the state folder. */}}
{{- define "sintonia.artifactSettings" -}}
{{- with .Values.artifacts }}
{{- if eq .store "jetstream" }}
SINTONIA_ARTIFACTS: jetstream
SINTONIA_ARTIFACTS_MAX_MIB: {{ int64 .jetstream.maxMib | quote }}
{{- else if eq .store "s3" }}
SINTONIA_ARTIFACTS: s3://{{ .s3.bucket }}
AWS_REGION: {{ .s3.region }}
{{- if .s3.secret }}
AWS_ACCESS_KEY_ID_FILE: /etc/sintonia/s3/id
AWS_SECRET_ACCESS_KEY_FILE: /etc/sintonia/s3/secret
{{- end }}
{{- with .s3.endpoint }}
AWS_ENDPOINT_URL_S3: {{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "sintonia.coordinatorLogins" -}}
{{- if .Values.security.enabled -}}
SINTONIA_GRPC_SECURITY: required
SINTONIA_NATS_SECURITY: required
SINTONIA_NATS_NKEY_FILE: /etc/sintonia/nats/seed
SINTONIA_GRPC_TLS_CERT_FILE: /etc/sintonia/tls/tls.crt
SINTONIA_GRPC_TLS_KEY_FILE: /etc/sintonia/tls/tls.key
SINTONIA_COORDINATOR_CA_FILE: /etc/sintonia/tls/ca.crt
SINTONIA_GRPC_TOKENS_FILE: /etc/sintonia/tokens/tokens
# The probes of Kubernetes know no TLS.
SINTONIA_HEALTH_PORT: "7231"
{{- else -}}
SINTONIA_GRPC_SECURITY: insecure
SINTONIA_NATS_SECURITY: insecure
{{- end }}
{{- end -}}

{{/* Variables of the trainers, with those of the values. */}}
{{- define "sintonia.trainerEnvironment" -}}
{{- $own := mustMergeOverwrite
  (include "sintonia.trainerSettings" . | fromYaml)
  (include "sintonia.trainerLogins" . | fromYaml)
  .Values.trainers.environment -}}
{{- toYaml $own -}}
{{- end -}}

{{- define "sintonia.trainerSettings" -}}
SINTONIA_COORDINATOR_ADDRESS: {{ include "sintonia.name" (list . "coordinator") }}:7230
{{- with .Values.trainers }}
# Trainers wait for NATS instead of restarting.
SINTONIA_NATS_START_MS: "600000"
SINTONIA_FILE_CACHE_MIB: {{ mul .fileCacheGib 1024 | quote }}
SINTONIA_DRAIN_MS: {{ mul .drainSeconds 1000 | quote }}
SINTONIA_ENGINE_THREADS: {{ int64 .engineThreads | quote }}
{{- if ne (toString .trialsAtOnce) "1" }}
SINTONIA_TRIALS_AT_ONCE: {{ toString .trialsAtOnce | quote }}
{{- end }}
{{- with .engine }}
SINTONIA_ENGINE: {{ . }}
{{- end }}
{{- with .flavour }}
SINTONIA_FLAVOUR: {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "sintonia.trainerLogins" -}}
{{- if .Values.security.enabled -}}
SINTONIA_COORDINATOR_CA_FILE: /etc/sintonia/tls/ca.crt
SINTONIA_COORDINATOR_TOKEN_FILE: /etc/sintonia/token/token
SINTONIA_NATS_NKEY_FILE: /etc/sintonia/nats/seed
{{- end }}
{{- end -}}

{{/* Configuration of the NATS server. */}}
{{- define "sintonia.natsConfig" -}}
{{- $limit := printf "max_file_store: %s" .Values.nats.storage.limit -}}
{{- .Files.Get "files/nats.conf" | replace "max_file_store: 8GiB" $limit -}}
{{- end -}}
