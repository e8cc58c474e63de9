{{- define "interlock.fullname" -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{/* Labels of everything; takes {root, name}. */}}
{{- define "interlock.labels" -}}
{{ include "interlock.selector" . }}
app.kubernetes.io/part-of: interlock
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* Labels of pods: nothing that changes with the chart's version, or every upgrade would restart lifeline. Takes {root, name}. */}}
{{- define "interlock.podLabels" -}}
{{ include "interlock.selector" . }}
app.kubernetes.io/part-of: interlock
{{- end }}

{{/* Labels that select one service's pods; takes {root, name}. */}}
{{- define "interlock.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{/* Image of a service or of the tools; takes {root, name, image}. */}}
{{- define "interlock.image" -}}
{{- if .image }}{{ .image }}
{{- else }}
{{- with .root.Values.image }}
{{- if .registry }}{{ .registry }}/{{ end }}{{ .repository }}/{{ $.name }}:{{ default $.root.Chart.AppVersion .tag }}
{{- end }}
{{- end }}
{{- end }}

{{/* Name of a service's Secret; takes {root, name}. */}}
{{- define "interlock.secret" -}}
{{- $own := (index .root.Values.services .name | default dict).secret }}
{{- default (printf "%s-%s" (include "interlock.fullname" .root) .name) $own }}
{{- end }}

{{/* Keys of a service's Secret, as JSON; takes {root, spec}. */}}
{{- define "interlock.secretKeys" -}}
{{- $keys := concat (values .spec.files) (values (default dict .spec.core)) }}
{{- if .root.Values.custody.kekSecret }}{{- $keys = without $keys "kek.json" }}{{- end }}
{{- sortAlpha $keys | toJson }}
{{- end }}

{{- define "interlock.priorityClass" -}}
{{- $prefix := default (include "interlock.fullname" .root) .root.Values.priorityClasses.prefix }}
{{- printf "%s-%s" $prefix (lower .tier) }}
{{- end }}

{{- define "interlock.deploymentConfigMap" -}}
{{- default (printf "%s-deployment" (include "interlock.fullname" .)) .Values.chain.deployment.configMap }}
{{- end }}

{{/* Security of every pod, as the restricted standard wants it. */}}
{{- define "interlock.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "interlock.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* User of signer-core: another one than the shell's, whose group it is in by way of the pod's fsGroup. */}}
{{- define "interlock.signerCore.user" -}}10002{{- end }}
{{/* Its socket, in a folder of its own on a volume that both containers mount. */}}
{{- define "interlock.signerCore.socket" -}}/run/interlock/core/signer.sock{{- end }}

{{/* Where a pod may run, and who may pull its image; takes the root, or its Values with tolerations in place of theirs. */}}
{{- define "interlock.placement" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .Values.pods.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with default .Values.pods.tolerations .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
