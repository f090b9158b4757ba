package org.spiredoctor.program;

/** Parts of the scripts that break something. */
final class FaultScripts {
  static final String ID = "spiffe://example.org/web";

  static final String ALIAS = "spiffe://example.org/spire-agent";

  /** Until then the agent goes on with the entry of before, and the pod that asks is served. */
  static final String AGENTS_HAVE_IT =
      """
      id=$(entry_ids -spiffeID spiffe://example.org/web)
      for agent in $(kubectl -n spire-system get pods -l app=spire-agent -o name); do
        until kubectl -n spire-system logs "$agent" | grep -q "$id"; do sleep 0.5; done
      done
      """;

  /** So that the agent has something to attest. */
  static final String ASK =
      "kubectl exec -n apps web -c app -- env SVIDTEST_TIMEOUT=3s /tools/svid-test -test.run TestFetchX509SVID || true";

  static final String RESTART_AGENT =
      "kubectl -n spire-system delete pod -l app=spire-agent --grace-period=1 --wait\n";

  static final String INIT =
      """
        initContainers:
        - name: wait
          image: busybox:lab
          imagePullPolicy: Never
          command: ["true"]
          volumeMounts: [{name: spire, mountPath: /spire-socket, readOnly: true}]
      """;

  /** Goes on asking until it has its identity; one that has completed asks for nothing. */
  static final String ASKING_INIT =
      """
        initContainers:
        - name: wait
          image: busybox:lab
          imagePullPolicy: Never
          command: [sh, -c, "until /tools/svid-test -test.run TestFetchX509SVID; do sleep 1; done"]
          env:
          - {name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///spire-socket/api.sock"}
          - {name: SVIDTEST_TIMEOUT, value: 3s}
          volumeMounts:
          - {name: tools, mountPath: /tools}
          - {name: spire, mountPath: /spire-socket, readOnly: true}
      """;

  private FaultScripts() {}

  static String entry(String... words) {
    return "server entry delete -entryID \"$(entry_ids -spiffeID "
        + ID
        + ")\"\n"
        + (words.length == 0
            ? ""
            : "server entry create -spiffeID " + ID + " " + String.join(" ", words));
  }

  static String entryWith(String... selectors) {
    return entry("-parentID " + ALIAS + " -selector " + String.join(" -selector ", selectors));
  }

  static String daemonSet(String patch) {
    return "kubectl -n spire-system patch daemonset/spire-agent --type=json -p '" + patch + "'\n";
  }

  static String configMap(String component, String sed) {
    return "kubectl -n spire-system get configmap spire-%1$s -o yaml | sed '%2$s' | kubectl apply -f -\n"
        .formatted(component, sed);
  }

  static String service(String patch) {
    return "kubectl -n spire-system patch service spire-server --type=json -p '" + patch + "'\n";
  }

  /** With what an earlier repair bound, which SPIRE's manifests do not know. */
  static String withoutBinding(String... names) {
    return "kubectl delete clusterrolebinding --ignore-not-found " + String.join(" ", names) + "\n";
  }
}
