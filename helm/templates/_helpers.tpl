{{- define "expense.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "expense.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "expense.labels" -}}
{{ include "expense.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "expense.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "expense.secret" -}}
{{- .Values.secrets.existing | default (include "expense.name" .) -}}
{{- end -}}

{{/* What Pod Security "restricted" asks of a pod, and more of the container below. */}}
{{- define "expense.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "expense.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* The service's environment: all that it reads, in one place for the server and its migration. */}}
{{- define "expense.environment" -}}
- {name: EXPENSE_HOST, value: 0.0.0.0}
{{- if eq .Values.identity.mode "local" }}
- {name: EXPENSE_INSECURE_BIND, value: "true"}
{{- else }}
- {name: EXPENSE_IDENTITY, value: {{ .Values.identity.mode }}}
{{- end }}
{{- if eq .Values.identity.mode "oidc" }}
- {name: EXPENSE_OIDC_ISSUER, value: {{ .Values.identity.issuer | quote }}}
- {name: EXPENSE_OIDC_AUDIENCE, value: {{ .Values.identity.audience | quote }}}
{{- end }}
- {name: EXPENSE_PORT, value: "8000"}
- {name: EXPENSE_WORKERS, value: {{ .Values.workers | quote }}}
- {name: EXPENSE_SHUTDOWN_TIMEOUT, value: {{ .Values.shutdown.requestSeconds | quote }}}
{{- with .Values.ingress.host }}
- {name: EXPENSE_ALLOWED_HOSTS, value: {{ . | quote }}}
{{- end }}
{{- range $name, $value := .Values.settings }}
- {name: EXPENSE_{{ upper $name }}, value: {{ $value | quote }}}
{{- end }}
- name: EXPENSE_DATABASE_URL
  valueFrom: {secretKeyRef: {name: {{ include "expense.secret" . }}, key: database_url}}
- name: EXPENSE_REDIS_URL
  valueFrom: {secretKeyRef: {name: {{ include "expense.secret" . }}, key: redis_url, optional: true}}
{{- end -}}
