{{/* Environment of one service, drawn from the topology; takes {root, name, spec, values}. Plain values only: secrets are files. */}}
{{- define "interlock.environment" -}}
{{- $root := .root }}
{{- $full := include "interlock.fullname" $root }}
{{- $env := dict "LOG_LEVEL" $root.Values.logLevel "HEALTH_HOST" "0.0.0.0" "HEALTH_PORT" "9090" "DEGRADATION_FLOOR_FILE" "/etc/interlock/degradation/floor.json" }}
{{- $_ := set $env "SHUTDOWN_GRACE_MS" (mul 1000 (sub (sub (int $root.Values.pods.terminationGraceSeconds) (int $root.Values.pods.preStopSeconds)) 20) | toString) }}
{{- range $variable, $name := dict "DEGRADATION_CLEAR_MS" "clearSeconds" "DEGRADATION_DWELL_MS" "dwellSeconds" }}
{{- /* Values kept from an older chart do not have them; the services' own default is the same. */}}
{{- if hasKey $root.Values.degradation $name }}{{- $_ := set $env $variable (mul 1000 (int (index $root.Values.degradation $name)) | toString) }}{{- end }}
{{- end }}
{{- with $root.Values.otlpEndpoint }}{{- $_ := set $env "OTEL_EXPORTER_OTLP_ENDPOINT" . }}{{- end }}
{{- if eq .spec.port "grpc" }}{{- $_ := set $env "GRPC_LISTEN" "0.0.0.0:50051" }}
{{- else }}{{- $_ := set $env "HTTP_LISTEN" "0.0.0.0:8080" }}
{{- end }}
{{- if .spec.files }}{{- $_ := set $env "TRUST_FILE" "/var/run/secrets/interlock/trust.json" }}{{- end }}
{{- range $variable, $file := .spec.files }}{{- $_ := set $env $variable (printf "/var/run/secrets/interlock/%s" $file) }}{{- end }}
{{- if has "deployment" .spec.needs }}{{- $_ := set $env "DEPLOYMENT_FILE" "/etc/interlock/deployment/deployment.json" }}{{- end }}
{{- if has "chain" .spec.needs }}
{{- if and $root.Values.chain.rpcSecret.name (ne .name "lifeline") }}{{- $_ := set $env "RPC_URLS_FILE" "/var/run/secrets/interlock-rpc/rpc-urls" }}
{{- else }}{{- $_ := set $env "RPC_URLS" (join "," $root.Values.chain.rpcUrls) }}
{{- end }}
{{- end }}
{{- if has "eventLog" .spec.needs }}
{{- $_ := set $env "EVENT_LOG" $root.Values.eventLog.kind }}
{{- if eq $root.Values.eventLog.kind "kafka" }}
{{- with $root.Values.eventLog.kafka }}
{{- $_ := set $env "KAFKA_BROKERS" (join "," .brokers) }}
{{- if .sasl.mechanism }}
{{- $_ := set $env "KAFKA_MECHANISM" .sasl.mechanism }}
{{- $_ := set $env "KAFKA_USERNAME" (printf "%s-kafka-%s" $full $.name) }}
{{- $_ := set $env "KAFKA_PASSWORD_FILE" "/var/run/secrets/interlock-kafka/password" }}
{{- end }}
{{- if .tls.enabled }}
{{- $_ := set $env "KAFKA_TLS" "true" }}
{{- if .tls.caSecret }}{{- $_ := set $env "KAFKA_CA_FILE" "/var/run/secrets/interlock-kafka/ca.crt" }}{{- end }}
{{- end }}
{{- end }}
{{- else }}{{- $_ := set $env "EVENT_LOG_URL_FILE" "/var/run/secrets/interlock/database-url" }}
{{- end }}
{{- end }}
{{- range .spec.calls }}{{- $_ := set $env (printf "%s_ADDRESS" (upper .)) (printf "dns:///%s-%s:50051" $full .) }}{{- end }}
{{- if .spec.spool }}{{- $_ := set $env "SPOOL_DIR" "/var/lib/interlock/spool" }}{{- end }}
{{- if .spec.watches }}
{{- $urls := list }}
{{- range .spec.watches }}{{- $urls = append $urls (printf "%s=http://%s-%s:9090/status" . $full .) }}{{- end }}
{{- $_ := set $env "STATUS_URLS" (join "," $urls) }}
{{- end }}
{{- if eq .name "auth" }}
{{- $_ := set $env "PUBLIC_ORIGIN" $root.Values.publicOrigin }}
{{- $_ := set $env "LOGIN_ORIGINS" (join "," (prepend $root.Values.loginOrigins $root.Values.publicOrigin | uniq)) }}
{{- end }}
{{- if and (eq .name "audit") $root.Values.auditors.secret }}
{{- $_ := set $env "AUDIT_LISTEN" "0.0.0.0:8090" }}
{{- $_ := set $env "AUDITORS_FILE" "/var/run/secrets/interlock-auditors/auditors.json" }}
{{- end }}
{{- if .spec.core }}{{- $_ := set $env "SIGNER_CORE_SOCKET" (include "interlock.signerCore.socket" .) }}{{- end }}
{{- if eq .name "audit" }}
{{- with $root.Values.audit }}
{{- if .witnessPolicy }}{{- $_ := set $env "WITNESS_POLICY_FILE" "/etc/interlock/witnesses/policy" }}{{- end }}
{{- if .anchor.contract }}
{{- $_ := set $env "ANCHOR_CONTRACT" .anchor.contract }}
{{- $_ := set $env "ANCHOR_EVERY_SECONDS" (toString .anchor.everySeconds) }}
{{- $_ := set $env "ANCHOR_KEY_FILE" "/var/run/secrets/interlock-anchor/anchor.hex" }}
{{- $_ := set $env "ANCHOR_RPC_URLS_FILE" "/var/run/secrets/interlock-anchor/rpc-urls" }}
{{- end }}
{{- if .logVolume.enabled }}{{- $_ := set $env "LOG_FOLDER" "/var/lib/interlock/log" }}{{- end }}
{{- end }}
{{- end }}
{{- if eq .name "gateway" }}{{- $_ := set $env "TRUSTED_PROXIES" (toString $root.Values.trustedProxies) }}{{- end }}
{{- if .values.rpcSecret }}
{{- $_ := set $env "KEYED_RPC_URLS_FILE" "/var/run/secrets/interlock-rpc/rpc-urls" }}
{{- $_ := set $env "SPONSOR_KEY_FILE" "/var/run/secrets/interlock-rpc/sponsor.hex" }}
{{- end }}
{{- range $variable, $value := .values.environment }}{{- $_ := set $env $variable (toString $value) }}{{- end }}
{{- range $variable, $value := $env }}
- { name: {{ $variable }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{/* Environment of signer-core's container, which it has lost when it opens the key ring; takes {root, spec}. */}}
{{- define "interlock.signerCore.environment" -}}
- { name: CUSTODY_MODE, value: {{ .root.Values.custody.mode }} }
- { name: DEPLOYMENT_FILE, value: /etc/interlock/deployment/deployment.json }
{{- range $variable, $file := .spec.core }}
- { name: {{ $variable }}, value: /var/run/secrets/interlock/{{ $file }} }
{{- end }}
- { name: SIGNER_CORE_SOCKET, value: {{ include "interlock.signerCore.socket" . }} }
- { name: TRUST_FILE, value: /var/run/secrets/interlock/trust.json }
{{- end }}

{{/* Bytes of a Kubernetes memory quantity in Mi, for Node's heap: three quarters of the limit; takes the quantity. */}}
{{- define "interlock.heap" -}}
{{- $mebi := 0 }}
{{- if hasSuffix "Gi" . }}{{- $mebi = mul 1024 (trimSuffix "Gi" . | int) }}{{- else }}{{- $mebi = trimSuffix "Mi" . | int }}{{- end }}
{{- div (mul $mebi 5) 8 }}
{{- end }}
