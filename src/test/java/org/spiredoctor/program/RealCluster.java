package org.spiredoctor.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Kubernetes with a real SPIRE, made by {@code cluster-up} and {@code spire-deploy} on the
 * path; or one that runs already, with {@code -Dspiredoctor.kubeconfig=FILE}: its entries, its
 * agents and the namespace {@code apps} are then changed, and its nodes must see what the tests put
 * into {@code -Dspiredoctor.directory=DIRECTORY} (default: {@code /tmp}).
 */
final class RealCluster {
  private static final String PRELUDE =
      """
      set -eu
      server() {
        kubectl exec -n spire-system spire-server-0 -c spire-server -- /opt/spire/bin/spire-server "$@"
      }
      entry_ids() { server entry show "$@" | sed -n 's/^Entry ID *: //p'; }
      agent_rollout() { kubectl -n spire-system rollout status daemonset/spire-agent --timeout=90s; }
      """;

  /** Marks the suites that wait for a cluster most of their time, so that two can go at once. */
  static final String TAG = "cluster";

  /** What the tests in a cluster need. */
  static final String NEEDED =
      "root, cluster-up and spire-deploy on the PATH, or -Dspiredoctor.kubeconfig";

  private static @Nullable RealCluster shared;

  private final Map<String, String> environment = new HashMap<>();
  private final Path directory;
  private final boolean ours;
  private @Nullable String image;

  private RealCluster(Path directory, boolean ours) {
    this.directory = directory;
    this.ours = ours;
  }

  /** Whether one can be had. */
  static boolean available() {
    return running().isPresent() || (find("cluster-up") && find("spire-deploy") && find("nft"));
  }

  private static Optional<String> running() {
    return Optional.of(System.getProperty("spiredoctor.kubeconfig", "")).filter(f -> !f.isEmpty());
  }

  private static boolean find(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
  }

