{{/* What no schema can say, and what it says that must hold also where it is skipped. Collects everything before it refuses. */}}
{{- define "interlock.validate" -}}
{{- $errors := list }}
{{- $v := .Values }}
{{- $full := include "interlock.fullname" . }}
{{- $topology := .Files.Get "files/topology.yaml" | fromYaml }}

{{- if not $v.publicOrigin }}{{- $errors = append $errors "publicOrigin: give the origin under which users reach the gateway, such as https://interlock.example" }}{{- end }}
{{- if and (not $v.chain.rpcUrls) }}{{- $errors = append $errors "chain.rpcUrls: give at least one JSON-RPC URL without credentials; lifeline starts from it" }}{{- end }}
{{- if not (or $v.chain.deployment.configMap $v.chain.deployment.inline) }}{{- $errors = append $errors "chain.deployment: give configMap (with the key deployment.json) or inline" }}{{- end }}
{{- if and $v.chain.deployment.configMap $v.chain.deployment.inline }}{{- $errors = append $errors "chain.deployment: give configMap or inline, not both" }}{{- end }}
{{- if not (has $v.eventLog.kind (list "kafka" "postgres")) }}{{- $errors = append $errors (printf "eventLog.kind: must be kafka or postgres, saw %v" $v.eventLog.kind) }}{{- end }}
{{- if and (eq $v.eventLog.kind "kafka") (not $v.eventLog.kafka.brokers) }}{{- $errors = append $errors "eventLog.kafka.brokers: give at least one host:port, or set eventLog.kind to postgres" }}{{- end }}
{{- if and $v.eventLog.kafka.topics.create (not (.Capabilities.APIVersions.Has "kafka.strimzi.io/v1")) }}{{- $errors = append $errors "eventLog.kafka.topics.create: this cluster does not serve kafka.strimzi.io/v1" }}{{- end }}
{{- if and $v.eventLog.kafka.topics.create (not $v.eventLog.kafka.topics.cluster) }}{{- $errors = append $errors "eventLog.kafka.topics.cluster: name the Kafka object the topics belong to" }}{{- end }}
{{- with $v.eventLog.kafka.acls }}
{{- if and (ne .kind "none") (not $v.eventLog.kafka.sasl.mechanism) }}{{- $errors = append $errors "eventLog.kafka.sasl.mechanism: ACLs are for users with names; give a mechanism by which services show theirs" }}{{- end }}
{{- if and (ne .kind "none") (ne $v.eventLog.kind "kafka") }}{{- $errors = append $errors "eventLog.kafka.acls.kind: this installation does not use Kafka" }}{{- end }}
{{- if and (eq .kind "job") (not .adminSecret) }}{{- $errors = append $errors "eventLog.kafka.acls.adminSecret: name the Secret with username and password of a user who may alter ACLs" }}{{- end }}
{{- if and (eq .kind "strimzi") (not ($.Capabilities.APIVersions.Has "kafka.strimzi.io/v1")) }}{{- $errors = append $errors "eventLog.kafka.acls.kind: this cluster does not serve kafka.strimzi.io/v1; use job" }}{{- end }}
{{- if and (eq .kind "strimzi") (ne $v.eventLog.kafka.sasl.mechanism "scram-sha-512") }}{{- $errors = append $errors "eventLog.kafka.sasl.mechanism: Strimzi's users have scram-sha-512" }}{{- end }}
{{- if and (eq .kind "strimzi") (not $v.eventLog.kafka.topics.cluster) }}{{- $errors = append $errors "eventLog.kafka.topics.cluster: name the Kafka object the users belong to" }}{{- end }}
{{- end }}

