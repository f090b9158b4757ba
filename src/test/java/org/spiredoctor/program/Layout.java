package org.spiredoctor.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** SPIRE as others install it; the manifests are in {@code src/test/resources/layouts}. */
enum Layout {
  /** As the tutorial does; its client has the agent's own image. */
  QUICKSTART(
      "spire",
      """
      kubectl -n spire rollout status statefulset/spire-server --timeout=90s
      on() { kubectl -n spire exec spire-server-0 -- /opt/spire/bin/spire-server "$@"; }
      on entry show | grep -q 'sa/spire-agent' || on entry create -node \
        -spiffeID spiffe://example.org/ns/spire/sa/spire-agent \
        -selector k8s_psat:cluster:demo-cluster -selector k8s_psat:agent_ns:spire \
        -selector k8s_psat:agent_sa:spire-agent
      on entry show | grep -q 'sa/default' || on entry create \
        -parentID spiffe://example.org/ns/spire/sa/spire-agent \
        -spiffeID spiffe://example.org/ns/default/sa/default \
        -selector k8s:ns:apps -selector k8s:sa:default
      """,
      "quickstart"),

  /** As the Helm chart does. */
  HARDENED("spire-mgmt", "", "hardened workloads"),

  /** As the operator of OpenShift does: other names, marks and class. */
  OPENSHIFT("zero-trust-workload-identity-manager", "", "hardened workloads") {
    @Override
    String adapted(String file, String manifest) {
      return manifest
          .replace("spire-mgmt-spire", "zero-trust-workload-identity-manager-spire")
          .replace("spire-mgmt", "zero-trust-workload-identity-manager")
          .replace(
              "app.kubernetes.io/managed-by: Helm",
              "app.kubernetes.io/managed-by: zero-trust-workload-identity-manager")
          .replace("app.kubernetes.io/name: server", "app.kubernetes.io/name: spire-server")
          .replace("app.kubernetes.io/name: agent", "app.kubernetes.io/name: spire-agent")
          .replace("app.kubernetes.io/instance: spire", "app.kubernetes.io/instance: cluster")
          .replace("helm.sh/chart: spiffe-csi-driver-0.1.0", "app.kubernetes.io/component: csi")
          // Then the kubelet is not at the agent's own address.
          .replace("hostNetwork: true", "hostNetwork: false")
          .replace(
              "\"skip_kubelet_verification\": true",
              "\"skip_kubelet_verification\": true, \"node_name_env\": \"MY_NODE_NAME\"")
          .replace(
              "args: [-config, /opt/spire/conf/agent/agent.conf]",
              "args: [-config, /opt/spire/conf/agent/agent.conf]\n        env: [{name: MY_NODE_NAME,"
                  + " valueFrom: {fieldRef: {fieldPath: status.hostIP}}}]");
    }
  },

  /** As Istio's sample does: agent and CSI driver share an emptyDir. */
  ISTIO("spire", "", "istio"),

  /** Two servers, of which one is a workload of the other. */
  NESTED(
      "spire-server spire-system",
      """
      on() { kubectl -n spire-server exec "spire-$1-server-0" -- /opt/spire/bin/spire-server entry "${@:2}"; }
      kubectl -n spire-server rollout status statefulset/spire-root-server --timeout=90s
      on root show | grep -q upstream-nodes || {
        on root create -node -spiffeID spiffe://example.org/upstream-nodes \
          -selector k8s_psat:cluster:example-cluster
        on root create -downstream -spiffeID spiffe://example.org/internal-server \
          -parentID spiffe://example.org/upstream-nodes \
          -selector k8s:ns:spire-server -selector k8s:sa:spire-internal-server
      }
      kubectl -n spire-system rollout status daemonset/spire-agent-upstream --timeout=90s
      kubectl apply -f nested-internal.yaml
      kubectl -n spire-server rollout status statefulset/spire-internal-server --timeout=120s
      on internal show | grep -q downstream-nodes || {
        on internal create -node -spiffeID spiffe://example.org/downstream-nodes \
          -selector k8s_psat:cluster:example-cluster
        on internal create -spiffeID spiffe://example.org/web \
          -parentID spiffe://example.org/downstream-nodes -selector k8s:ns:apps -selector k8s:sa:default
      }
      """,
      "nested-root"),

