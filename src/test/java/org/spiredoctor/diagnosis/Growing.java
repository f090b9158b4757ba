package org.spiredoctor.diagnosis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.report.JsonReport;
import org.spiredoctor.report.Style;
import org.spiredoctor.report.TextReport;

/** Clusters of any size, and the parts of their diagnosis, each by itself. */
public final class Growing {
  /** Replicas of a deployment. */
  private static final int REPLICAS = 10;

  /** Pods of a namespace. */
  private static final int TEAM = 40;

  private static final Map<String, IntFunction<ClusterScene>> CLUSTERS =
      Map.ofEntries(
          Map.entry("healthy pods", n -> pods(n, "web-")),
          Map.entry("pods without an entry", n -> pods(n, "other-")),
          Map.entry("pods without an owner", n -> pods(n, "other-", Growing::withoutOwner)),
          Map.entry("pods whose label is mistyped", n -> pods(n, "wbe-")),
          Map.entry("pods with two identities", n -> twice(pods(n, "web-"), n)),
          Map.entry("pods that crash", n -> pods(n, "web-", Growing::crashing)),
          Map.entry("pods that wait for a volume", Growing::waiting),
          Map.entry("pods with another directory", n -> pods(n, "web-", Growing::elsewhere)),
          Map.entry("pods without a CSI driver", n -> pods(n, "web-", Growing::csi)),
          Map.entry("pods on nodes without agents", Growing::withoutAgents),
          Map.entry("entries", Growing::entries),
          Map.entry("ClusterSPIFFEIDs", Growing::declarations),
          Map.entry("nodes with agents", n -> nodes(n, true)),
          Map.entry("nodes without agents", n -> nodes(n, false)),
          Map.entry("events", Growing::events),
          Map.entry("log lines", Growing::logLines));

  private Growing() {}

  /** What can grow. */
  public static List<String> kinds() {
    return CLUSTERS.keySet().stream().sorted().toList();
  }

  /** A cluster of a size. */
  public static ClusterScene cluster(String kind, int n) {
    return Objects.requireNonNull(CLUSTERS.get(kind)).apply(n);
  }

  /** The whole way from what was gathered of a cluster of a size to both reports. */
  public static Supplier<String> verdict(String kind, int n) {
    ClusterEvidence gathered = cluster(kind, n).evidence();
    return () -> {
      ClusterEvidence evidence = ClusterEvidence.of(gathered.snapshot(), gathered.query());
      Report report = Diagnosis.examine(new ClusterCase(evidence), Rules.all());
      return TextReport.render(report, new Style(false, true, 80)) + JsonReport.render(report);
    };
  }

  /**
   * The parts of the diagnosis of a cluster of a size, in the order in which they are done.
   *
   * @return pieces of work by name, of which each may need those before it
   */
  public static Map<String, Runnable> parts(String kind, int n) {
    ClusterScene scene = cluster(kind, n);
    ClusterEvidence[] evidence = new ClusterEvidence[1];
    ClusterCase[] cluster = new ClusterCase[1];
    Report[] report = new Report[1];
    Map<String, Runnable> parts = new LinkedHashMap<>();
    parts.put("evidence", () -> evidence[0] = scene.evidence());
    parts.put("case", () -> cluster[0] = new ClusterCase(evidence[0]));
    for (Rule rule : Rules.all()) {
      parts.put(rule.id(), () -> rule.examine(cluster[0]));
    }
    parts.put(
        "report",
        () -> report[0] = Diagnosis.examine(new ClusterCase(scene.evidence()), Rules.all()));
    parts.put("text", () -> TextReport.render(report[0], new Style(false, true, 80)));
    parts.put("JSON", () -> JsonReport.render(report[0]));
    return parts;
  }

  private static ClusterScene pods(int n, String app) {
    return pods(n, app, UnaryOperator.identity());
  }

