{{/* Fields that every pod has: (list $ "sintonia-core" .Values.nats), and those of its account if it has one. */}}
{{- define "sintonia.pod" -}}
{{- $settings := index . 2 -}}
{{- $root := index . 0 -}}
{{- if gt (len .) 3 }}
{{- toYaml (index . 3) | nindent 0 }}
{{- else }}
automountServiceAccountToken: false
{{- end }}
enableServiceLinks: false
priorityClassName: {{ include "sintonia.name" (list $root (index . 1)) }}
{{- with $root.Values.images.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $field := list "nodeSelector" "tolerations" "affinity" }}
{{- with index $settings $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Name of an object of the trainers: (list "trainers" $flavour), of which the flavour may be empty. */}}
{{- define "sintonia.flavoured" -}}
{{- index . 0 }}{{ with (index . 1).name }}-{{ . }}{{ end -}}
{{- end -}}

{{/* The release with the values of one flavour in place of all trainers', as YAML: (list $ $flavour). */}}
{{- define "sintonia.ofFlavour" -}}
{{- $root := index . 0 -}}
{{- $flavour := index . 1 -}}
{{- $own := omit $flavour "name" "minReplicas" "maxReplicas" -}}
{{- $trainers := mustMergeOverwrite (deepCopy $root.Values.trainers) (deepCopy $own) -}}
{{- with $flavour.name }}{{ $_ := set $trainers "flavour" . }}{{ end -}}
{{- $values := merge (dict "trainers" $trainers) (deepCopy (omit $root.Values "trainers")) -}}
{{- $chart := dict "Name" $root.Chart.Name "Version" $root.Chart.Version "AppVersion" $root.Chart.AppVersion -}}
{{- $release := dict "Name" $root.Release.Name "Namespace" $root.Release.Namespace "Service" $root.Release.Service -}}
{{- dict "Values" $values "Chart" $chart "Release" $release | toYaml -}}
{{- end -}}

{{/* The labels of all trainers' pods, as YAML. */}}
{{- define "sintonia.trainerNames" -}}
{{- $names := list "trainer" -}}
{{- range .Values.trainers.flavours }}{{ $names = append $names (printf "trainer-%s" .name) }}{{ end -}}
{{- toYaml $names -}}
{{- end -}}

{{/* Selects the pods of all trainers. */}}
{{- define "sintonia.allTrainers" -}}
matchExpressions:
  - key: app.kubernetes.io/name
    operator: In
    values:
      {{- include "sintonia.trainerNames" . | nindent 6 }}
{{- end -}}

{{/* The resource classes whose work scales the trainers of a flavour, as a regular expression: of the
trainers without one, the work that any trainer may do. */}}
{{- define "sintonia.classes" -}}
{{- $root := index . 0 -}}
{{- $flavour := index . 1 -}}
{{- $trainers := (include "sintonia.ofFlavour" . | fromYaml).Values.trainers -}}
{{- $classes := ternary (list) (list "any") (hasKey $flavour "name") -}}
{{- with $trainers.flavour }}{{ $classes = append $classes . }}{{ end -}}
{{- if $trainers.gpu }}{{ $classes = append $classes "gpu" }}{{ end -}}
{{- $classes | join "|" -}}
{{- end -}}

{{/* Values of the trainers, with the resource and the toleration of their GPU, as YAML. */}}
{{- define "sintonia.trainers" -}}
{{- $trainers := deepCopy .Values.trainers -}}
{{- with $trainers.gpu -}}
{{- $toleration := dict "key" "nvidia.com/gpu" "operator" "Exists" "effect" "NoSchedule" -}}
{{- $_ := set $trainers "tolerations" (append $trainers.tolerations $toleration) -}}
{{- $_ := set $trainers "resources" (mergeOverwrite $trainers.resources (dict "limits" (dict . 1))) -}}
{{- end -}}
{{- toYaml $trainers -}}
{{- end -}}

{{/* User, groups and profile that every pod runs with. */}}
{{- define "sintonia.user" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* Image and rights of every container: (list $ .Values.nats). */}}
{{- define "sintonia.container" -}}
image: {{ include "sintonia.image" (list (index . 0) (index . 1).image) }}
{{- if ne (index . 0).Values.images.pullPolicy "IfNotPresent" }}
imagePullPolicy: {{ (index . 0).Values.images.pullPolicy }}
{{- end }}
resources:
  {{- toYaml (index . 1).resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* Spreads the pods of a component over the nodes, as far as they fit: "trainer". */}}
{{- define "sintonia.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        app.kubernetes.io/name: {{ . }}
{{- end -}}

{{/* Annotations of a pod: a checksum, so that changed settings restart it, and its port of metrics. */}}
{{- define "sintonia.annotations" -}}
{{- $root := index . 0 -}}
checksum/config: {{ index . 1 | sha256sum }}
{{- if $root.Values.monitoring.enabled }}
prometheus.io/scrape: "true"
prometheus.io/port: "9464"
{{- end }}
{{- end -}}

{{/* A volume from a secret that the group of the pod can read: (list "tls" "coordinator-tls"). */}}
{{- define "sintonia.secretVolume" -}}
- name: {{ index . 0 }}
  secret:
    secretName: {{ index . 1 }}
    # 0440: readers of YAML 1.2 take that for decimal.
    defaultMode: 288
{{- end -}}

{{/* A volume that a controller of pods claims: (list "state" .Values.coordinator.storage). */}}
{{- define "sintonia.claim" -}}
- metadata:
    name: {{ index . 0 }}
    labels:
      app.kubernetes.io/part-of: sintonia
  spec:
    accessModes: [ReadWriteOnce]
    {{- with (index . 1).className }}
    storageClassName: {{ . }}
    {{- end }}
    resources:
      requests:
        storage: {{ (index . 1).size }}
{{- end -}}
