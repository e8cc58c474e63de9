{{/* Not empty when a service needs files to speak to Kafka; takes the root. */}}
{{- define "interlock.kafkaFiles" -}}
{{- with .Values.eventLog }}
{{- if eq .kind "kafka" }}{{ .kafka.sasl.mechanism }}{{ and .kafka.tls.enabled .kafka.tls.caSecret | default "" }}{{- end }}
{{- end }}
{{- end }}

{{/* What a pod mounts to be a Kafka user; takes {root, user}. */}}
{{- define "interlock.kafkaSources" -}}
{{- with .root.Values.eventLog.kafka }}
{{- if .sasl.mechanism }}
- secret: { name: {{ $.user }}, items: [{ key: password, path: password }] }
{{- end }}
{{- if and .tls.enabled .tls.caSecret }}
- secret: { name: {{ .tls.caSecret }}, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- end }}
{{- end }}

{{/* Every Kafka user and what it may, as YAML {users: [{name, bytesPerSecond, rights: [{type, name, pattern, operations}]}]}; takes the root. */}}
{{- define "interlock.kafkaUsers" -}}
{{- $full := include "interlock.fullname" . }}
{{- $users := list }}
{{- range $name, $spec := (.Files.Get "files/topology.yaml" | fromYaml).services }}
{{- if has "eventLog" $spec.needs }}
{{- $rights := list (dict "type" "topic" "name" "session.lifecycle.v1" "pattern" "literal" "operations" (list "Write" "Describe")) }}
{{- range $spec.writes }}{{- $rights = append $rights (dict "type" "topic" "name" . "pattern" "literal" "operations" (list "Write" "Describe")) }}{{- end }}
{{- range $group, $topics := $spec.reads }}
{{- $rights = append $rights (dict "type" "group" "name" $group "pattern" "literal" "operations" (list "Read")) }}
{{- range $topics }}{{- $rights = append $rights (dict "type" "topic" "name" . "pattern" "literal" "operations" (list "Read" "Describe")) }}{{- end }}
{{- end }}
{{- range $spec.browses }}{{- $rights = append $rights (dict "type" "topic" "name" . "pattern" "literal" "operations" (list "Read" "Describe")) }}{{- end }}
{{- /* To look into a topic our client makes a group of a random name, and deletes it. */}}
{{- if $spec.browses }}{{- $rights = append $rights (dict "type" "group" "name" "read-" "pattern" "prefix" "operations" (list "Read" "Delete")) }}{{- end }}
{{- $users = append $users (dict "name" (printf "%s-kafka-%s" $full $name) "rights" $rights) }}
{{- end }}
{{- end }}
{{- range .Values.eventLog.kafka.acls.readers }}
{{- $rights := list (dict "type" "group" "name" (printf "%s-" .name) "pattern" "prefix" "operations" (list "Read")) }}
{{- range list "audit.v1" "audit.checkpoints.v1" }}{{- $rights = append $rights (dict "type" "topic" "name" . "pattern" "literal" "operations" (list "Read" "Describe")) }}{{- end }}
{{- $users = append $users (dict "name" .name "bytesPerSecond" (.bytesPerSecond | default 0 | int) "rights" $rights) }}
{{- end }}
{{- dict "users" $users | toYaml }}
{{- end }}