  private static ClusterScene pods(int n, String app, UnaryOperator<String> changed) {
    ClusterScene scene = ClusterScene.healthy();
    IntStream.rangeClosed(0, n / TEAM)
        .forEach(
            i ->
                scene.object(
                    Kind.NAMESPACE,
                    "{metadata: {name: team-%d}, status: {phase: Active}}".formatted(i)));
    for (int i = 0; i < n; i++) {
      int deployment = i / REPLICAS;
      scene.object(
          Kind.POD,
          changed.apply(
              """
          {metadata: {name: %1$s%2$d-%3$d, namespace: team-%4$d, uid: pod-%3$d,
             labels: {app: %1$s%2$d, pod-template-hash: 7d9f},
             ownerReferences: [{kind: ReplicaSet, name: %1$s%2$d-7d9f, uid: rs-%2$d,
               controller: true}]},
           spec: {nodeName: node-1, serviceAccountName: default,
             containers: [{name: app, image: "web:1",
               env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///spire-socket/api.sock"}],
               volumeMounts: [{name: spire, mountPath: /spire-socket}]}],
             volumes: [{name: spire, hostPath: {path: /run/spire/sockets, type: Directory}}]},
           status: {phase: Running, conditions: [{type: Ready, status: "True"}],
             containerStatuses: [{name: app, image: "web:1", imageID: "web@sha256:aa", ready: true,
               restartCount: 0, state: {running: {startedAt: "2026-01-02T03:00:00Z"}}}]}}
          """
                  .formatted(app, deployment, i, i / TEAM)));
    }
    for (int i = 0; i * REPLICAS < n; i++) {
      scene.object(
          Kind.DEPLOYMENT,
          """
          {metadata: {name: %1$s%2$d, namespace: team-%3$d, uid: deployment-%2$d},
           spec: {replicas: %4$d, template: {metadata: {labels: {app: %1$s%2$d}},
             spec: {containers: [{name: app, image: "web:1"}],
               volumes: [{name: spire, hostPath: {path: /run/spire/sockets, type: Directory}}]}}},
           status: {readyReplicas: %4$d}}
          """
              .formatted(app, i, i * REPLICAS / TEAM, REPLICAS));
    }
    return scene.webEntry(
        IntStream.rangeClosed(0, n / REPLICAS)
            .mapToObj(
                i ->
                    ClusterScene.entry(
                        "web-" + i,
                        ClusterScene.WEB + "-" + i,
                        ClusterScene.ALIAS,
                        "k8s:ns:team-" + i * REPLICAS / TEAM,
                        "k8s:pod-label:app:web-" + i))
            .toArray(Entry[]::new));
  }

  private static String withoutOwner(String pod) {
    return pod.replaceAll("(?s)ownerReferences: .*?]", "").replaceAll(",\\s*},", "},");
  }

  private static String crashing(String pod) {
    return pod.replace("ready: true", "ready: false")
        .replace(
            "state: {running: {startedAt: \"2026-01-02T03:00:00Z\"}}",
            "state: {waiting: {reason: CrashLoopBackOff}},"
                + " lastState: {terminated: {exitCode: 1, reason: Error}}");
  }

  private static String elsewhere(String pod) {
    return pod.replace("path: /run/spire/sockets", "path: /run/spire/socket");
  }

  private static String csi(String pod) {
    return pod.replace(
        "hostPath: {path: /run/spire/sockets, type: Directory}",
        "csi: {driver: csi.spiffe.io, readOnly: true}");
  }

  /** Each deployment is on a node of its own. */
  private static ClusterScene withoutAgents(int n) {
    ClusterScene scene =
        pods(
            n,
            "web-",
            pod ->
                pod.replaceAll("(?s)(name: web-(\\d+)-.*)nodeName: node-1", "$1nodeName: lone-$2"));
    for (int i = 0; i <= n / REPLICAS; i++) {
      scene.object(
          Kind.NODE,
          """
          {metadata: {name: lone-%1$d, uid: lone-%1$d, labels: {kubernetes.io/hostname: lone-%1$d}},
           spec: {}, status: {conditions: [{type: Ready, status: "True"}],
           nodeInfo: {kubeletVersion: v1.34.4}}}
          """
              .formatted(i));
    }
    return scene;
  }

  private static ClusterScene waiting(int n) {
    ClusterScene scene =
        pods(
            n,
            "web-",
            pod ->
                csi(pod)
                    .replace("phase: Running", "phase: Pending")
                    .replace("ready: true", "ready: false")
                    .replace(
                        "state: {running: {startedAt: \"2026-01-02T03:00:00Z\"}}",
                        "state: {waiting: {reason: ContainerCreating}}"));
    for (int i = 0; i < n; i++) {
      scene.event(
          "Pod",
          "team-" + i / TEAM,
          "web-%d-%d".formatted(i / REPLICAS, i),
          "FailedMount",
          "MountVolume.SetUp failed for volume \"spire\" : kubernetes.io/csi: mounter.SetUpAt"
              + " failed to get CSI client: driver name csi.spiffe.io not found in the list of"
              + " registered CSI drivers");
    }
    return scene;
  }

