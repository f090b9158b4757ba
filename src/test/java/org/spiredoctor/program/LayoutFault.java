package org.spiredoctor.program;

import java.util.List;

/**
 * What goes wrong in a layout, and how it is called.
 *
 * @param name for the table
 * @param inject a script that breaks it; {@code @SOCKETS@} is the agents' directory
 * @param finding that must come first
 * @param says what its sentence holds
 * @param arguments of {@code check}
 * @param words a script that does what the remedy says in words; empty where its first command is
 *     pasted
 * @param afterwards what a person has to do besides, such as making pods anew
 * @param quick whether it is tried with every change, and not in the matrix only
 */
record LayoutFault(
    Layout layout,
    String name,
    String inject,
    String finding,
    String says,
    String arguments,
    String words,
    String afterwards,
    boolean quick) {

  private static final String PAYMENTS =
      """
      kubectl apply -f - <<END
      apiVersion: spire.spiffe.io/v1alpha1
      kind: ClusterSPIFFEID
      metadata: {name: payments}
      spec:
        spiffeIDTemplate: "spiffe://{{ .TrustDomain }}/payments/{{ .PodMeta.Name }}"
        %s
      END
      """;

  /** The program of each of two servers, and the SPIFFE ID of an attested agent. */
  private static final String SERVERS =
      """
      on() { kubectl -n "$1" exec spire-server-0 -c spire-server -- /opt/spire/bin/spire-server "${@:2}"; }
      agent() { on "$1" agent list | sed -n 's/^SPIFFE ID *: //p' | grep "/$2/"; }
      remove() { on spire entry delete -entryID "$(on spire entry show -spiffeID "$1" | sed -n 's/^Entry ID *: //p')"; }
      """;

  private static LayoutFault of(Layout layout, String name, String inject, String finding) {
    return new LayoutFault(layout, name, inject, finding, "", "", "", "", false);
  }

  private LayoutFault saying(String text) {
    return new LayoutFault(
        layout, name, inject, finding, text, arguments, words, afterwards, quick);
  }

  private LayoutFault asking(String what) {
    return new LayoutFault(layout, name, inject, finding, says, what, words, afterwards, quick);
  }

  private LayoutFault repairedBy(String script) {
    return new LayoutFault(
        layout, name, inject, finding, says, arguments, script, afterwards, quick);
  }

  private LayoutFault then(String script) {
    return new LayoutFault(layout, name, inject, finding, says, arguments, words, script, quick);
  }

  private LayoutFault always() {
    return new LayoutFault(layout, name, inject, finding, says, arguments, words, afterwards, true);
  }

  /** All of them, layout by layout. */
  static List<LayoutFault> all() {
    return List.of(
        of(
                Layout.QUICKSTART,
                "node alias missing",
                """
                on() { kubectl -n spire exec spire-server-0 -- /opt/spire/bin/spire-server "$@"; }
                on entry delete -entryID "$(on entry show -parentID spiffe://example.org/spire/server |
                  sed -n 's/^Entry ID *: //p')"
                """,
                "entry-parent-alias-missing")
            .always(),
        of(
                Layout.QUICKSTART,
                "client told of another socket",
                """
                kubectl -n apps patch deployment client --type=json -p '[{"op":"replace",
                  "path":"/spec/template/spec/containers/0/args/3","value":"/run/spire/sockets/api.sock"}]'
                kubectl -n apps rollout status deployment/client --timeout=60s
                """,
                "pod-socket-path-mismatch")
            .saying("/run/spire/sockets/api.sock")
            .repairedBy("true"),
        of(
                Layout.HARDENED,
                "CSI driver has another directory than the agents",
                """
                kubectl -n spire-mgmt patch daemonset spire-spiffe-csi-driver -p \
                  '{"spec":{"template":{"spec":{"volumes":[{"name":"spire-agent-socket-dir","hostPath":{"path":"@SOCKETS@-else"}}]}}}}'
                kubectl -n spire-mgmt rollout status daemonset/spire-spiffe-csi-driver --timeout=90s
                kubectl -n apps delete pod --all --now --wait
                kubectl apply -f workloads.yaml
                """,
                "csi-directory-mismatch")
            .saying("-else, but the agents")
            .then(
                """
                kubectl -n spire-mgmt rollout status daemonset/spire-spiffe-csi-driver --timeout=90s
                kubectl -n apps delete pod --all --now --wait
                """)
            .always(),
        of(
                Layout.HARDENED,
                "ClusterSPIFFEID without a class, and a fallback",
                PAYMENTS.formatted("podSelector: {matchLabels: {app: web}}"),
                "identity-fallback")
            .saying("spiffe://example.org/ns/apps/sa/default")
            .always(),
        of(
                Layout.HARDENED,
                "podSelector mistyped, and a fallback",
                PAYMENTS.formatted(
                    "className: spire-mgmt-spire\n  podSelector: {matchLabels: {app: wbe}}"),
                "identity-fallback")
            .saying("which wants app=wbe")
            .asking("apps/web --spiffe-id spiffe://example.org/payments/web")
            .always(),
        of(
                Layout.HARDENED,
                "label of the podSelector missing, and no fallback",
                "kubectl delete clusterspiffeid spire-mgmt-spire-default\n"
                    + PAYMENTS.formatted(
                        "className: spire-mgmt-spire\n"
                            + "  podSelector: {matchLabels: {app: web, spiffe.io/managed: \"true\"}}"),
                "cluster-spiffe-id-mismatch")
            .saying("wants spiffe.io/managed=true")
            .asking("apps/web")
            .repairedBy("kubectl -n apps label pod web spiffe.io/managed=true"),
        of(
                Layout.HARDENED,
                "a helper's file names another socket",
                """
                kubectl -n apps patch configmap helper --type=merge -p \
                  '{"data":{"helper.conf":"agent_address = \\"/spiffe-workload-api/agent.sock\\""}}'
                """,
                "pod-socket-path-mismatch")
            .saying("The config map helper says /spiffe-workload-api/agent.sock")
            .repairedBy("true"),
        of(
                Layout.ISTIO,
                "agent's pod replaced, its socket in an emptyDir",
                """
                kubectl -n spire delete pod -l app=spire-agent --now --wait
                kubectl -n spire rollout status daemonset/spire-agent --timeout=90s
                """,
                "csi-mount-stale")
            .always(),
        of(
                Layout.ISTIO,
                "label of the podSelector missing",
                """
                kubectl -n apps patch deployment sleep --type=json -p \
                  '[{"op":"remove","path":"/spec/template/metadata/labels/spiffe.io~1spire-managed-identity"}]'
                kubectl -n apps rollout status deployment/sleep --timeout=60s
                """,
                "cluster-spiffe-id-mismatch")
            .saying("spiffe.io/spire-managed-identity")
            .repairedBy("true"),
        of(
                Layout.OPENSHIFT,
                "ClusterSPIFFEID without a class, and a fallback",
                PAYMENTS.formatted("podSelector: {matchLabels: {app: web}}"),
                "identity-fallback")
            .saying("spiffe://example.org/ns/apps/sa/default"),
        of(
                Layout.NESTED,
                "the lower CSI driver has the directory of no agent",
                """
                kubectl -n spire-system patch daemonset spire-spiffe-csi-driver-downstream -p \
                  '{"spec":{"template":{"spec":{"volumes":[{"name":"spire-agent-socket-dir","hostPath":{"path":"@SOCKETS@-else"}}]}}}}'
                kubectl -n spire-system rollout status daemonset/spire-spiffe-csi-driver-downstream --timeout=90s
                kubectl -n apps delete pod --all --now --wait
                kubectl apply -f nested-internal.yaml -l app=web
                """,
                "csi-directory-mismatch")
            .saying("-else, but the agents")
            .repairedBy("kubectl apply -f nested-internal.yaml")
            .then("kubectl -n apps delete pod --all --now --wait"),
        of(
                Layout.SEVERAL,
                "entry on the other one's server",
                SERVERS
                    + """
                    remove spiffe://legacy.org/client
                    on spire-mgmt entry create -spiffeID spiffe://example.org/client \
                      -parentID "$(agent spire-mgmt example-cluster)" \
                      -selector k8s:ns:apps -selector k8s:pod-label:app:legacy-client
                    """,
                "entry-missing")
            .asking("deploy/client -n apps --spiffe-id spiffe://legacy.org/client")
            .saying("on the server of StatefulSet spire-mgmt/spire-server of example.org")
            .then(
                """
                kubectl -n spire-mgmt exec spire-server-0 -c spire-server -- \
                  /opt/spire/bin/spire-server entry show -spiffeID spiffe://example.org/client |
                  sed -n 's/^Entry ID *: //p' | xargs kubectl -n spire-mgmt exec spire-server-0 \
                  -c spire-server -- /opt/spire/bin/spire-server entry delete -entryID
                """),
        of(
                Layout.SEVERAL,
                "entry below the agent of another cluster",
                SERVERS
                    + """
                    remove spiffe://legacy.org/client
                    on spire entry create -spiffeID spiffe://legacy.org/client \
                      -parentID "$(agent spire west)" \
                      -selector k8s:ns:apps -selector k8s:pod-label:app:legacy-client
                    """,
                "entry-missing")
            .asking("deploy/client -n apps --spiffe-id spiffe://legacy.org/client")
            .saying("its parent leads to agents of another cluster only"),
        of(
                Layout.SEVERAL,
                "class of the other one's controller-manager",
                PAYMENTS.formatted(
                    "className: spire-legacy\n  podSelector: {matchLabels: {app: web}}"),
                "identity-fallback")
            .saying("makes entries on the server of StatefulSet spire/spire-server of legacy.org"),
        of(
                Layout.SEVERAL,
                "address of the other one's socket",
                """
                kubectl -n apps set env deployment/batch \
                  SPIFFE_ENDPOINT_SOCKET=unix:///run/spire/sockets/spire-agent.sock
                kubectl -n apps rollout status deployment/batch --timeout=60s
                """,
                "identity-fallback")
            .saying("not that of ClusterSPIFFEID legacy-batch")
            .repairedBy(
                """
                kubectl -n apps set env deployment/batch \
                  SPIFFE_ENDPOINT_SOCKET=unix:///run/spire/legacy/agent.sock
                kubectl -n apps rollout status deployment/batch --timeout=60s
                """));
  }
}
