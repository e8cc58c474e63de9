{{/* The container that opens keys, beside the vault's shell; takes {root, name, spec, values, image}. */}}
{{- define "interlock.signerCore.container" -}}
{{- /* Values kept from an older chart do not have them. */}}
{{- $resources := (.values.signerCore | default dict).resources | default (dict "cpu" "500m" "memory" "256Mi") -}}
- name: signer-core
  image: {{ include "interlock.image" . }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  command: [node, dist/services/vault/src/core-main.js]
  env:
    {{- include "interlock.signerCore.environment" . | nindent 4 }}
    - { name: NODE_OPTIONS, value: "--max-old-space-size={{ include "interlock.heap" $resources.memory }}" }
  securityContext:
    {{- include "interlock.containerSecurity" .root | nindent 4 }}
    runAsUser: {{ include "interlock.signerCore.user" . }}
    runAsGroup: {{ include "interlock.signerCore.user" . }}
  # The socket is there as soon as somebody listens on it.
  startupProbe:
    exec: { command: [test, -S, {{ include "interlock.signerCore.socket" . }}] }
    periodSeconds: 5
    timeoutSeconds: 5
    failureThreshold: 60
  # Not more than that: the pod is not ready while this is not, and DISARM needs no core.
  readinessProbe:
    exec: { command: [test, -S, {{ include "interlock.signerCore.socket" . }}] }
    periodSeconds: 10
    timeoutSeconds: 5
  # It answers. Seldom, as the asking costs what a short run of Node costs.
  livenessProbe:
    exec: { command: [node, dist/services/vault/src/core-probe.js] }
    periodSeconds: 30
    timeoutSeconds: 15
    failureThreshold: 3
    # One that hangs does not hear SIGTERM.
    terminationGracePeriodSeconds: 1
  resources:
    requests: {{- toYaml $resources | nindent 6 }}
    limits: {{- toYaml $resources | nindent 6 }}
  volumeMounts:
    - { name: core-socket, mountPath: /run/interlock }
    - { name: core-secrets, mountPath: /var/run/secrets/interlock, readOnly: true }
    - { name: deployment, mountPath: /etc/interlock/deployment, readOnly: true }
    {{- if (.values.environment | default dict).INTERLOCK_SERVICE }}
    # `skaffold dev` brings changed sources into every container of the image.
    - { name: core-tmp, mountPath: /tmp }
    {{- end }}
{{- end }}

{{/* Its volumes; takes {root, name, spec, values}. */}}
{{- define "interlock.signerCore.volumes" -}}
- { name: core-socket, emptyDir: { medium: Memory, sizeLimit: 1Mi } }
{{- if (.values.environment | default dict).INTERLOCK_SERVICE }}
- { name: core-tmp, emptyDir: { medium: Memory, sizeLimit: 16Mi } }
{{- end }}
- name: core-secrets
  projected:
    # Of the pod's group; no other container mounts it.
    defaultMode: 0440
    sources:
      - secret:
          name: {{ default (include "interlock.secret" .) .root.Values.custody.kekSecret }}
          items: {{- range .spec.core }}
            - { key: {{ . }}, path: {{ . }} }
          {{- end }}
      - secret: { name: {{ include "interlock.fullname" .root }}-trust, items: [{ key: trust.json, path: trust.json }] }
{{- end }}