  /** A second entry for each pod. */
  private static ClusterScene twice(ClusterScene scene, int n) {
    return scene.webEntry(
        IntStream.rangeClosed(0, n / REPLICAS)
            .boxed()
            .flatMap(
                i ->
                    Stream.of("", "-too")
                        .map(
                            more ->
                                ClusterScene.entry(
                                    "web-" + i + more,
                                    ClusterScene.WEB + "-" + i + more,
                                    ClusterScene.ALIAS,
                                    "k8s:ns:team-" + i * REPLICAS / TEAM,
                                    "k8s:pod-label:app:web-" + i)))
            .toArray(Entry[]::new));
  }

  /** One for each deployment, of a class that no controller-manager has. */
  private static ClusterScene declarations(int n) {
    ClusterScene scene = pods(n, "other-");
    for (int i = 0; i < n / REPLICAS; i++) {
      scene.object(
          Kind.CLUSTER_SPIFFE_ID,
          """
          {metadata: {name: other-%1$d}, spec: {className: none,
             podSelector: {matchLabels: {app: other-%1$d}},
             spiffeIDTemplate: 'spiffe://{{ .TrustDomain }}/other-%1$d'},
           status: {stats: {podsSelected: 10}}}
          """
              .formatted(i));
    }
    return scene;
  }

  private static ClusterScene entries(int n) {
    return ClusterScene.healthy()
        .webEntry(
            IntStream.range(0, n)
                .mapToObj(
                    i ->
                        ClusterScene.entry(
                            "other-" + i,
                            ClusterScene.WEB + "/" + i,
                            ClusterScene.ALIAS,
                            "k8s:ns:team-" + i / TEAM,
                            "k8s:pod-label:app:wob-" + i))
                .toArray(Entry[]::new));
  }

  private static ClusterScene nodes(int n, boolean agents) {
    ClusterScene scene = ClusterScene.healthy();
    Agent[] attested = new Agent[agents ? n : 0];
    for (int i = 0; i < n; i++) {
      String node = "many-" + i;
      scene.object(
          Kind.NODE,
          """
          {metadata: {name: %1$s, uid: uid-%1$s, labels: {kubernetes.io/hostname: %1$s}},
           spec: {}, status: {conditions: [{type: Ready, status: "True"}],
           nodeInfo: {kubeletVersion: v1.34.4}}}
          """
              .formatted(node));
      if (agents) {
        scene.object(
            Kind.POD,
            """
            {metadata: {name: spire-agent-%1$s, namespace: spire-system, uid: agent-%1$s,
               labels: {app: spire-agent},
               ownerReferences: [{kind: DaemonSet, name: spire-agent, uid: spire-agent-uid}]},
             spec: {nodeName: %1$s, serviceAccountName: spire-agent, hostPID: true,
               hostNetwork: true,
               containers: [{name: spire-agent, image: "ghcr.io/spiffe/spire-agent:1.15.3",
                 args: [-config, /run/spire/config/agent.conf],
                 volumeMounts: [{name: config, mountPath: /run/spire/config},
                   {name: sockets, mountPath: /run/spire/sockets}]}],
               volumes: [{name: config, configMap: {name: spire-agent}},
                 {name: sockets, hostPath: {path: /run/spire/sockets, type: DirectoryOrCreate}}]},
             status: {phase: Running, conditions: [{type: Ready, status: "True"}],
               containerStatuses: [{name: spire-agent, image: "ghcr.io/spiffe/spire-agent:1.15.3",
                 imageID: "x@sha256:bb", ready: true, restartCount: 0, state: {running: {}}}]}}
            """
                .formatted(node));
        attested[i] =
            ClusterScene.agent(
                "spiffe://example.org/spire/agent/k8s_psat/demo/uid-" + node, node, "uid-" + node);
      }
    }
    return agents ? scene.attested(attested) : scene;
  }

  private static ClusterScene events(int n) {
    ClusterScene scene = pods(n, "other-");
    for (int i = 0; i < n; i++) {
      scene.event(
          "Pod",
          "team-" + i / TEAM,
          "other-%d-%d".formatted(i / REPLICAS, i),
          "BackOff",
          "Back-off restarting failed container app");
    }
    return scene;
  }

  private static ClusterScene logLines(int n) {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < n; i++) {
      log.append(
          "time=\"2026-01-02T03:00:%02dZ\" level=error msg=\"No identity issued\" pid=%d\n"
              .formatted(i % 60, i));
    }
    return ClusterScene.healthy().agentLog(log.toString()).serverLog(log.toString());
  }
}