  /** The one cluster of all tests, started with the first of them and stopped with the process. */
  static synchronized RealCluster shared() throws IOException {
    RealCluster cluster = shared;
    if (cluster == null) {
      cluster =
          start(
              Files.createTempDirectory(
                  Path.of(System.getProperty("spiredoctor.directory", "/tmp")), "sd"));
      shared = cluster;
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::stop));
    }
    return cluster;
  }

  /** The one that {@link RealClusterTest} has started. */
  static synchronized RealCluster cluster() {
    RealCluster cluster = shared;
    if (cluster == null) {
      throw new IllegalStateException("no cluster");
    }
    return cluster;
  }

  private static RealCluster start(Path directory) throws IOException {
    RealCluster cluster = new RealCluster(directory, running().isEmpty());
    if (running().isPresent()) {
      cluster.environment.put("KUBECONFIG", running().get());
    } else {
      cluster.environment.putAll(
          Map.of(
              "K8SLAB_STATE", directory.toString(),
              "K8SLAB_PORT", String.valueOf(freePort()),
              "K8SLAB_CGROUP", String.valueOf(directory.getFileName()),
              // Nodes share the host's /tmp, and there may be another cluster.
              "SPIRELAB_SOCKET", directory + "/agent/public/api.sock",
              "KUBECONFIG", directory.resolve("kubeconfig").toString()));
      cluster.sh("cluster-up --nodes " + System.getProperty("spiredoctor.nodes", "1"));
    }
    cluster.deploy();
    cluster.sh("kubectl create namespace apps --dry-run=client -o yaml | kubectl apply -f -");
    // What asks for an identity as any Go program does.
    cluster.sh(
        "mkdir -p '%1$s/tools' && cp \"$(command -v svid-test)\" '%1$s/tools/'"
            .formatted(directory));
    return cluster;
  }

  /** Whether pods get the socket by the CSI driver: {@code -Dspiredoctor.volume=csi}. */
  static boolean csi() {
    return System.getProperty("spiredoctor.volume", "").equals("csi");
  }

  /** The version of SPIRE that is asked for; empty for the newest. */
  static String version() {
    return System.getenv().getOrDefault("SPIRELAB_VERSION", "");
  }

  /** Whether there are two nodes: {@code -Dspiredoctor.nodes=2}. */
  static boolean twoNodes() {
    return System.getProperty("spiredoctor.nodes", "").equals("2");
  }

  /** Puts SPIRE there, as it should be. */
  void deploy() {
    sh("spire-deploy --alias" + (csi() ? " --csi" : ""));
    // What a controller-manager has left behind, where there was one.
    sh(
        "for kind in $(kubectl api-resources --api-group=spire.spiffe.io -o name); do kubectl delete \"$kind\" --all; done");
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** Where files are that pods on the node see too. */
  Path directory() {
    return directory;
  }

  /** Where agents have their socket on the node. */
  String socketDirectory() {
    return ours ? directory + "/agent/public" : "/tmp/spire-agent/public";
  }

  /** A manifest, with the directories of this cluster. */
  String adapted(String manifest) {
    return manifest
        .replace("@TOOLS@", directory.resolve("tools").toString())
        .replace("/tmp/spire-agent/public", socketDirectory());
  }

  /** What programs need to find the cluster. */
  Map<String, String> environment() {
    return environment;
  }

  /** Runs a script that must succeed; its output. */
  String sh(String script) {
    Done done = run(script, Duration.ofMinutes(5));
    if (done.code() != 0) {
      throw new AssertionError("exit " + done.code() + " of:\n" + script + "\n" + done.output());
    }
    return done.output();
  }

  /**
   * The end of a script.
   *
   * @param output of both streams
   */
  record Done(int code, String output) {}

  /** Runs a script; it may use {@code kubectl}, {@code server} and {@code entry_ids}. */
  Done run(String script, Duration limit) {
    try {
      Path output = Files.createTempFile("script", ".out");
      ProcessBuilder builder = new ProcessBuilder("bash", "-c", PRELUDE + script);
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      Process process = builder.start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      String text = Files.readString(output, UTF_8);
      Files.delete(output);
      return new Done(ended ? process.exitValue() : -1, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** A kubeconfig of the service account of {@code deploy/rbac.yaml}. */
  Path ofTheAccount(Path directory) {
    Path kubeconfig = directory.resolve("kubeconfig");
    sh(
        """
        cp "$KUBECONFIG" '%1$s'
        kubectl --kubeconfig '%1$s' config set-credentials doctor \
          --token="$(kubectl -n spire-system create token spire-doctor)"
        kubectl --kubeconfig '%1$s' config set-context --current --user=doctor
        """
            .formatted(kubeconfig));
    return kubeconfig;
  }

  /** Makes objects of a manifest. */
  void apply(String manifest) {
    try {
      Path file = Files.createTempFile("manifest", ".yaml");
      Files.writeString(file, manifest);
      sh("kubectl apply -f '%s'".formatted(file));
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether pods can have the image of this build. */
  static boolean imageAvailable() {
    return !imageThere().isEmpty() || (Program.hasNative() && find("ctr"));
  }

  /** What is needed for that. */
  static final String IMAGE_NEEDED =
      "a build with -Dnative and a lab's containerd, or -Dspiredoctor.image";

  /** The name of an image that the cluster has already, where the archive cannot be loaded. */
  private static String imageThere() {
    return System.getProperty("spiredoctor.image", "");
  }

  /**
   * Puts the image of this build on every node, once.
   *
   * @return the name that pods find it by, with {@code imagePullPolicy: IfNotPresent}
   */
  synchronized String loadImage() {
    String loaded = image;
    if (loaded == null) {
      loaded =
          imageThere().isEmpty() ? load(Program.target("spire-doctor-image.tar")) : imageThere();
      image = loaded;
    }
    return loaded;
  }

  /** The lab's state is where its kubeconfig is; a second node's is below it. */
  private String load(Path archive) {
    return sh("""
            state=$(dirname "$KUBECONFIG")
            for node in "$state" "$state/node2"; do
              [ ! -S "$node/containerd.sock" ] ||
                ctr --address "$node/containerd.sock" --namespace k8s.io images import '%1$s' >&2
            done
            [ -S "$state/containerd.sock" ]
            tar xOf '%1$s' index.json | grep -o 'localhost/spire-doctor:[^"]*'
            """
            .formatted(archive))
        .lines()
        .reduce((_, last) -> last)
        .orElseThrow()
        .strip();
  }

  /** Whether a pod's container really gets its SVID, as a Go program would. */
  boolean served(String namespace, String pod) {
    return run(
                "kubectl exec -n %s %s -c app -- env SVIDTEST_TIMEOUT=5s /tools/svid-test -test.run TestFetchX509SVID"
                    .formatted(namespace, pod),
                Duration.ofSeconds(30))
            .code()
        == 0;
  }

  /** The alias, the entry, and nothing in the namespace. */
  void makeWhole() {
    sh(
        """
        kubectl label namespace apps pod-security.kubernetes.io/enforce- >/dev/null
        kubectl -n apps delete deployment,pod --all --now --wait
        for id in $(entry_ids); do server entry delete -entryID "$id"; done
        server entry create -node -spiffeID spiffe://example.org/spire-agent \
          -selector k8s_psat:cluster:demo -selector k8s_psat:agent_ns:spire-system \
          -selector k8s_psat:agent_sa:spire-agent
        server entry create -spiffeID spiffe://example.org/web \
          -parentID spiffe://example.org/spire-agent \
          -selector k8s:ns:apps -selector k8s:sa:default -selector k8s:pod-label:app:web
        """);
  }

  private void stop() {
    if (ours) {
      sh("cluster-down");
    }
  }

  /** The words of a command line of the program that prints JSON. */
  static List<String> check(String arguments) {
    return Stream.concat(
            Stream.of("check", "-o", "json"),
            Stream.of(arguments.split(" ", -1)).filter(word -> !word.isEmpty()))
        .toList();
  }
}