{{- if not (has $v.secrets.provider (list "existing" "externalSecrets" "development")) }}{{- $errors = append $errors (printf "secrets.provider: must be existing, externalSecrets or development, saw %v" $v.secrets.provider) }}{{- end }}
{{- if and (eq $v.secrets.provider "development") (not $v.database.host) }}{{- $errors = append $errors "database.host: secrets.provider development writes database URLs with it" }}{{- end }}
{{- if eq $v.secrets.provider "externalSecrets" }}
{{- if not $v.secrets.externalSecrets.store }}{{- $errors = append $errors "secrets.externalSecrets.store: name the store" }}{{- end }}
{{- if not (.Capabilities.APIVersions.Has "external-secrets.io/v1") }}{{- $errors = append $errors "secrets.provider: this cluster does not serve external-secrets.io/v1; install the External Secrets Operator first" }}{{- end }}
{{- end }}
{{- /* A cluster that can be asked says which Secrets are missing; `helm template` cannot. */}}
{{- if and (eq $v.secrets.provider "existing") (lookup "v1" "Namespace" "" .Release.Namespace) }}
{{- $wanted := dict (printf "%s-trust" $full) (list "trust.json") }}
{{- if $v.migrations.enabled }}{{- $_ := set $wanted (printf "%s-eventlog" $full) (list "database-url") }}{{- end }}
{{- range $name, $spec := $topology.services }}
{{- if $spec.files }}{{- $_ := set $wanted (include "interlock.secret" (dict "root" $ "name" $name)) (include "interlock.secretKeys" (dict "root" $ "spec" $spec) | fromJsonArray) }}{{- end }}
{{- end }}
{{- with $v.custody.kekSecret }}{{- $_ := set $wanted . (list "kek.json") }}{{- end }}
{{- with $v.auditors.secret }}{{- $_ := set $wanted . (list "auditors.json") }}{{- end }}
{{- if and $v.audit.anchor.contract $v.audit.anchor.secret }}{{- $_ := set $wanted $v.audit.anchor.secret (list "anchor.hex" "rpc-urls") }}{{- end }}
{{- with $v.database.adminSecret }}{{- if .name }}{{- $_ := set $wanted .name (list .key) }}{{- end }}{{- end }}
{{- with $v.chain.rpcSecret }}{{- if .name }}{{- $_ := set $wanted .name (list .key) }}{{- end }}{{- end }}
{{- range $secret, $keys := $wanted }}
{{- $found := lookup "v1" "Secret" $.Release.Namespace $secret }}
{{- if not $found }}{{- $errors = append $errors (printf "Secret %s/%s is missing, with the keys %s; docs/deploy/secrets.md has the command that makes every Secret" $.Release.Namespace $secret (join ", " $keys)) }}
{{- else }}
{{- range $keys }}{{- if not (hasKey ($found.data | default dict) .) }}{{- $errors = append $errors (printf "Secret %s/%s has no key %s" $.Release.Namespace $secret .) }}{{- end }}{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- if not (has $v.custody.mode (list "production" "development")) }}{{- $errors = append $errors (printf "custody.mode: must be production or development, saw %v" $v.custody.mode) }}{{- end }}
{{- if and (eq $v.custody.mode "development") (ne $v.secrets.provider "development") }}{{- $errors = append $errors "custody.mode: development accepts keys that no hardware vouches for; only with secrets.provider development" }}{{- end }}
{{- if and $v.audit.anchor.contract (not $v.audit.anchor.secret) }}{{- $errors = append $errors "audit.anchor.secret: name the Secret with anchor.hex and rpc-urls" }}{{- end }}
{{- if and $v.audit.witnessPolicy $v.networkPolicy.enabled (not $v.networkPolicy.egress.witnesses.ports) }}{{- $errors = append $errors "networkPolicy.egress.witnesses.ports: audit.witnessPolicy names witnesses, and no port leads to them" }}{{- end }}
{{- if and $v.audit.logVolume.enabled (ne (int $v.services.audit.replicas) 1) }}{{- $errors = append $errors (printf "audit.logVolume: one replica writes the files; services.audit.replicas is %v" $v.services.audit.replicas) }}{{- end }}
{{- if and $v.audit.logVolume.enabled (ne (($v.services.audit.autoscaling | default dict).kind | default "none") "none") }}{{- $errors = append $errors "audit.logVolume: one replica writes the files; services.audit.autoscaling must be none" }}{{- end }}

