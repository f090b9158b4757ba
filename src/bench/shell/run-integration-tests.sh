#!/usr/bin/env bash
# What `spire-doctor run` is measured beside: entries by kubectl exec, a pod with two init containers
# that loop in busybox, kubectl cp, kubectl logs. Waits and pauses are those that such scripts have.
# Variables: NS, TRUST_DOMAIN, WORKLOAD_SA, SOCKET_DIR, SHELL_IMAGE (with sh and tar). Argument: the binary.
set -euo pipefail
NS=${NS:-spire-system}
TRUST_DOMAIN=${TRUST_DOMAIN:-example.org}
WORKLOAD_SA=${WORKLOAD_SA:-default}
SOCKET_DIR=${SOCKET_DIR:-/tmp/spire-agent/public}
SHELL_IMAGE=${SHELL_IMAGE:-busybox:stable-musl}
POD=spire-integration-test-sh
BINARY=$1

cleanup() { kubectl delete pod -n "$NS" "$POD" --ignore-not-found --grace-period=0 --force > /dev/null 2>&1; }
trap cleanup EXIT
kubectl delete pod -n "$NS" "$POD" --ignore-not-found > /dev/null

server=$(kubectl get pods -n "$NS" -l app=spire-server -o jsonpath='{.items[0].metadata.name}')
spire() { kubectl exec -n "$NS" "$server" -c spire-server -- /opt/spire/bin/spire-server "$@"; }
kubectl get pods -n "$NS" -l app=spire-agent -o jsonpath='{.items[0].metadata.name}' > /dev/null
spire agent list > /dev/null
for pair in integration-test:spire-integration-test test-client:test-client test-server:test-server; do
  id=spiffe://$TRUST_DOMAIN/${pair%%:*}
  if ! spire entry show -spiffeID "$id" | grep 'Entry ID' > /dev/null; then
    spire entry create -spiffeID "$id" -parentID "spiffe://$TRUST_DOMAIN/spire-agent" -selector "k8s:ns:$NS" \
      -selector "k8s:sa:$WORKLOAD_SA" -selector "k8s:pod-label:app:${pair#*:}" > /dev/null
  fi
done

kubectl apply -f - > /dev/null << YAML
apiVersion: v1
kind: Pod
metadata:
  name: $POD
  namespace: $NS
  labels: {app: spire-integration-test, role: ci-test, security: distroless}
spec:
  restartPolicy: Never
  serviceAccountName: $WORKLOAD_SA
  initContainers:
    - name: wait-for-socket
      image: $SHELL_IMAGE
      imagePullPolicy: IfNotPresent
      command:
        - sh
        - -c
        - |
          waited=0
          until [ -S /spire-socket/api.sock ]; do
            [ \$waited -lt 120 ] || exit 1
            sleep 2
            waited=\$((waited + 2))
          done
          sleep 5
      volumeMounts: [{name: spire-socket, mountPath: /spire-socket, readOnly: true}]
    - name: setup
      image: $SHELL_IMAGE
      imagePullPolicy: IfNotPresent
      command: [sh, -c, 'until [ -f /tests/ready ]; do sleep 1; done; chmod +x /tests/tests.bin']
      volumeMounts: [{name: tests, mountPath: /tests}]
  containers:
    - name: test
      image: $SHELL_IMAGE
      imagePullPolicy: IfNotPresent
      command: [/tests/tests.bin, -test.v]
      env:
        - {name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///spire-socket/api.sock"}
        - {name: SPIRE_TRUST_DOMAIN, value: "$TRUST_DOMAIN"}
      volumeMounts:
        - {name: tests, mountPath: /tests}
        - {name: spire-socket, mountPath: /spire-socket, readOnly: true}
  volumes:
    - {name: tests, emptyDir: {}}
    - {name: spire-socket, hostPath: {path: $SOCKET_DIR, type: Directory}}
YAML

state() { kubectl get pod -n "$NS" "$POD" -o jsonpath="{.status.$1[?(@.name==\"$2\")].state}" 2> /dev/null || true; }
for _ in {1..120}; do
  case $(state initContainerStatuses wait-for-socket) in *terminated*) break ;; esac
  sleep 1
done
for _ in {1..60}; do
  case $(state initContainerStatuses setup) in *running*) break ;; esac
  sleep 1
done
kubectl cp "$BINARY" "$NS/$POD:/tests/tests.bin" -c setup > /dev/null
kubectl exec -n "$NS" "$POD" -c setup -- touch /tests/ready
for _ in {1..60}; do
  case $(state containerStatuses test) in *running* | *terminated*) break ;; esac
  sleep 1
done
kubectl logs -n "$NS" "$POD" -c test -f
# The log may be over before the status says so.
for _ in {1..60}; do
  case $(state containerStatuses test) in *terminated*) break ;; esac
  sleep 1
done
exit "$(kubectl get pod -n "$NS" "$POD" -o jsonpath='{.status.containerStatuses[0].state.terminated.exitCode}')"
