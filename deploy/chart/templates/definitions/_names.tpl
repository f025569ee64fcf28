{{/* Name of an object: (list $ "coordinator"). */}}
{{- define "sintonia.name" -}}
{{- printf "%s%s" (index . 0).Values.namePrefix (index . 1) -}}
{{- end -}}

{{/* Labels of every object. */}}
{{- define "sintonia.labels" -}}
app.kubernetes.io/part-of: sintonia
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Metadata of an object of the namespace: (list $ "environment"). */}}
{{- define "sintonia.metadata" -}}
name: {{ include "sintonia.name" . }}
namespace: {{ (index . 0).Release.Namespace }}
labels:
  {{- include "sintonia.labels" (index . 0) | nindent 2 }}
{{- end -}}

{{/* Reference of an image: (list $ .Values.trainers.image). */}}
{{- define "sintonia.image" -}}
{{- $root := index . 0 -}}
{{- with index . 1 -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $root.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Name of the account of the coordinator; empty if it has none of its own. */}}
{{- define "sintonia.coordinatorAccount" -}}
{{- if or .Values.autoscaling.idleFirst .Values.coordinator.accountAnnotations -}}
{{- include "sintonia.name" (list . "coordinator") -}}
{{- end -}}
{{- end -}}