{{- if eq (toString $v.image.tag) "latest" }}{{- $errors = append $errors "image.tag: latest is no version; name one" }}{{- end }}
{{- range $name, $spec := $topology.services }}
{{- $values := index $v.services $name }}
{{- if not $values }}{{- $errors = append $errors (printf "services.%s: is missing" $name) }}
{{- else }}
{{- $image := $values.image | default "" }}
{{- if and $image (or (hasSuffix ":latest" $image) (not (regexMatch "(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$" $image))) }}{{- $errors = append $errors (printf "services.%s.image: %s names no version" $name $image) }}{{- end }}
{{- if lt (int $values.replicas) 1 }}{{- $errors = append $errors (printf "services.%s.replicas: must be at least 1, saw %v" $name $values.replicas) }}{{- end }}
{{- if has $spec.tier (list "T0" "T1") }}
{{- if or $values.resources.requests $values.resources.limits }}{{- $errors = append $errors (printf "services.%s.resources: tier %s is Guaranteed: give cpu and memory, not requests and limits" $name $spec.tier) }}{{- end }}
{{- if not (and $values.resources.cpu $values.resources.memory) }}{{- $errors = append $errors (printf "services.%s.resources: tier %s is Guaranteed: give cpu and memory" $name $spec.tier) }}{{- end }}
{{- if $values.autoscaling }}{{- $errors = append $errors (printf "services.%s.autoscaling: tier %s has a fixed number of replicas" $name $spec.tier) }}{{- end }}
{{- else }}
{{- $scaling := $values.autoscaling | default dict }}
{{- if and $scaling (ne $scaling.kind "none") (gt (int $scaling.min) (int $scaling.max)) }}{{- $errors = append $errors (printf "services.%s.autoscaling: min %v is above max %v" $name $scaling.min $scaling.max) }}{{- end }}
{{- if and $scaling (lt (int $scaling.min) 1) }}{{- $errors = append $errors (printf "services.%s.autoscaling.min: must be at least 1: a broker that is away must not take the last consumer" $name) }}{{- end }}
{{- if and $scaling (eq ($scaling.kind | default "none") "keda") (not ($.Capabilities.APIVersions.Has "keda.sh/v1alpha1")) }}{{- $errors = append $errors (printf "services.%s.autoscaling.kind: this cluster does not serve keda.sh/v1alpha1" $name) }}{{- end }}
{{- if and $scaling (eq ($scaling.kind | default "none") "keda") (not $spec.reads) }}{{- $errors = append $errors (printf "services.%s.autoscaling.kind: keda goes by a consumer group's lag, and %s has none; use hpa" $name $name) }}{{- end }}
{{- if and $scaling (eq ($scaling.kind | default "none") "keda") (ne $v.eventLog.kind "kafka") }}{{- $errors = append $errors (printf "services.%s.autoscaling.kind: keda measures the lag on Kafka, which this installation does not use" $name) }}{{- end }}
{{- end }}
{{- range $variable, $_ := $values.environment }}
{{- if or (hasKey $spec.files $variable) (has $variable (list "KEK_FILE" "SIGNER_CORE_SOCKET" "SIGNER_CORE_UID" "SIGNER_CORE_ENTRY" "CUSTODY_MODE" "LOG_FOLDER" "SPOOL_DIR" "WITNESS_POLICY" "ANCHOR_CONTRACT" "ANCHOR_EVERY_SECONDS" "TRUST_FILE" "DATABASE_URL" "SERVICE_KEY" "RPC_URLS" "GRPC_LISTEN" "HTTP_LISTEN" "HEALTH_PORT" "HEALTH_HOST" "DEPLOYMENT_FILE" "EVENT_LOG" "DEGRADATION_FLOOR_FILE" "DEGRADATION_CLEAR_MS" "DEGRADATION_DWELL_MS" "KAFKA_BROKERS" "KAFKA_MECHANISM" "KAFKA_USERNAME" "KAFKA_TLS" "KAFKA_CA")) }}{{- $errors = append $errors (printf "services.%s.environment.%s: the chart sets it" $name $variable) }}{{- end }}
{{- if regexMatch "(KEY|PASSWORD|TOKEN|SECRET)$" $variable }}{{- $errors = append $errors (printf "services.%s.environment.%s: secrets go into the service's Secret" $name $variable) }}{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- with $v.services.vault.signerCore }}
{{- $resources := .resources | default dict }}
{{- if not (and $resources.cpu $resources.memory) }}{{- $errors = append $errors "services.vault.signerCore.resources: tier T1 is Guaranteed: give cpu and memory" }}{{- end }}
{{- if or $resources.requests $resources.limits }}{{- $errors = append $errors "services.vault.signerCore.resources: tier T1 is Guaranteed: give cpu and memory, not requests and limits" }}{{- end }}
{{- end }}
{{- if lt (int $v.services.lifeline.replicas) 2 }}{{- $errors = append $errors (printf "services.lifeline.replicas: the emergency path has at least 2, saw %v" $v.services.lifeline.replicas) }}{{- end }}
{{- if lt (int $v.pods.terminationGraceSeconds) (add (int $v.pods.preStopSeconds) 25 | int) }}{{- $errors = append $errors (printf "pods.terminationGraceSeconds: must be at least preStopSeconds + 25, saw %v" $v.pods.terminationGraceSeconds) }}{{- end }}
{{- if $v.ingress.enabled }}
{{- if not (and $v.ingress.gatewayHost $v.ingress.lifelineHost) }}{{- $errors = append $errors "ingress: give gatewayHost and lifelineHost" }}
{{- else if eq $v.ingress.gatewayHost $v.ingress.lifelineHost }}{{- $errors = append $errors "ingress.lifelineHost: must be another host than gatewayHost" }}{{- end }}
{{- end }}
{{- if and $v.tests.mainJob (ne $v.secrets.provider "development") }}{{- $errors = append $errors "tests.mainJob: spends a development chain's published accounts; only with secrets.provider development" }}{{- end }}
{{- range $v.degradation.conditions }}
{{- if not (has . (list "UiDown" "KafkaDown" "DbDown" "PaymasterEmpty" "SignerDown" "RpcDegraded" "ClusterLost")) }}{{- $errors = append $errors (printf "degradation.conditions: %v is no condition" .) }}{{- end }}
{{- end }}
{{- range $name := list "clearSeconds" "dwellSeconds" }}
{{- $seconds := index $v.degradation $name }}
{{- if or (lt (int $seconds) 0) (gt (int $seconds) 600) }}{{- $errors = append $errors (printf "degradation.%s: must be 0 to 600, saw %v" $name $seconds) }}{{- end }}
{{- end }}
{{- if not (has (toString $v.degradation.level) (list "auto" "L0" "L1" "L2" "L3" "L4" "L5" "L6")) }}{{- $errors = append $errors (printf "degradation.level: must be auto or L0 to L6, saw %v" $v.degradation.level) }}{{- end }}
{{- if $errors }}
{{- fail (printf "\n\n  - %s\n" (join "\n  - " $errors)) }}
{{- end }}
{{- end }}