  /**
   * As the Helm chart does, and beside it as the tutorial does, in another trust domain. The second
   * server has an agent of another cluster too, which is not to be seen in this one.
   */
  SEVERAL(
      "spire-mgmt spire",
      """
      kubectl -n spire rollout status statefulset/spire-server --timeout=90s
      on() { kubectl -n spire exec spire-server-0 -c spire-server -- /opt/spire/bin/spire-server "$@"; }
      alias=spiffe://legacy.org/ns/spire/sa/spire-agent
      on entry show | grep -q 'SPIFFE ID *: .*/sa/spire-agent$' || on entry create -node -spiffeID "$alias" \
        -selector k8s_psat:cluster:demo-cluster -selector k8s_psat:agent_ns:spire
      on entry show | grep -q 'SPIFFE ID *: .*/client$' || on entry create -parentID "$alias" \
        -spiffeID spiffe://legacy.org/client -selector k8s:ns:apps -selector k8s:pod-label:app:legacy-client
      on agent list | grep -q k8s_psat/west/ || {
        kubectl apply -f several-west.yaml
        kubectl -n west create secret generic token --from-literal=token="$(kubectl -n west create token \
          spire-agent --audience spire-server --bound-object-kind Pod --bound-object-name token)"
        kubectl -n west wait --for=condition=Ready pod/agent --timeout=60s
        kubectl -n west delete pod --all --force
        kubectl delete node west-node
        kubectl delete namespace west --wait
      }
      west=$(on agent list | sed -n 's/^SPIFFE ID *: //p' | grep k8s_psat/west/)
      on entry show | grep -q west-nodes || {
        on entry create -node -spiffeID spiffe://legacy.org/west-nodes -selector k8s_psat:cluster:west
        on entry create -parentID spiffe://legacy.org/west-nodes -spiffeID spiffe://legacy.org/web \
          -selector k8s:ns:apps -selector k8s:sa:default
        on entry create -parentID "$west" -spiffeID spiffe://legacy.org/billing \
          -selector k8s:ns:apps -selector k8s:pod-label:app:batch
      }
      kubectl -n apps rollout status deployment/batch --timeout=60s
      """,
      "hardened workloads quickstart several") {
    @Override
    String adapted(String file, String manifest) {
      return file.equals("quickstart.yaml") ? second(manifest) : manifest;
    }

    private String second(String quickstart) {
      return quickstart
          .replace("example.org", "legacy.org")
          .replace("app: client", "app: legacy-client")
          .replace("layout-server", "layout-legacy-server")
          .replace("layout-agent", "layout-legacy-agent")
          .replace("@SOCKETS@,", "@SOCKETS@-legacy,")
          .replace(
              "# As the agents name it.",
              "\"west\" = { service_account_allow_list = [\"west:spire-agent\"] }")
          .replace(
              "- {name: spire-data, mountPath: /run/spire/data}",
              "- {name: spire-data, mountPath: /run/spire/data}\n        - {name: spire-server-socket,"
                  + " mountPath: /tmp/spire-server/private}\n      - {name: spire-controller-manager,"
                  + " image: 'spire-controller-manager:lab',"
                  + " args: [--config=/config/controller-manager-config.yaml],"
                  + " env: [{name: ENABLE_WEBHOOKS, value: 'false'}],"
                  + " readinessProbe: {httpGet: {path: /readyz, port: 8083}, periodSeconds: 2},"
                  + " volumeMounts: [{name: spire-server-socket, mountPath: /spire-server},"
                  + " {name: controller-manager-config, mountPath: /config}]}")
          .replace(
              "- {name: spire-config, configMap: {name: spire-server}}",
              "- {name: spire-config, configMap: {name: spire-server}}\n      - {name:"
                  + " spire-server-socket, emptyDir: {}}\n      - {name: controller-manager-config,"
                  + " configMap: {name: spire-controller-manager}}");
    }
  };

  /** The newest of the lab. */
  private static final String NEWEST = "1.15.3";

  private final String namespaces;
  private final String entries;
  private final String manifests;

  Layout(String namespaces, String entries, String manifests) {
    this.namespaces = namespaces;
    this.entries = entries;
    this.manifests = manifests;
  }

  /** A manifest with what this layout has otherwise. */
  String adapted(String file, String manifest) {
    return manifest;
  }

  /** Where its agents have their socket on the node. */
  static String sockets(RealCluster cluster) {
    return cluster.directory().resolve("layout").toString();
  }

  /** Puts it there, or makes it whole again. */
  void install(RealCluster cluster) {
    Path directory = write(cluster);
    cluster.sh(
        """
        cd '%s'
        for name in %s; do kubectl apply -f "$name.yaml"; done
        %s
        """
            .formatted(directory, manifests, entries));
  }

  /** Takes it away; a CSI driver last, since pods that have its volumes do not end without it. */
  void remove(RealCluster cluster) {
    cluster.sh(
        """
        kubectl -n apps delete deployment,pod --all --now --wait
        kubectl -n apps delete configmap helper --ignore-not-found
        kubectl delete clusterspiffeids --all
        for namespace in %s; do kubectl delete namespace "$namespace" --wait; done
        kubectl delete persistentvolume layout-data --ignore-not-found
        kubectl delete clusterrole,clusterrolebinding --ignore-not-found \
          layout-server layout-agent layout-legacy-server layout-legacy-agent layout-legacy-manager
        kubectl delete csidriver upstream.csi.spiffe.io csi.spiffe.io --ignore-not-found
        rm -rf '%s-data'
        """
            .formatted(namespaces, sockets(cluster)));
  }

  private Path write(RealCluster cluster) {
    Path directory = cluster.directory().resolve("layouts").resolve(name());
    try {
      Files.createDirectories(directory);
      try (var all = Files.newDirectoryStream(Path.of("src/test/resources/layouts"), "*.yaml")) {
        for (Path file : all) {
          String name = file.getFileName().toString();
          Files.writeString(
              directory.resolve(name),
              adapted(name, Files.readString(file))
                  .replace(
                      "@SPIRE@", RealCluster.version().isEmpty() ? NEWEST : RealCluster.version())
                  .replace("@SOCKETS@", sockets(cluster)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return directory;
  }
}
