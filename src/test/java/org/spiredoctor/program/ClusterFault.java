package org.spiredoctor.program;

import java.util.List;
import java.util.stream.Stream;

/**
 * Something that is broken in a real cluster, and how it is called.
 *
 * @param name for the table
 * @param finding that must come first
 * @param pod the manifest of {@code apps/web}; the good one unless the fault is in it
 * @param inject a script that breaks something, before the pod is made
 * @param afterwards a script that breaks something, once the pod is there
 * @param arguments of {@code check}
 * @param repair what kind of remedy comes first
 * @param spire whether SPIRE has to be deployed anew afterwards
 */
record ClusterFault(
    String name,
    String finding,
    String pod,
    String inject,
    String afterwards,
    String arguments,
    Repair repair,
    boolean spire) {

  /** How the pod gets its SVID again. */
  enum Repair {
    /** The first remedy's command is pasted. */
    COMMAND,
    /** The first remedy's patch is put into the pod's manifest. */
    PATCH,
    /** Nothing has to be done. */
    ITSELF,
    /** What to do is said in words, and only a person can do it. */
    WORDS
  }

  private static final String ID = "spiffe://example.org/web";
  private static final String ALIAS = "spiffe://example.org/spire-agent";
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: apps, labels: {app: web}}
      spec:
        terminationGracePeriodSeconds: 0
        containers:
        - name: app
          image: busybox:lab
          imagePullPolicy: Never
          command: [sleep, "36000"]
          env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///spire-socket/api.sock"}]
          volumeMounts:
          - {name: tools, mountPath: /tools}
          - {name: spire, mountPath: /spire-socket, readOnly: true}
        volumes:
        - {name: tools, hostPath: {path: "@TOOLS@"}}
        - {name: spire, hostPath: {path: /tmp/spire-agent/public, type: Directory}}
      """;

  private static ClusterFault of(String name, String finding) {
    return new ClusterFault(name, finding, POD, "", "", "", Repair.COMMAND, false);
  }

  private static final String HOST_PATH =
      "{name: spire, hostPath: {path: /tmp/spire-agent/public, type: Directory}}";
  private static final String CSI = "{name: spire, csi: {driver: csi.spiffe.io, readOnly: true}}";

  /** The manifest, for a cluster. */
  String pod(RealCluster cluster) {
    return cluster.adapted(pod.replace(HOST_PATH, RealCluster.csi() ? CSI : HOST_PATH));
  }

  /** The faults that can be provoked in the cluster that there is. */
  static Stream<ClusterFault> possible() {
    if (RealCluster.twoNodes()) {
      return Stream.of(ON_SECOND_NODE);
    }
    if (RealCluster.version().matches("1\\.(9|13)\\..*")) {
      // They have no such setting.
      return all().stream().filter(f -> !f.inject.contains("enable_namespace_labels"));
    }
    // With the CSI driver those that are about a hostPath cannot be.
    return RealCluster.csi()
        ? Stream.concat(
            all().stream().filter(f -> f.pod.isEmpty() || f.pod.contains(HOST_PATH)),
            Stream.of(WITHOUT_DRIVER))
        : all().stream();
  }

  private static final ClusterFault ON_SECOND_NODE =
      of("two nodes, no agent on the pod's", "agent-not-on-node")
          .replace("spec:\n", "spec:\n  nodeName: demo-node-2\n")
          .inject(
              daemonSet(
                      """
                      [{"op": "add", "path": "/spec/template/spec/nodeSelector", "value": {"kubernetes.io/hostname": "demo-node"}}]""")
                  + "until [ \"$(kubectl -n spire-system get pods -l app=spire-agent -o name | wc -l)\" = 1 ]; do sleep 0.5; done\n")
          .redeploying();

  private static final ClusterFault WITHOUT_DRIVER =
      of("CSI driver not there", "csi-driver-not-registered")
          .inject(
              daemonSet(
                      """
                      [{"op": "remove", "path": "/spec/template/spec/containers/2"}, {"op": "remove", "path": "/spec/template/spec/containers/1"}]""")
                  + "agent_rollout")
          .repair(Repair.WORDS)
          .redeploying();

  /** A pod that nothing is wrong with. */
  static String goodPod(RealCluster cluster) {
    return of("none", "none").pod(cluster);
  }

  private ClusterFault inject(String script) {
    return new ClusterFault(name, finding, pod, script, afterwards, arguments, repair, spire);
  }

  private ClusterFault afterwards(String script) {
    return new ClusterFault(name, finding, pod, inject, script, arguments, repair, spire);
  }

  private ClusterFault replace(String part, String by) {
    if (!pod.contains(part)) {
      throw new IllegalArgumentException(part);
    }
    return new ClusterFault(
        name, finding, pod.replace(part, by), inject, afterwards, arguments, repair, spire);
  }

  private ClusterFault arguments(String words) {
    return new ClusterFault(name, finding, pod, inject, afterwards, words, repair, spire);
  }

  private ClusterFault repair(Repair how) {
    return new ClusterFault(name, finding, pod, inject, afterwards, arguments, how, spire);
  }

  private ClusterFault redeploying() {
    return new ClusterFault(name, finding, pod, inject, afterwards, arguments, repair, true);
  }

  private static String entry(String... words) {
    return "server entry delete -entryID \"$(entry_ids -spiffeID "
        + ID
        + ")\"\n"
        + (words.length == 0
            ? ""
            : "server entry create -spiffeID " + ID + " " + String.join(" ", words));
  }

  private static String entryWith(String... selectors) {
    return entry("-parentID " + ALIAS + " -selector " + String.join(" -selector ", selectors));
  }

  /** Until then the agent goes on with the entry of before, and the pod that asks is served. */
  private static final String AGENTS_HAVE_IT =
      """
      id=$(entry_ids -spiffeID spiffe://example.org/web)
      for agent in $(kubectl -n spire-system get pods -l app=spire-agent -o name); do
        until kubectl -n spire-system logs "$agent" | grep -q "$id"; do sleep 0.5; done
      done
      """;

  private static String daemonSet(String patch) {
    return "kubectl -n spire-system patch daemonset/spire-agent --type=json -p '" + patch + "'\n";
  }

  private static String configMap(String component, String sed) {
    return "kubectl -n spire-system get configmap spire-%1$s -o yaml | sed '%2$s' | kubectl apply -f -\n"
        .formatted(component, sed);
  }

  private static String service(String patch) {
    return "kubectl -n spire-system patch service spire-server --type=json -p '" + patch + "'\n";
  }

  /** So that the agent has something to attest. */
  private static final String ASK =
      "kubectl exec -n apps web -c app -- env SVIDTEST_TIMEOUT=3s /tools/svid-test -test.run TestFetchX509SVID || true";

  /** With what an earlier repair bound, which SPIRE's manifests do not know. */
  private static String withoutBinding(String... names) {
    return "kubectl delete clusterrolebinding --ignore-not-found " + String.join(" ", names) + "\n";
  }

  private static final String RESTART_AGENT =
      "kubectl -n spire-system delete pod -l app=spire-agent --grace-period=1 --wait\n";

  private static final String INIT =
      """
        initContainers:
        - name: wait
          image: busybox:lab
          imagePullPolicy: Never
          command: ["true"]
          volumeMounts: [{name: spire, mountPath: /spire-socket, readOnly: true}]
      """;

  /** Goes on asking until it has its identity; one that has completed asks for nothing. */
  private static final String ASKING_INIT =
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

  /** Every fault of the suite. */
  static List<ClusterFault> all() {
    String ns = "k8s:ns:apps";
    String sa = "k8s:sa:default";
    String app = "k8s:pod-label:app:web";
    return List.of(
        of("entry missing", "entry-missing").inject(entry()),
        of("label mistyped", "entry-selector-mismatch")
            .inject(entryWith(ns, sa, "k8s:pod-label:app:wbe")),
        of("namespace mistyped", "entry-selector-mismatch")
            .inject(entryWith("k8s:ns:app", sa, app)),
        of("service account mistyped", "entry-selector-mismatch")
            .inject(entryWith(ns, "k8s:sa:defualt", app)),
        of("two entries of one hint", "entry-hint-duplicate")
            .inject(
                """
                server entry update -entryID "$(entry_ids -spiffeID spiffe://example.org/web)" \
                  -spiffeID spiffe://example.org/web -parentID spiffe://example.org/spire-agent \
                  -selector k8s:ns:apps -selector k8s:sa:default -selector k8s:pod-label:app:web \
                  -hint same
                server entry create -spiffeID spiffe://example.org/all \
                  -parentID spiffe://example.org/spire-agent -selector k8s:ns:apps -hint same
                """)
            .arguments("--strict"),
        of("another user than the entry wants", "entry-selector-mismatch")
            .replace("  containers:\n", "  securityContext: {runAsUser: 1000}\n  containers:\n")
            .inject(entryWith(ns, sa, app, "unix:uid:0")),
        of("parent is a slip of the alias's name", "entry-parent-alias-missing")
            .inject(
                entry(
                    "-parentID spiffe://example.org/spire-agnet",
                    "-selector " + ns + " -selector " + sa + " -selector " + app)),
        of("parent alias missing", "entry-parent-alias-missing")
            .inject("server entry delete -entryID \"$(entry_ids -spiffeID " + ALIAS + ")\""),
        of("alias names another cluster", "entry-parent-alias-missing")
            .inject(
                "server entry delete -entryID \"$(entry_ids -spiffeID "
                    + ALIAS
                    + ")\"\nserver entry create -node -spiffeID "
                    + ALIAS
                    + " -selector k8s_psat:cluster:production"),
        of("parent is an agent that is gone", "entry-parent-unknown")
            .inject(
                entry(
                    "-parentID spiffe://example.org/spire/agent/k8s_psat/demo/0000-gone",
                    "-selector " + ns + " -selector " + sa + " -selector " + app)),
        of("entry expired", "entry-expired")
            .inject(
                entry(
                    "-parentID " + ALIAS + " -entryExpiry $(($(date +%s) + 3))",
                    "-selector " + ns + " -selector " + sa + " -selector " + app)),
        of("entry for the app, asked by the init container", "entry-container-scoped")
            .replace("  containers:\n", ASKING_INIT + "  containers:\n")
            .inject(entryWith(ns, sa, "k8s:container-name:app") + "\n" + AGENTS_HAVE_IT),
        of("an init container more than the entry counts", "entry-image-count-changed")
            .replace("  containers:\n", INIT + "  containers:\n")
            .inject(entryWith(ns, sa, app, "k8s:pod-init-image-count:0")),
        of("agent kept off the node by a nodeSelector", "agent-not-on-node")
            .inject(
                daemonSet(
                        """
                        [{"op": "add", "path": "/spec/template/spec/nodeSelector", "value": {"role": "edge"}}]""")
                    + "until [ -z \"$(kubectl -n spire-system get pods -l app=spire-agent -o name)\" ]; do sleep 0.5; done")
            .redeploying(),
        of("agent's configuration broken", "agent-config-invalid")
            .inject(configMap("agent", "s/trust_domain = .*/trust_domain = /") + RESTART_AGENT)
            .repair(Repair.WORDS)
            .redeploying(),
        of("agent evicted", "agent-not-attested")
            // It attests again within seconds: it is evicted until it was seen.
            .afterwards(
                "(for i in 1 2 3 4 5 6; do server agent evict -spiffeID \"$(server agent list | sed -n 's/^SPIFFE ID *: //p')\" || true; done) >/dev/null 2>&1 &")
            .repair(Repair.ITSELF)
            .redeploying(),
        of("agent banned", "agent-banned")
            .afterwards(
                "server agent ban -spiffeID \"$(server agent list | sed -n 's/^SPIFFE ID *: //p')\"")
            .redeploying(),
        of("audience of the agent's token wrong", "agent-psat-rejected")
            .inject(
                "server agent evict -spiffeID \"$(server agent list | sed -n 's/^SPIFFE ID *: //p')\"\n"
                    // By its name: with the CSI driver there are more volumes.
                    + "kubectl -n spire-system patch daemonset/spire-agent -p"
                    + " '{\"spec\":{\"template\":{\"spec\":{\"volumes\":[{\"name\":\"spire-token\","
                    + "\"projected\":{\"sources\":[{\"serviceAccountToken\":{\"path\":\"spire-agent\","
                    + "\"expirationSeconds\":7200,\"audience\":\"other\"}}]}}]}}}}'")
            .redeploying(),
        of("agent's service account not allowed", "agent-psat-rejected")
            .inject(
                configMap("server", "s/spire-system:spire-agent/spire-system:agents/")
                    + "kubectl -n spire-system rollout restart statefulset/spire-server\n"
                    + "kubectl -n spire-system rollout status statefulset/spire-server --timeout=60s\n"
                    + "server agent evict -spiffeID \"$(server agent list | sed -n 's/^SPIFFE ID *: //p')\" || true\n"
                    + RESTART_AGENT)
            .repair(Repair.WORDS)
            .redeploying(),
        of("server scaled to nothing", "server-not-found")
            .inject(
                "kubectl -n spire-system scale statefulset/spire-server --replicas=0\n"
                    + "kubectl -n spire-system wait --for=delete pod/spire-server-0 --timeout=60s || true")
            .redeploying(),
        of("another trust domain than asked", "trust-domain-mismatch")
            .arguments("--trust-domain other.org")
            .repair(Repair.WORDS),
        of("no socket volume", "pod-socket-not-mounted")
            .replace("    - {name: spire, mountPath: /spire-socket, readOnly: true}\n", "")
            .replace(
                "  - {name: spire, hostPath: {path: /tmp/spire-agent/public, type: Directory}}\n",
                "")
            .repair(Repair.PATCH),
        of("hostPath to another directory", "pod-socket-path-mismatch")
            .replace(
                "{path: /tmp/spire-agent/public, type: Directory}",
                "{path: /tmp/spire-agent/publik, type: DirectoryOrCreate}")
            .repair(Repair.PATCH),
        of("mountPath and variable disagree", "pod-socket-path-mismatch")
            .replace("unix:///spire-socket/api.sock", "unix:///run/spire/api.sock")
            .repair(Repair.PATCH),
        of("address without its scheme", "socket-address-invalid")
            .replace("unix:///spire-socket/api.sock", "/spire-socket/api.sock")
            .repair(Repair.PATCH),
        of("no address at all", "socket-not-configured")
            .replace(
                "    env: [{name: SPIFFE_ENDPOINT_SOCKET, value: \"unix:///spire-socket/api.sock\"}]\n",
                "")
            .replace("[sleep, \"36000\"]", "[/tools/svid-test, -test.v]")
            .repair(Repair.WORDS),
        of("script that waits for a socket of another name", "pod-socket-path-mismatch")
            .replace(
                "  containers:\n",
                INIT.replace(
                        "\"true\"",
                        "sh, -c, \"until [ -S /spire-socket/agent.sock ]; do sleep 1; done\"")
                    + "  containers:\n")
            .repair(Repair.WORDS),
        of("hostPath of the wrong type", "volume-type-mismatch")
            .replace(
                "{path: /tmp/spire-agent/public, type: Directory}",
                "{path: /tmp/spire-agent/public, type: Socket}")
            .repair(Repair.PATCH),
        of("config map of the pod missing", "pod-not-started")
            .replace("    env: [", "    envFrom: [{configMapRef: {name: settings}}]\n    env: [")
            .repair(Repair.WORDS),
        of("agents may not read the labels of namespaces", "attestor-k8s-failed")
            .inject(
                configMap(
                        "agent",
                        "s/skip_kubelet_verification = true/&\\n          enable_namespace_labels = true/")
                    + RESTART_AGENT)
            .afterwards(ASK)
            .redeploying(),
        of("socket file mounted, agent restarted since", "socket-file-mounted")
            .replace("mountPath: /spire-socket,", "mountPath: /spire-socket/api.sock,")
            .replace(
                "{path: /tmp/spire-agent/public, type: Directory}",
                "{path: /tmp/spire-agent/public/api.sock, type: Socket}")
            .afterwards(RESTART_AGENT + "agent_rollout")
            .repair(Repair.PATCH),
        of("entry that the controller-manager deletes", "entry-owned-by-controller")
            .inject(
                "spire-deploy --alias --controller-manager" + (RealCluster.csi() ? " --csi" : ""))
            .redeploying(),
        of("kubelet refuses the agent", "kubelet-forbidden")
            .inject(
                withoutBinding("spire-agent-cluster-role-binding", "spire-agent-kubelet")
                    + RESTART_AGENT)
            .afterwards(ASK)
            .redeploying(),
        of("agent without hostPID", "agent-without-host-pid")
            .inject(
                daemonSet(
                        """
                        [{"op": "remove", "path": "/spec/template/spec/hostPID"}]""")
                    + "agent_rollout")
            .redeploying(),
        of("server's Service deleted", "server-service-broken")
            .inject("kubectl -n spire-system delete service spire-server\n" + RESTART_AGENT)
            .redeploying(),
        of("server's Service selects nothing", "server-service-broken")
            .inject(
                service(
                        """
                        [{"op": "replace", "path": "/spec/selector", "value": {"app": "spire-srv"}}]""")
                    + RESTART_AGENT)
            .redeploying(),
        of("server's Service leads to another port", "server-service-broken")
            .inject(
                service(
                        """
                        [{"op": "replace", "path": "/spec/ports/0/targetPort", "value": 9999}]""")
                    + RESTART_AGENT)
            .redeploying(),
        of("server's address mistyped in the agents", "agent-server-unreachable")
            .inject(
                configMap("agent", "s/server_address = .*/server_address = \"spire-srver\"/")
                    + RESTART_AGENT)
            .redeploying(),
        of("server's port wrong in the agents", "agent-server-unreachable")
            .inject(
                configMap("agent", "s/server_port = .*/server_port = \"9081\"/") + RESTART_AGENT)
            .redeploying(),
        of("trust domain wrong in the agents", "trust-domain-mismatch")
            .inject(
                configMap("agent", "s/trust_domain = .*/trust_domain = \"other.org\"/")
                    + RESTART_AGENT)
            .redeploying(),
        of("agents' socket in no volume", "agent-socket-not-shared")
            .inject(
                configMap("agent", "s#socket_path = .*#socket_path = \"/run/elsewhere/api.sock\"#")
                    + RESTART_AGENT
                    + "agent_rollout")
            .redeploying(),
        of("k8s attestor not loaded", "attestor-k8s-missing")
            .inject(
                configMap("agent", "/WorkloadAttestor \"k8s\"/,/^      }/d")
                    + RESTART_AGENT
                    + "agent_rollout")
            .redeploying(),
        of("agents' right to ask the kubelet lost, nothing asked yet", "kubelet-forbidden")
            .inject(withoutBinding("spire-agent-cluster-role-binding", "spire-agent-kubelet"))
            .redeploying(),
        of("kubelet's port wrong in the agents", "kubelet-unreachable")
            .inject(
                configMap(
                        "agent",
                        "s/skip_kubelet_verification = true/&\\n          kubelet_secure_port = 10299/")
                    + RESTART_AGENT)
            .afterwards(ASK)
            .redeploying(),
        of("agents' service account deleted", "agent-not-on-node")
            .inject("kubectl -n spire-system delete serviceaccount spire-agent\n" + RESTART_AGENT)
            .redeploying(),
        of("agents' service account is the default", "agent-psat-rejected")
            .inject(
                "kubectl -n spire-system patch daemonset/spire-agent -p"
                    + " '{\"spec\":{\"template\":{\"spec\":{\"serviceAccountName\":\"default\","
                    + "\"serviceAccount\":\"default\"}}}}'")
            .redeploying(),
        of("token volume gone from the agents", "agent-psat-rejected")
            .inject(
                "kubectl -n spire-system patch daemonset/spire-agent -p"
                    + " '{\"spec\":{\"template\":{\"spec\":{\"volumes\":[{\"name\":\"spire-token\","
                    + "\"$patch\":\"delete\"}],\"containers\":[{\"name\":\"spire-agent\","
                    + "\"volumeMounts\":[{\"mountPath\":\"/var/run/secrets/tokens\","
                    + "\"$patch\":\"delete\"}]}]}}}}'")
            .redeploying(),
        of("cluster named otherwise in the agents", "agent-psat-rejected")
            .inject(configMap("agent", "s/cluster = .*/cluster = \"production\"/") + RESTART_AGENT)
            .redeploying(),
        of("server may not review tokens", "agent-psat-rejected")
            .inject(
                withoutBinding(
                        "spire-server-cluster-role-binding",
                        "spire-server-token-review",
                        "spire-server-pods-nodes")
                    + "server agent evict -spiffeID \"$(server agent list | sed -n 's/^SPIFFE ID *: //p')\"\n"
                    + RESTART_AGENT)
            .redeploying(),
        of("server may not publish its bundle", "server-bundle-not-published")
            .inject(
                "kubectl -n spire-system delete rolebinding spire-server-role-binding spire-server-bundle --ignore-not-found\n"
                    + "kubectl -n spire-system delete pod spire-server-0 --grace-period=1 --wait")
            .redeploying(),
        of("bundle looked for under another name", "agent-trust-bundle-mismatch")
            .inject(configMap("agent", "s#bundle/bundle.crt#bundle/nope.crt#") + RESTART_AGENT)
            .redeploying(),
        of("server's database where there is no directory", "server-datastore-failed")
            .inject(
                configMap("server", "s#/run/spire/data/datastore#/nowhere/datastore#")
                    + "kubectl -n spire-system delete pod spire-server-0 --grace-period=1 --wait")
            .repair(Repair.WORDS)
            .redeploying(),
        of("server's image that cannot be pulled", "server-not-ready")
            .inject(
                "kubectl -n spire-system set image statefulset/spire-server spire-server=spire-server:9.9.9\n"
                    + "until kubectl -n spire-system get pod spire-server-0 -o yaml | grep -q 9.9.9; do sleep 0.5; done")
            .repair(Repair.WORDS)
            .redeploying(),
        of("server's port taken by its own health check", "port-taken")
            .inject(
                configMap("server", "s/bind_port = \"8081\"/bind_port = \"8080\"/")
                    + "kubectl -n spire-system delete pod spire-server-0 --grace-period=1 --wait")
            .repair(Repair.WORDS)
            .redeploying(),
        of("hostPath forbidden by PodSecurity", "volume-forbidden-by-policy")
            .inject(
                """
                kubectl label namespace apps pod-security.kubernetes.io/enforce=baseline
                kubectl -n apps create deployment web --image=busybox:lab --replicas=0
                kubectl -n apps patch deployment web -p '{"spec":{"replicas":1,"template":{"spec":{"volumes":[{"name":"spire","hostPath":{"path":"/tmp/spire-agent/public"}}]}}}}'
                """)
            .replace(POD, "")
            .arguments("-n apps -l app=web")
            .repair(Repair.WORDS),
        of("image that cannot be pulled", "pod-image-not-pulled")
            .replace("image: busybox:lab", "image: busibox:lab")
            .repair(Repair.WORDS),
        of("init container that fails", "pod-init-failed")
            .replace("  containers:\n", INIT.replace("\"true\"", "\"false\"") + "  containers:\n")
            .repair(Repair.WORDS));
  }

  @Override
  public String toString() {
    return name;
  }
}
