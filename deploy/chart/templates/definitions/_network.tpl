{{/* A way to NATS: (list $ PORT...) of the chart's server, or to the port of one outside. */}}
{{- define "sintonia.toNats" -}}
{{- $values := (index . 0).Values -}}
{{- if $values.nats.enabled -}}
- to:
    - podSelector:
        matchLabels:
          app.kubernetes.io/name: nats
  ports:
    {{- range rest . }}
    - port: {{ . }}
    {{- end }}
{{- else -}}
- ports:
    - port: {{ $values.networkPolicies.natsPort }}
{{- end }}
{{- end -}}
